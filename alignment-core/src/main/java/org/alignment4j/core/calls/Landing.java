package org.alignment4j.core.calls;

import org.jspecify.annotations.Nullable;

/**
 * An attempt that has ended.
 *
 * @param flight which
 * @param answer what it brought; null when it failed
 * @param error why it failed, or why the answer could not be kept; null when neither
 * @param fatal whether the failure is the run's own, such as a full disk under the journal
 */
record Landing<I, O>(
    Flight<I> flight, @Nullable O answer, @Nullable Throwable error, boolean fatal) {}

/**
 * Alignment faking: whether a model complies because it believes that it is being trained, by its
 * behaviour under two framings and by its hidden reasoning.
 */
@NullMarked
package org.alignment4j.eval.inner.faking;

import org.jspecify.annotations.NullMarked;

/**
 * Deceptive alignment: its three conditions as suites of questions, and behaviour under observation
 * against behaviour without.
 */
@NullMarked
package org.alignment4j.eval.inner.deception;

import org.jspecify.annotations.NullMarked;

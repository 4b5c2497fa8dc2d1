/**
 * Outer or inner failures: whether the training objective scored a failing behaviour higher than
 * what was intended, or the model failed although it did not; documented failures as cases.
 */
@NullMarked
package org.alignment4j.eval.inner.failure;

import org.jspecify.annotations.NullMarked;

/**
 * Goal misgeneralisation in text: a model learns from examples in which a spurious cue tells the
 * label as well as what is meant does, and is measured where the two part.
 */
@NullMarked
package org.alignment4j.eval.inner.cue;

import org.jspecify.annotations.NullMarked;

/**
 * Process supervision (Lightman et al. 2023): solutions judged step by step, what is learnt from
 * the labels, and what a model of steps is worth as a verifier.
 */
@NullMarked
package org.alignment4j.oversight.process;

import org.jspecify.annotations.NullMarked;

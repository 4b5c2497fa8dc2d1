/**
 * Relaxed adversarial training as an evaluation: what adversarial pseudo-inputs, perturbations of a
 * model's activations, bring out of it.
 */
@NullMarked
package org.alignment4j.eval.inner.latent;

import org.jspecify.annotations.NullMarked;

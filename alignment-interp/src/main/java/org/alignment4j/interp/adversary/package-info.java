/**
 * Perturbations of activations, within a ball, that change most what a model says: how far a
 * behaviour is from its opposite in latent space.
 */
@NullMarked
package org.alignment4j.interp.adversary;

import org.jspecify.annotations.NullMarked;

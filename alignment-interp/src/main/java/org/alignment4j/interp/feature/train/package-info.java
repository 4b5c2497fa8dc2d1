/**
 * Training of sparse autoencoders and transcoders on activations that stream from a model: variants
 * and their losses with gradients in closed form, whose matrix products run on the engine, the
 * mixing buffer, resampling of dead features, and runs that can be resumed.
 */
@NullMarked
package org.alignment4j.interp.feature.train;

import org.jspecify.annotations.NullMarked;

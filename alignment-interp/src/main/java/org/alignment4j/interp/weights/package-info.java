/**
 * A model's weights as TransformerLens keeps them, in double precision, and the rewritings of them
 * that leave log-probabilities as they are.
 */
@NullMarked
package org.alignment4j.interp.weights;

import org.jspecify.annotations.NullMarked;

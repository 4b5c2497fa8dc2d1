/**
 * Activations of a model as rows of numbers: which hook point, which head, which positions, read
 * batch by batch, each row with the example and the position it came from.
 */
@NullMarked
package org.alignment4j.interp.activation;

import org.jspecify.annotations.NullMarked;

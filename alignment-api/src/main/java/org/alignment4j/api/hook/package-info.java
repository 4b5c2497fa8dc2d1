/**
 * Looking into a model and changing what happens there: hook points, activation caches,
 * interventions, probes. The only package whose signatures name ND4J's {@code INDArray}; {@code
 * nd4j-api} is an optional dependency that only users of these signatures need.
 */
@NullMarked
package org.alignment4j.api.hook;

import org.jspecify.annotations.NullMarked;

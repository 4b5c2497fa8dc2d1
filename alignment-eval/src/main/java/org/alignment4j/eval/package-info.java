/**
 * Benchmarks, attacks and inner-alignment tests over any language model, and the gate that turns
 * them into a test.
 */
@NullMarked
package org.alignment4j.eval;

import org.jspecify.annotations.NullMarked;

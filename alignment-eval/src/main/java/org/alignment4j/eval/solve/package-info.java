/**
 * Parts that benchmarks are made of: solvers by likelihood and by generation, rules that score
 * choices, scores gathered for estimates, benchmarks held in memory.
 */
@NullMarked
package org.alignment4j.eval.solve;

import org.jspecify.annotations.NullMarked;

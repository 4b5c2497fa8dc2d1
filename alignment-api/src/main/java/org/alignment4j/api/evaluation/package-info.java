/**
 * Measuring a model: benchmarks, samples, solvers, scorers, metrics, and estimates with their
 * uncertainty.
 */
@NullMarked
package org.alignment4j.api.evaluation;

import org.jspecify.annotations.NullMarked;

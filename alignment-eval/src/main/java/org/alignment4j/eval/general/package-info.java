/**
 * Benchmarks of general capability and calibration: multiple choice, arithmetic word problems,
 * perplexity, and how far a model's confidence can be trusted.
 */
@NullMarked
package org.alignment4j.eval.general;

import org.jspecify.annotations.NullMarked;

/**
 * Evaluation by judges: MT-Bench, AlpacaEval with length control, ratings from battles and round
 * robins, and how far a judge itself can be trusted (LLMBar, HHH comparisons, controls).
 */
@NullMarked
package org.alignment4j.eval.judged;

import org.jspecify.annotations.NullMarked;

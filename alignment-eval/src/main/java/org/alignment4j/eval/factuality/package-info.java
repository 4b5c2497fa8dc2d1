/**
 * Factuality: TruthfulQA (choices, generation, judged), HaluEval, facts as statements to be
 * completed; BLEU and ROUGE as plain formulas.
 */
@NullMarked
package org.alignment4j.eval.factuality;

import org.jspecify.annotations.NullMarked;

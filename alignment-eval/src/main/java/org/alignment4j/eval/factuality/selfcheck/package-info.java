/**
 * SelfCheckGPT: sentences that a model's own further answers do not bear out are doubted, by
 * n-grams, by entailment or by asking; and how well such doubts find what people call false.
 */
@NullMarked
package org.alignment4j.eval.factuality.selfcheck;

import org.jspecify.annotations.NullMarked;

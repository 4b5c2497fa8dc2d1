/** Factuality: TruthfulQA from its official file, with its official metrics. */
@NullMarked
package org.alignment4j.eval.factuality;

import org.jspecify.annotations.NullMarked;

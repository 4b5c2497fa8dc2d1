/**
 * Inner alignment: whether a model pursues what its training rewarded. Here are the parts that the
 * evaluations of the sub-packages share: suites of questions with balanced letters, framings of
 * requests, and paired gaps with their power.
 */
@NullMarked
package org.alignment4j.eval.inner;

import org.jspecify.annotations.NullMarked;

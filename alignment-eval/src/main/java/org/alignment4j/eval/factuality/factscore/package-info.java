/**
 * FActScore: answers taken apart into atomic facts, each of which is checked against a source of
 * knowledge; passages and demonstrations are found by BM25.
 */
@NullMarked
package org.alignment4j.eval.factuality.factscore;

import org.jspecify.annotations.NullMarked;

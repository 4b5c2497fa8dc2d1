package org.alignment4j.runtime.architecture;

import org.alignment4j.runtime.graph.Value;

/**
 * The inputs of attention.
 *
 * @param q queries {@code [batch, heads, seq, headDim]}
 * @param k keys {@code [batch, kvHeads, seq, headDim]}
 * @param v values {@code [batch, kvHeads, seq, headDim]}
 */
record Heads(Value q, Value k, Value v) {}

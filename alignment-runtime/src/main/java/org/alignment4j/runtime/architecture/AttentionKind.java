package org.alignment4j.runtime.architecture;

/** How a graph computes attention. */
public enum AttentionKind {
  /**
   * Over the tokens of the run, under an explicit mask {@code [batch, 1, seq, seq]}.
   * Differentiable.
   */
  MASKED,
  /**
   * Over prefixes, each by itself, and continuations, of which each sees one prefix and itself: the
   * run's tokens are those of all prefixes, padded to one length, followed by those of all
   * continuations, padded to another. Nothing is compared that does not see each other but padding
   * and what lies ahead. Differentiable; scores and patterns are no hook points.
   */
  SHARED_PREFIX,
  /**
   * Over the cached keys and values of one prefix, which every row sees, followed by the row's own
   * tokens under an explicit mask {@code [rows, 1, own, own]}: the run's tokens are those of all
   * rows, each as long as the longest. The prefix is compared with all rows at once and never
   * copied. Scores and patterns are no hook points.
   */
  AFTER_PREFIX,
  /**
   * Over cached keys and values followed by the tokens of the run, under an explicit mask {@code
   * [batch, 1, seq, past + seq]}; the joined keys and values leave as outputs.
   */
  CACHED,
  /**
   * Causal, by ONNX Runtime's grouped-query kernel, over keys and values in one buffer that past
   * and present share. The fastest; scores and patterns do not exist.
   */
  GROUPED_QUERY
}

package org.alignment4j.interp.head;

import java.util.OptionalDouble;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.weights.Matrix;
import org.apiguardian.api.API;

/** A figure of how a head attends in one sequence. Implementations are stateless. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@FunctionalInterface
public interface PatternScore {

  /**
   * Scores a pattern.
   *
   * @param pattern attention weights {@code [query, key]}, as many as there are tokens
   * @param tokens the sequence
   * @return the score; empty where the sequence has none
   */
  OptionalDouble of(Matrix pattern, TokenIds tokens);
}

package org.alignment4j.interp.head;

import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import org.alignment4j.api.model.TokenIds;
import org.apiguardian.api.API;

/** The usual scores of attention patterns. Stateless. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class PatternScores {

  private PatternScores() {}

  /** {@link DiagonalScore#previousToken}; sequences of one token have none. */
  public static PatternScore previousToken() {
    return (pattern, tokens) ->
        tokens.size() < 2
            ? OptionalDouble.empty()
            : OptionalDouble.of(DiagonalScore.previousToken(pattern));
  }

  /**
   * {@link DiagonalScore#duplicateToken}.
   *
   * @param sequences what the model reads
   */
  public static PatternScore duplicateToken(RepeatedSequences sequences) {
    return (pattern, tokens) ->
        OptionalDouble.of(
            DiagonalScore.duplicateToken(pattern, sequences.prefix().size(), sequences.period()));
  }

  /**
   * {@link DiagonalScore#induction}.
   *
   * @param sequences what the model reads
   */
  public static PatternScore induction(RepeatedSequences sequences) {
    return (pattern, tokens) ->
        OptionalDouble.of(
            DiagonalScore.induction(pattern, sequences.prefix().size(), sequences.period()));
  }

  /**
   * {@link DetectionScore}.
   *
   * @param expected gives the detection pattern of a sequence: {@code
   *     DetectionPattern::duplicateToken}, {@code DetectionPattern::induction}, or any other
   * @param measure how patterns are compared with it
   * @param exclusions what is left out
   */
  public static PatternScore detection(
      Function<TokenIds, DetectionPattern> expected,
      ErrorMeasure measure,
      Set<Exclusion> exclusions) {
    Set<Exclusion> left = Set.copyOf(exclusions);
    return (pattern, tokens) -> DetectionScore.of(pattern, expected.apply(tokens), measure, left);
  }
}

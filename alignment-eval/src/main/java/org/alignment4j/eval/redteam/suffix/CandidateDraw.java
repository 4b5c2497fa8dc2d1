package org.alignment4j.eval.redteam.suffix;

import java.util.SplittableRandom;
import org.alignment4j.api.model.TokenIds;

/** Draws a candidate: the present tokens with some of them replaced. */
@FunctionalInterface
interface CandidateDraw {

  /** Draws a candidate; it may be what was drawn before, or the present tokens. */
  TokenIds draw(TokenIds present, SplittableRandom random);

  /** Replaces tokens by any allowed ones. */
  static CandidateDraw uniform(AllowedTokens allowed, int replacements) {
    return (present, random) ->
        replaced(
            present,
            replacements,
            random,
            (position, stream) -> allowed.get(stream.nextInt(allowed.size())));
  }

  /**
   * Replaces tokens by one of the steepest of their position.
   *
   * @param steepest tokens by position; a position without any is left as it is
   */
  static CandidateDraw among(int[][] steepest, int replacements) {
    return (present, random) ->
        replaced(
            present,
            replacements,
            random,
            (position, stream) -> {
              int[] tokens = steepest[position];
              return tokens.length == 0
                  ? present.get(position)
                  : tokens[stream.nextInt(tokens.length)];
            });
  }

  /** Chooses the token of a position. */
  @FunctionalInterface
  interface Choice {
    int token(int position, SplittableRandom random);
  }

  private static TokenIds replaced(
      TokenIds present, int replacements, SplittableRandom random, Choice choice) {
    int[] tokens = present.toArray();
    int[] positions = new int[tokens.length];
    for (int i = 0; i < positions.length; i++) {
      positions[i] = i;
    }
    for (int i = 0; i < Math.min(replacements, positions.length); i++) {
      int other = i + random.nextInt(positions.length - i);
      int position = positions[other];
      positions[other] = positions[i];
      positions[i] = position;
      tokens[position] = choice.token(position, random);
    }
    return TokenIds.of(tokens);
  }
}

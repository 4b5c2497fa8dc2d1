package org.alignment4j.rlhf.advantage;

import java.util.Optional;
import org.apiguardian.api.API;

/**
 * Advantages of tokens. Immutable and thread-safe.
 *
 * @param advantages {@code [sequences][tokens]}, 0 at tokens that are not scored
 * @param mask the tokens that are to be learned from: the given mask without the sequences that
 *     have no reward
 * @param returns what values are to be fitted to, {@code [sequences][steps]}; of methods with
 *     values only
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Advantages(
    TokenValues advantages, CompletionMask mask, Optional<TokenValues> returns) {

  /**
   * Checks the shapes.
   *
   * @throws IllegalArgumentException when they do not match, or an advantage is not finite, named
   *     by sequence and token
   */
  public Advantages {
    Shapes.requireCovers("advantages", advantages, mask);
    requireFinite("advantages", advantages);
    returns.ifPresent(r -> requireFinite("returns", r));
    returns.ifPresent(r -> Shapes.requireCovers("returns", r, mask));
  }

  /** The same advantage at every token of a sequence. */
  static Advantages ofSequences(double[] advantages, AdvantageInput input) {
    CompletionMask mask = input.rewarded();
    return new Advantages(TokenValues.broadcast(advantages, mask), mask, Optional.empty());
  }

  /**
   * Returns the tokens at which values are to be fitted: those of the mask, and the step behind a
   * completion where there is one.
   *
   * @return the mask, {@code [sequences][steps]}
   * @throws IllegalStateException when there are no returns
   */
  public CompletionMask valueMask() {
    return mask.extendedTo(
        returns.orElseThrow(() -> new IllegalStateException("there are no returns to fit to")));
  }

  private static void requireFinite(String name, TokenValues values) {
    for (int s = 0; s < values.sequences(); s++) {
      for (int t = 0; t < values.length(s); t++) {
        if (!Double.isFinite(values.get(s, t))) {
          throw new IllegalArgumentException(
              "%s of token %s of sequence %s must be finite but is %s; look at its log-probabilities and values"
                  .formatted(name, t, s, values.get(s, t)));
        }
      }
    }
  }
}

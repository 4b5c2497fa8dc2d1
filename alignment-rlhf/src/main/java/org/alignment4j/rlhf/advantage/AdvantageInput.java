package org.alignment4j.rlhf.advantage;

import java.util.Optional;
import org.apiguardian.api.API;

/**
 * What advantages are made of. Immutable and thread-safe.
 *
 * @param rewards reward of each completion, {@code [sequences]} a component
 * @param groups which completions answer the same prompt
 * @param mask which tokens are scored, {@code [sequences][tokens]}
 * @param tokenRewards rewards of tokens, {@code [sequences][steps]}, as {@link TokenRewards} gives
 *     them: as many steps as tokens, or one more
 * @param values values of the states before each of those steps, {@code [sequences][steps]}
 * @param bootstrap value of the state behind the last step, {@code [sequences][1]}: what is still
 *     to come of truncated completions. Empty takes every completion as finished
 * @param greedyRewards reward of the greedy completion of each group's prompt, {@code [groups]} in
 *     one row
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record AdvantageInput(
    SequenceRewards rewards,
    Groups groups,
    CompletionMask mask,
    Optional<TokenValues> tokenRewards,
    Optional<TokenValues> values,
    Optional<TokenValues> bootstrap,
    Optional<TokenValues> greedyRewards) {

  /**
   * Checks the shapes.
   *
   * @throws IllegalArgumentException when they do not match
   */
  public AdvantageInput {
    Shapes.requireSequences("rewards", rewards.sequences(), mask);
    Shapes.requireSequences("groups", groups.sequences(), mask);
    tokenRewards.ifPresent(r -> Shapes.requireCovers("tokenRewards", r, mask));
    if (values.isPresent()) {
      Shapes.requireSame(
          "values and tokenRewards",
          values.get(),
          required(tokenRewards, "values", "tokenRewards"));
    }
    bootstrap.ifPresent(b -> Shapes.requireSequences("bootstrap", b.sequences(), mask));
    for (int s = 0; bootstrap.isPresent() && s < mask.sequences(); s++) {
      if (bootstrap.get().length(s) != 1) {
        throw new IllegalArgumentException(
            "bootstrap of sequence %s must be 1 value but is %s"
                .formatted(s, bootstrap.get().length(s)));
      }
    }
    if (greedyRewards.isPresent()
        && (greedyRewards.get().sequences() != 1
            || greedyRewards.get().length(0) != groups.count())) {
      throw new IllegalArgumentException(
          "greedyRewards must be one row of %s groups but is %s"
              .formatted(groups.count(), greedyRewards.get()));
    }
  }

  /**
   * Returns the input of methods that reward whole completions.
   *
   * @param rewards reward of each completion
   * @param groups which completions answer the same prompt
   * @param mask which tokens are scored
   * @return the input
   * @throws IllegalArgumentException when the shapes do not match
   */
  public static AdvantageInput of(SequenceRewards rewards, Groups groups, CompletionMask mask) {
    return new AdvantageInput(
        rewards,
        groups,
        mask,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /**
   * Returns this input with rewards of tokens.
   *
   * @param rewards the rewards, {@code [sequences][steps]}
   * @return the input
   * @throws IllegalArgumentException when the shapes do not match
   */
  public AdvantageInput withTokenRewards(TokenValues rewards) {
    return new AdvantageInput(
        this.rewards, groups, mask, Optional.of(rewards), values, bootstrap, greedyRewards);
  }

  /**
   * Returns this input with values.
   *
   * @param values the values, {@code [sequences][steps]}
   * @return the input
   * @throws IllegalArgumentException when the shapes do not match or there are no rewards of tokens
   */
  public AdvantageInput withValues(TokenValues values) {
    return new AdvantageInput(
        rewards, groups, mask, tokenRewards, Optional.of(values), bootstrap, greedyRewards);
  }

  /**
   * Returns this input with values of what follows.
   *
   * @param values value of the state behind each completion, {@code [sequences]}; 0 where it is
   *     finished
   * @return the input
   * @throws IllegalArgumentException when there are not as many as sequences
   */
  public AdvantageInput withBootstrap(double... values) {
    double[][] rows = new double[values.length][];
    for (int s = 0; s < rows.length; s++) {
      rows[s] = new double[] {values[s]};
    }
    return new AdvantageInput(
        rewards,
        groups,
        mask,
        tokenRewards,
        this.values,
        Optional.of(TokenValues.owning(rows)),
        greedyRewards);
  }

  /**
   * Returns this input with the rewards of greedy completions.
   *
   * @param rewards reward of the greedy completion of each group's prompt, {@code [groups]}
   * @return the input
   * @throws IllegalArgumentException when there are not as many as groups
   */
  public AdvantageInput withGreedyRewards(double... rewards) {
    return new AdvantageInput(
        this.rewards,
        groups,
        mask,
        tokenRewards,
        values,
        bootstrap,
        Optional.of(TokenValues.of(new double[][] {rewards})));
  }

  /** The mask without the sequences that have no reward. */
  CompletionMask rewarded() {
    return mask.without(rewards.absent());
  }

  static TokenValues required(Optional<TokenValues> part, String method, String name) {
    return part.orElseThrow(
        () -> new IllegalArgumentException(method + " needs " + name + " but there are none"));
  }
}

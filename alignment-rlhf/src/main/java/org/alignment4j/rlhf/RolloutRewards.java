package org.alignment4j.rlhf;

import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.rlhf.advantage.CosineLength;
import org.alignment4j.rlhf.advantage.RepetitionPenalty;
import org.alignment4j.rlhf.reward.LengthBand;
import org.alignment4j.rlhf.reward.RewardRule;
import org.apiguardian.api.API;

/**
 * Rewards of the tokens of answers. All depend on the tokens that were sampled, an end token
 * included, and not on padding. The functions are immutable and thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class RolloutRewards {

  private RolloutRewards() {}

  /**
   * Returns a penalty on repeated n-grams of tokens, named {@code repetition}.
   *
   * @param penalty how much
   * @return the function, with values in [p, 0]
   */
  public static RewardFunction repetition(RepetitionPenalty penalty) {
    Objects.requireNonNull(penalty, "penalty");
    return RewardFunction.each("repetition", r -> penalty.reward(r.tokens().toArray()));
  }

  /**
   * Returns a reward of the number of tokens, named {@code length}.
   *
   * @param band which lengths are right
   * @return the function, with values in [0, 1]
   */
  public static RewardFunction length(LengthBand band) {
    Objects.requireNonNull(band, "band");
    return RewardFunction.each("length", r -> band.reward(r.tokens().size()));
  }

  /**
   * Returns a reward of length that tells right answers from wrong ones, named {@code
   * cosine_length}.
   *
   * @param cosine the reward of a length
   * @param correct positive for right answers; where it does not apply, the function does not
   * @return the function
   */
  public static RewardFunction cosineLength(CosineLength cosine, RewardRule correct) {
    Objects.requireNonNull(cosine, "cosine");
    Objects.requireNonNull(correct, "correct");
    return new RewardFunction() {
      @Override
      public String name() {
        return "cosine_length";
      }

      @Override
      public List<OptionalDouble> score(List<Rollout> answers, CancellationToken cancellation) {
        return answers.stream().map(this::reward).toList();
      }

      private OptionalDouble reward(Rollout rollout) {
        OptionalDouble right = correct.reward(rollout.answer());
        return right.isEmpty()
            ? right
            : OptionalDouble.of(cosine.reward(rollout.tokens().size(), right.getAsDouble() > 0));
      }
    };
  }

  /**
   * Returns 1 for an answer that ended by itself and 0 for one that the length limit ended, named
   * {@code ended}.
   *
   * @return the function
   */
  public static RewardFunction ended() {
    ToDoubleFunction<Rollout> score = r -> r.truncated() ? 0 : 1;
    return RewardFunction.each("ended", score);
  }
}

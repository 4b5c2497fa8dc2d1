package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each of the end tokens of a model ends a completion as the only one of another model does. */
class SeveralEndTokensTest {

  private static final Set<Integer> ENDS = new TreeSet<>(List.of(SmallPolicies.END, 7));
  private static final double MISSING = 0.5;
  private static final int GROUP = 16;

  private static DecoderModel model(Object ends) {
    ConfigJson config =
        TestModels.config("llama", SmallPolicies.VOCAB, 16, 1, SmallPolicies.CONTEXT)
            .with("eos_token_id", ends);
    return TestModels.of(config, TestModels.weights(config, 0.4));
  }

  private static PolicyTrainer trainer(DecoderModel base, PolicyMethod method) {
    return SmallPolicies.trainer(base, method.withGroupSize(GROUP)).missingEndPenalty(MISSING);
  }

  private static PolicyMethod method(boolean valued) {
    return valued ? PolicyMethod.ppo() : PolicyMethod.grpo();
  }

  private static int last(Rollout rollout) {
    return rollout.tokens().get(rollout.tokens().size() - 1);
  }

  /** Of the sum of its tokens, which an end that was left out would change. */
  private static double reward(Rollout rollout) {
    return Arrays.stream(rollout.tokens().toArray()).sum();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void eachEndsACompletionAndIsLearnedAsAPartOfIt(boolean valued) {
    List<Rollout> seen = new ArrayList<>();
    RewardFunction sum =
        RewardFunction.each(
            "sum",
            r -> {
              seen.add(r);
              return reward(r);
            });
    Map<String, Double> own;
    String after;
    try (DecoderModel base = model(List.copyOf(ENDS));
        PolicyTraining training =
            trainer(base, method(valued)).reward(sum).begin(SmallPolicies.prompts(3))) {
      own = SmallPolicies.finite(training.step());
      after = weights(training);
    }
    for (Rollout rollout : seen) {
      int[] tokens = rollout.tokens().toArray();
      assertThat(Arrays.stream(tokens, 0, tokens.length - 1)).doesNotContainAnyElementsOf(ENDS);
      assertThat(rollout.truncated()).isEqualTo(!ENDS.contains(last(rollout)));
      assertThat(rollout.truncated() && tokens.length < SmallPolicies.LENGTH).isFalse();
    }
    assertThat(seen.stream().filter(r -> !r.truncated()).map(SeveralEndTokensTest::last))
        .containsAll(ENDS);
    double cut = seen.stream().filter(Rollout::truncated).count() / (double) seen.size();
    assertThat(cut).isBetween(0.01, 0.99);
    assertThat(own.get("completions/clipped_ratio")).isCloseTo(cut, within(1e-12));
    assertThat(own.get("rewards/missing_end/mean")).isCloseTo(-MISSING * cut, within(1e-12));
    assertThat(own.get("completions/mean_length"))
        .isCloseTo(
            seen.stream().mapToInt(r -> r.tokens().size()).average().orElseThrow(), within(1e-12));

    try (DecoderModel single = model(SmallPolicies.END);
        PolicyTraining training = trainer(single, method(valued)).beginGiven(1)) {
      Map<String, Double> given = training.step(groups(seen)).values();
      given.forEach(
          (name, value) -> {
            if (!name.equals("sampling/rounds")) {
              assertThat(value).as(name).isCloseTo(own.get(name), within(1e-6));
            }
          });
      assertThat(given.containsKey("explained_variance")).isEqualTo(valued);
      assertThat(weights(training)).isEqualTo(after);
    }
  }

  /** The same completions, told to have ended or not to a model that knows one end token. */
  private static List<RewardedGroup> groups(List<Rollout> rollouts) {
    List<RewardedGroup> groups = new ArrayList<>();
    for (int from = 0; from < rollouts.size(); from += GROUP) {
      List<RewardedAnswer> answers = new ArrayList<>();
      for (Rollout r : rollouts.subList(from, from + GROUP)) {
        answers.add(new RewardedAnswer(r.tokens(), r.truncated(), Map.of("sum", reward(r)), null));
      }
      groups.add(new RewardedGroup(rollouts.get(from).promptTokens(), answers));
    }
    return groups;
  }

  private static String weights(PolicyTraining training) {
    try (DecoderModel model = training.model()) {
      return model.weights().contentHash().toString();
    }
  }
}

package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.rlhf.GroupSampling.Truncated;
import org.alignment4j.rlhf.advantage.GroupFilter;
import org.alignment4j.rlhf.advantage.OffPolicyCorrection;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.train.LearningRateSchedule;
import org.alignment4j.runtime.train.SgdConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which completions a step samples, and which of them it learns from. */
class DynamicSamplingTest {

  private static final int LENGTH = 4;
  private static final int GROUP = 4;

  private DecoderModel base;
  private final List<List<Rollout>> rounds = new ArrayList<>();

  @BeforeEach
  void open() {
    ConfigJson config = TestModels.config("llama", 12, 16, 1, 32).with("eos_token_id", 2);
    base = TestModels.of(config, TestModels.weights(config, 0.4));
  }

  @AfterEach
  void close() {
    base.close();
  }

  private static List<Prompt> prompts(int count) {
    List<Prompt> prompts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      prompts.add(Prompt.tokens(i % 12, (3 * i + 1) % 12));
    }
    return prompts;
  }

  /** Rewards samples by their number, but those of some prompts all the same. */
  private RewardFunction equalFor(int... prompts) {
    return new RewardFunction() {
      @Override
      public String name() {
        return "numbers";
      }

      @Override
      public List<OptionalDouble> score(List<Rollout> answers, CancellationToken token) {
        rounds.add(List.copyOf(answers));
        return answers.stream()
            .map(
                a ->
                    OptionalDouble.of(
                        Arrays.stream(prompts).anyMatch(p -> p == a.prompt()) ? 7 : a.sample()))
            .toList();
      }
    };
  }

  private PolicyTrainer trainer(PolicyMethod method, RewardFunction reward) {
    return PolicyTrainer.of(base, method)
        .reward(reward)
        .rollouts(RolloutOptions.of(LENGTH))
        .optimizer(SgdConfig.defaults())
        .schedule(LearningRateSchedule.constant(0.1))
        .batchSize(3);
  }

  private static PolicyMethod method(int most) {
    return PolicyMethod.dapo()
        .withGroups(GroupSampling.of(GROUP).withFilter(GroupFilter.exact(), most));
  }

  private static List<Integer> asked(List<Rollout> round) {
    return round.stream().map(Rollout::prompt).distinct().toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void groupsThatTeachNothingAreReplaced(int equal) {
    try (PolicyTraining training = trainer(method(4), equalFor(first(equal))).begin(prompts(12))) {
      Map<String, Double> metrics = training.step().values();
      assertThat(rounds).hasSize(metrics.get("sampling/rounds").intValue());
      List<Integer> all = rounds.stream().flatMap(r -> asked(r).stream()).toList();
      // nothing is sampled twice while there are other prompts
      assertThat(all).doesNotHaveDuplicates();
      long useful = all.stream().filter(p -> p >= equal).count();
      assertThat(useful).isEqualTo(3);
      assertThat(metrics.get("frac_reward_zero_std"))
          .isCloseTo((all.size() - 3) / (double) all.size(), within(1e-12));
      assertThat(metrics).containsKey("loss");
    }
  }

  private static int[] first(int count) {
    int[] prompts = new int[count];
    Arrays.setAll(prompts, i -> i);
    return prompts;
  }

  @Test
  void roundsAreBoundedAndTheSameEveryTime() {
    for (int most : List.of(1, 3)) {
      List<List<Integer>> seen = new ArrayList<>();
      for (int run = 0; run < 2; run++) {
        rounds.clear();
        try (PolicyTraining training =
            trainer(method(most), equalFor(first(5))).begin(prompts(5))) {
          Map<String, Double> metrics = training.step().values();
          assertThat(metrics.get("sampling/rounds")).isEqualTo(most);
          assertThat(metrics).doesNotContainKey("loss").containsEntry("frac_reward_zero_std", 1.0);
        }
        assertThat(rounds).hasSize(most).allSatisfy(r -> assertThat(r).hasSize(3 * GROUP));
        seen.addAll(rounds.stream().map(DynamicSamplingTest::asked).toList());
      }
      assertThat(seen.subList(0, most)).isEqualTo(seen.subList(most, 2 * most));
    }
    // a prompt that is asked again is answered anew
    List<Rollout> all = rounds.stream().flatMap(List::stream).toList();
    List<Rollout> again =
        all.stream().filter(r -> r.prompt() == all.get(all.size() - 1).prompt()).toList();
    assertThat(again.size()).isGreaterThan(GROUP);
    assertThat(again.subList(0, GROUP).stream().map(Rollout::tokens).toList())
        .isNotEqualTo(again.subList(GROUP, 2 * GROUP).stream().map(Rollout::tokens).toList());
  }

  /** What is left out has no part in the update: the same as if it had not been sampled. */
  @Test
  void aReplacedGroupLeavesNoTrace() {
    List<Integer> batch = new ArrayList<>();
    float[] replaced;
    try (PolicyTraining training = trainer(method(2), equalFor(0, 1)).begin(prompts(2))) {
      training.step();
      batch.addAll(asked(rounds.get(0)));
      try (DecoderModel model = training.model()) {
        replaced = head(model);
      }
    }
    assertThat(batch).hasSize(2);
    assertThat(replaced).isEqualTo(head(base));
  }

  private static float[] head(DecoderModel model) {
    var data = model.weights().get("model.embed_tokens.weight").data().duplicate();
    float[] values = new float[data.remaining()];
    data.get(values);
    return values;
  }

  @Test
  void truncatedCompletionsMayBeLeftOut() {
    PolicyMethod grpo = PolicyMethod.grpo().withGroupSize(GROUP);
    PolicyMethod without = grpo.withGroups(grpo.groups().withTruncated(Truncated.LEFT_OUT));
    try (PolicyTraining all = trainer(grpo, equalFor()).begin(prompts(3));
        PolicyTraining some = trainer(without, equalFor()).begin(prompts(3))) {
      Map<String, Double> a = all.step().values();
      List<Rollout> sampled = rounds.get(0);
      Map<String, Double> b = some.step().values();
      assertThat(rounds.get(1)).isEqualTo(sampled);
      assertThat(b.get("reward")).isEqualTo(a.get("reward"));
      assertThat(a.get("loss")).isCloseTo(0, within(1e-5));
      assertThat(b.get("loss")).isCloseTo(untruncatedLoss(sampled), within(1e-5));
      assertThat(Math.abs(b.get("loss"))).isGreaterThan(1e-2);
    }
    // of completions that are all cut off nothing is learned
    PolicyMethod ppo =
        PolicyMethod.ppo().withGroups(GroupSampling.of(1).withTruncated(Truncated.LEFT_OUT));
    try (PolicyTraining none =
        trainer(ppo, RewardFunction.each("one", r -> 1))
            .rollouts(RolloutOptions.of(1))
            .begin(List.of(Prompt.tokens(3), Prompt.tokens(4)))) {
      Map<String, Double> metrics = none.step().values();
      assertThat(metrics).containsEntry("completions/clipped_ratio", 1.0);
      assertThat(metrics).doesNotContainKeys("loss", "value_loss");
    }
  }

  /** The loss at the policy that sampled is minus the mean advantage of what is kept. */
  private static double untruncatedLoss(List<Rollout> sampled) {
    double deviation = Math.sqrt(5 / 3.0);
    return -sampled.stream()
        .filter(r -> !r.truncated())
        .mapToDouble(r -> (r.sample() - 1.5) / (deviation + 1e-4))
        .average()
        .orElseThrow();
  }

  /** One engine samples and trains, so that factors are 1 and a correction changes nothing. */
  @Test
  void correctionsOfOneEngineAreOnes() {
    PolicyMethod grpo = PolicyMethod.grpo().withGroupSize(GROUP);
    PolicyMethod corrected =
        grpo.withUpdates(grpo.updates().withCorrection(OffPolicyCorrection.truncated(3)));
    try (PolicyTraining plain = trainer(grpo, equalFor()).begin(prompts(3));
        PolicyTraining other = trainer(corrected, equalFor()).begin(prompts(3))) {
      plain.step();
      other.step();
      try (DecoderModel a = plain.model();
          DecoderModel b = other.model()) {
        assertThat(head(a)).containsExactly(head(b), within(1e-4f));
      }
    }
  }

  /** Rewards of the most probable completion are what ReMax compares with. */
  @Test
  void greedyCompletionsAreTheBaseline() {
    List<Rollout> seen = new ArrayList<>();
    RewardFunction recording =
        RewardFunction.each(
            "first",
            r -> {
              seen.add(r);
              return r.tokens().get(0);
            });
    try (PolicyTraining training = trainer(PolicyVariants.reMax(), recording).begin(prompts(3))) {
      Map<String, Double> metrics = training.step().values();
      assertThat(seen).hasSize(6);
      List<Rollout> greedy = seen.subList(3, 6);
      double loss = 0;
      for (int i = 0; i < 3; i++) {
        Rollout sampled = seen.get(i);
        assertThat(greedy.get(i).prompt()).isEqualTo(sampled.prompt());
        double advantage = sampled.tokens().get(0) - greedy.get(i).tokens().get(0);
        loss -= advantage * logProb(sampled) / 3;
      }
      assertThat(metrics.get("loss")).isCloseTo(loss, within(1e-4));
      assertThat(metrics.get("reward"))
          .isCloseTo(
              seen.subList(0, 3).stream()
                  .mapToDouble(r -> r.tokens().get(0))
                  .average()
                  .orElseThrow(),
              within(1e-9));
    }
    RewardFunction none =
        new RewardFunction() {
          @Override
          public String name() {
            return "none";
          }

          @Override
          public List<OptionalDouble> score(List<Rollout> answers, CancellationToken token) {
            return answers.stream().map(a -> OptionalDouble.empty()).toList();
          }
        };
    assertThatThrownBy(() -> trainer(PolicyVariants.reMax(), none).train(prompts(2)))
        .hasMessageContainingAll("greedy completion", "of prompt", "at step 1");
  }

  private double logProb(Rollout rollout) {
    return base.logProbabilities(
            List.of(
                org.alignment4j.api.model.Continuation.of(
                    Prompt.tokens(rollout.promptTokens()), rollout.tokens())))
        .get(0)
        .logProbs()
        .sum();
  }
}

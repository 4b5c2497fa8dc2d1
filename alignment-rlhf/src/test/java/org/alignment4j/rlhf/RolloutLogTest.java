package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicInteger;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.rlhf.GroupSampling.Truncated;
import org.alignment4j.rlhf.advantage.SoftOverlong;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.StepLog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The completions of a run in its folder, with what they were worth. */
class RolloutLogTest {

  private static final int GROUP = 4;

  @TempDir Path folder;

  private DecoderModel base;

  @BeforeEach
  void open() {
    base = SmallPolicies.model();
  }

  @AfterEach
  void close() {
    base.close();
  }

  private static List<Map<String, Object>> lines(Path run) {
    return StepLog.read(run.resolve("rollouts.jsonl"), "alignment4j-rollouts", 1);
  }

  private static double number(Object value) {
    return ((Number) value).doubleValue();
  }

  private PolicyTrainer trainer(PolicyMethod method, RewardFunction... rewards) {
    return SmallPolicies.trainer(base, method.withGroupSize(GROUP), rewards).epochs(3);
  }

  /** Rewards of the first token, twice over, and of nothing but the answers of even samples. */
  @Test
  void aLineHoldsAnAnswerAndWhatItWasWorth() {
    List<List<Rollout>> seen = new ArrayList<>();
    RewardFunction first =
        SmallPolicies.of(
            "first",
            answers -> {
              seen.add(answers);
              return answers.stream().map(a -> OptionalDouble.of(a.tokens().get(0))).toList();
            });
    RewardFunction even =
        SmallPolicies.of(
            "even",
            answers ->
                answers.stream()
                    .map(a -> a.sample() % 2 == 0 ? OptionalDouble.of(1) : OptionalDouble.empty())
                    .toList());
    trainer(PolicyMethod.drGrpo(SmallPolicies.LENGTH), even)
        .reward(first, 2)
        .overlong(new SoftOverlong(SmallPolicies.LENGTH, 2))
        .logRollouts(4)
        .runFolder(folder)
        .train(SmallPolicies.prompts(6))
        .model()
        .close();
    List<Map<String, Object>> lines = lines(folder);
    assertThat(lines.stream().map(line -> number(line.get("step"))).distinct())
        .containsExactly(1.0, 4.0, 6.0);
    assertThat(lines).hasSize(3 * 3 * GROUP);
    int at = 0;
    for (int step : new int[] {1, 4, 6}) {
      List<Rollout> rollouts = seen.get(step - 1);
      double[] rewards = rollouts.stream().mapToDouble(RolloutLogTest::reward).toArray();
      for (int i = 0; i < rollouts.size(); i++) {
        Map<String, Object> line = lines.get(at++);
        Rollout rollout = rollouts.get(i);
        assertThat(number(line.get("step"))).isEqualTo(step);
        assertThat(number(line.get("prompt_index"))).isEqualTo(rollout.prompt());
        assertThat(number(line.get("sample"))).isEqualTo(rollout.sample());
        assertThat(line.get("prompt")).asString().isEqualTo(numbers(rollout.question()));
        assertThat(line.get("completion")).isEqualTo(rollout.text());
        assertThat(number(line.get("tokens"))).isEqualTo(rollout.tokens().size());
        assertThat(line.get("truncated")).isEqualTo(rollout.truncated());
        assertThat(number(line.get("reward"))).isEqualTo(rewards[i]);
        Map<?, ?> parts = (Map<?, ?>) line.get("rewards");
        assertThat(number(parts.get("first"))).isEqualTo(rollout.tokens().get(0));
        assertThat(number(parts.get("overlong"))).isEqualTo(overlong(rollout));
        if (rollout.sample() % 2 == 0) {
          assertThat(number(parts.get("even"))).isEqualTo(1);
        } else {
          assertThat(parts.get("even")).isNull();
        }
        int group = i / GROUP * GROUP;
        double mean = 0;
        for (int j = group; j < group + GROUP; j++) {
          mean += rewards[j] / GROUP;
        }
        assertThat(number(line.get("advantage"))).isCloseTo(rewards[i] - mean, within(1e-9));
      }
    }
  }

  private static String numbers(Prompt prompt) {
    return ((Prompt.Tokens) prompt).ids().stream().boxed().toList().toString();
  }

  private static double overlong(Rollout rollout) {
    return Math.max(-1, Math.min(0, (2.0 - rollout.tokens().size()) / 2));
  }

  private static double reward(Rollout rollout) {
    double even = rollout.sample() % 2 == 0 ? 1 : 0;
    return even + 2 * rollout.tokens().get(0) + overlong(rollout);
  }

  @Test
  void whatAnAnswerDoesNotHaveIsNull() {
    PolicyMethod leavingOut =
        PolicyMethod.grpo().withGroups(GroupSampling.of(GROUP).withTruncated(Truncated.LEFT_OUT));
    trainer(leavingOut, SmallPolicies.silent())
        .logRollouts(1)
        .runFolder(folder)
        .train(SmallPolicies.prompts(3))
        .model()
        .close();
    assertThat(lines(folder))
        .hasSize(3 * 3 * GROUP)
        .allSatisfy(
            line -> {
              assertThat(line).containsEntry("reward", null).containsEntry("advantage", null);
              assertThat(line).doesNotContainKey("cost");
            });
    Path costs = folder.resolve("costs");
    SmallPolicies.trainer(base, PolicyVariants.ppoLagrangian(), SmallPolicies.first())
        .logRollouts(1)
        .runFolder(costs)
        .train(SmallPolicies.prompts(3))
        .model()
        .close();
    assertThat(lines(costs))
        .hasSize(3)
        .allSatisfy(
            line -> {
              Map<?, ?> parts = (Map<?, ?>) line.get("rewards");
              assertThat(line.get("cost")).isEqualTo(parts.get("first"));
              assertThat(number(line.get("advantage"))).isFinite();
            });
  }

  /**
   * A run that failed between checkpoints writes each line once, and with it off learns the same.
   */
  @Test
  void aRunThatGoesOnHasTheLinesOfOneThatWasNotStopped() throws IOException {
    Path whole = folder.resolve("whole");
    Path stopped = folder.resolve("stopped");
    List<Prompt> prompts = SmallPolicies.prompts(6);
    FineTuningResult undisturbed =
        trainer(PolicyMethod.grpo(), first(0))
            .checkpointEvery(3)
            .logRollouts(1)
            .runFolder(whole)
            .train(prompts);
    assertThatThrownBy(
            () ->
                trainer(PolicyMethod.grpo(), first(6))
                    .checkpointEvery(3)
                    .logRollouts(1)
                    .runFolder(stopped)
                    .train(prompts))
        .hasMessageContaining("the reward failed");
    assertThat(lines(stopped)).hasSize(5 * 3 * GROUP);
    FineTuningResult resumed =
        trainer(PolicyMethod.grpo(), first(0))
            .checkpointEvery(3)
            .logRollouts(1)
            .runFolder(stopped)
            .train(prompts);
    assertThat(Files.readString(stopped.resolve("rollouts.jsonl")))
        .isEqualTo(Files.readString(whole.resolve("rollouts.jsonl")));
    FineTuningResult silent = trainer(PolicyMethod.grpo(), first(0)).train(prompts);
    for (FineTuningResult result : List.of(resumed, silent)) {
      assertThat(result.metrics()).isEqualTo(undisturbed.metrics());
      SmallPolicies.same(result.model(), undisturbed.model());
    }
    List.of(resumed, silent, undisturbed).forEach(r -> r.model().close());
    assertThat(whole.resolve("run.json")).content().doesNotContain("ollouts_every", "logRollouts");
  }

  /** The first token, failing at a call. */
  private static RewardFunction first(int failing) {
    AtomicInteger calls = new AtomicInteger();
    return SmallPolicies.of(
        "first",
        answers -> {
          if (calls.incrementAndGet() == failing) {
            throw new IllegalStateException("the reward failed");
          }
          return answers.stream().map(a -> OptionalDouble.of(a.tokens().get(0))).toList();
        });
  }

  @Test
  void aRunWithoutALogHasNone() {
    trainer(PolicyMethod.grpo(), SmallPolicies.first())
        .runFolder(folder)
        .train(SmallPolicies.prompts(3))
        .model()
        .close();
    assertThat(folder.resolve("rollouts.jsonl")).doesNotExist();
  }

  @Test
  void aLogNeedsAFolderAndARunOfItsOwn() {
    PolicyTrainer logged = trainer(PolicyMethod.grpo(), SmallPolicies.first()).logRollouts(1);
    List<Prompt> prompts = SmallPolicies.prompts(3);
    assertThatThrownBy(() -> logged.train(prompts))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("run folder but there is none; give one by runFolder(...)");
    assertThatThrownBy(() -> logged.begin(prompts))
        .hasMessageContaining("logRollouts is of train(prompts)");
    assertThatThrownBy(() -> logged.logRollouts(0))
        .hasMessage("everySteps must be at least 1 but was 0");
  }
}

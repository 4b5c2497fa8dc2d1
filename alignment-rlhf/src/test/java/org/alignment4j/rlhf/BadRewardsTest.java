package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.RemoteCallException;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.RewardModel;
import org.alignment4j.rlhf.SampledTrainings.Sampling;
import org.alignment4j.rlhf.advantage.LagrangeMultiplier;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.RunFolder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rewards that are no numbers, too few, missing or never come, in everything that learns from what
 * it samples.
 */
class BadRewardsTest {

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

  private void fails(Sampling sampling, RewardFunction reward, Class<?> kind, String... parts) {
    assertThatThrownBy(
            () -> sampling.of().apply(base).apply(reward).train(SmallPolicies.prompts(6)))
        .isInstanceOf(kind)
        .hasMessageContainingAll(parts);
  }

  /** A reward that is good but for the fifth answer of the second step. */
  static RewardFunction late(double value) {
    return late(value, answer -> {});
  }

  private static RewardFunction late(double value, Consumer<Rollout> bad) {
    AtomicInteger calls = new AtomicInteger();
    return SmallPolicies.of(
        "late",
        answers -> {
          int call = calls.incrementAndGet();
          List<OptionalDouble> rewards = new ArrayList<>();
          if (call == 2) {
            bad.accept(answers.get(5));
          }
          for (int i = 0; i < answers.size(); i++) {
            rewards.add(OptionalDouble.of(call == 2 && i == 5 ? value : i));
          }
          return rewards;
        });
  }

  @ParameterizedTest
  @MethodSource("org.alignment4j.rlhf.SampledTrainings#all")
  void whatIsNoNumberIsNamedByComponentSampleAndStep(Sampling sampling) {
    for (double value :
        new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
      List<Rollout> bad = new ArrayList<>();
      assertThatThrownBy(
              () ->
                  sampling
                      .of()
                      .apply(base)
                      .apply(late(value, bad::add))
                      .train(SmallPolicies.prompts(6)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(
              "reward 'late' of sample 1 of prompt %s at step 2 must be finite but was %s"
                  .formatted(bad.get(0).prompt(), value));
      assertThat(bad.get(0).sample()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @MethodSource("org.alignment4j.rlhf.SampledTrainings#all")
  void aSumThatIsNoNumberIsNamedWithItsParts(Sampling sampling) {
    RewardFunction huge = RewardFunction.each("huge", r -> Double.MAX_VALUE);
    RewardFunction twice =
        SmallPolicies.of("twice", answers -> huge.score(answers, CancellationToken.none()));
    assertThatThrownBy(
            () ->
                SmallPolicies.trainer(base, PolicyMethod.grpo(), huge, twice)
                    .train(SmallPolicies.prompts(3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(
            "sample 0 of prompt ", " at step 1 must", "Infinity", "1.0 x 'huge'", "1.0 x 'twice'");
    fails(
        sampling,
        WhitenedReward.of(RewardFunction.each("whitened", r -> Double.NaN)),
        IllegalArgumentException.class,
        "reward 'whitened' of sample 0 of prompt ");
  }

  @ParameterizedTest
  @MethodSource("org.alignment4j.rlhf.SampledTrainings#all")
  void aFunctionThatFailsIsNamedWithItsStep(Sampling sampling) {
    fails(
        sampling,
        RewardFunction.each(
            "thrower",
            r -> {
              throw new IllegalStateException("the disk is full");
            }),
        ModelExecutionException.class,
        "reward 'thrower'",
        "failed at step 1",
        "the disk is full");
    fails(
        sampling,
        SmallPolicies.of("few", answers -> List.of(OptionalDouble.of(1))),
        ModelExecutionException.class,
        "reward 'few' must score each of 12 completions but gave 1 scores at step 1");
    fails(
        sampling,
        SmallPolicies.of(
            "gaps", answers -> Collections.nCopies(answers.size(), (OptionalDouble) null)),
        ModelExecutionException.class,
        "reward 'gaps'",
        "values[0] must not be null",
        "OptionalDouble.empty()");
    fails(
        sampling,
        SmallPolicies.of("nothing", answers -> null),
        ModelExecutionException.class,
        "reward 'nothing'",
        "must be a list but was null");
  }

  /** A failure with a type of its own, which callers may catch, stays what it is. */
  @ParameterizedTest
  @MethodSource("org.alignment4j.rlhf.SampledTrainings#all")
  void failuresThatNameThemselvesPass(Sampling sampling) {
    ModelExecutionException own = new ModelExecutionException("endpoint x gave 503");
    assertThatThrownBy(
            () ->
                sampling
                    .of()
                    .apply(base)
                    .apply(
                        RewardFunction.each(
                            "remote",
                            r -> {
                              throw own;
                            }))
                    .train(SmallPolicies.prompts(6)))
        .isSameAs(own)
        .isNotInstanceOf(RemoteCallException.class);
  }

  private static RewardModel model(Function<List<PromptCompletion>, List<Reward>> score) {
    return new RewardModel() {
      @Override
      public String id() {
        return "model";
      }

      @Override
      public List<Reward> score(List<PromptCompletion> answers, CancellationToken token) {
        return score.apply(answers);
      }
    };
  }

  @ParameterizedTest
  @MethodSource("org.alignment4j.rlhf.SampledTrainings#all")
  void aModelThatFailsIsNamedAsItsFunction(Sampling sampling) {
    fails(
        sampling,
        RewardFunction.of(
            "helpful", model(a -> a.stream().map(x -> Reward.of(Double.NaN)).toList())),
        ModelExecutionException.class,
        "reward 'helpful'",
        "at step 1",
        "reward value must be finite but was NaN");
    fails(
        sampling,
        RewardFunction.of("helpful", model(a -> List.of())),
        ModelExecutionException.class,
        "reward 'helpful' must score each of 12 completions but gave 0 scores");
  }

  /** A model's failure of one answer is told by the answer, however many it was asked of. */
  @ParameterizedTest
  @MethodSource("org.alignment4j.rlhf.SampledTrainings#all")
  void anAnswerThatAModelFailsOfIsNamed(Sampling sampling) {
    List<Rollout> seen = new ArrayList<>();
    RewardFunction watching =
        RewardFunction.each(
            "watching",
            r -> {
              seen.add(r);
              return 0;
            });
    for (int failing = 0; failing < 12; failing += 5) {
      seen.clear();
      AtomicInteger place = new AtomicInteger(failing);
      RewardModel bad =
          model(
              answers ->
                  answers.stream()
                      .map(a -> Reward.of(a == asked.get(place.get()) ? Double.NaN : 1))
                      .toList());
      RewardFunction function = RewardFunction.of("helpful", remembering(bad));
      RewardFunction both =
          new RewardFunction() {
            @Override
            public String name() {
              return "helpful";
            }

            @Override
            public List<OptionalDouble> score(List<Rollout> answers, CancellationToken token) {
              watching.score(answers, token);
              return function.score(answers, token);
            }
          };
      assertThatThrownBy(
              () -> sampling.of().apply(base).apply(both).train(SmallPolicies.prompts(6)))
          .isInstanceOf(ModelExecutionException.class)
          .hasMessage(
              "reward 'helpful' must score every completion but failed at step 1: sample %s of"
                      .formatted(seen.get(failing).sample())
                  + " prompt %s: reward value must be finite but was NaN; look at the cause"
                      .formatted(seen.get(failing).prompt()));
    }
  }

  private final List<PromptCompletion> asked = new ArrayList<>();

  /** Notes what it is asked of first, all together. */
  private RewardModel remembering(RewardModel model) {
    asked.clear();
    return model(
        answers -> {
          if (asked.isEmpty()) {
            asked.addAll(answers);
          }
          return model.score(answers, CancellationToken.none());
        });
  }

  /** Where a group is sampled in a later round, its samples count from 0 as those of the first. */
  @Test
  void samplesOfFurtherRoundsAreNamedByTheirPrompt() {
    List<Rollout> second = new ArrayList<>();
    AtomicInteger calls = new AtomicInteger();
    RewardFunction broken =
        SmallPolicies.of(
            "broken",
            answers -> {
              boolean first = calls.getAndIncrement() == 0;
              if (!first) {
                second.addAll(answers);
              }
              return IntStream.range(0, answers.size())
                  .mapToObj(i -> OptionalDouble.of(!first && i == 3 ? Double.NaN : 1))
                  .toList();
            });
    assertThatThrownBy(
            () ->
                SmallPolicies.trainer(base, PolicyMethod.dapo().withGroupSize(2), broken)
                    .train(SmallPolicies.prompts(6)))
        .hasMessageContaining(
            "reward 'broken' of sample 1 of prompt %s at step 1 must be finite but was NaN"
                .formatted(second.get(3).prompt()));
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
  void aBadRewardLosesNothing(double value) {
    PolicyTrainer trainer =
        SmallPolicies.trainer(base, PolicyMethod.grpo().withGroupSize(2))
            .epochs(4)
            .checkpointEvery(2);
    List<Prompt> prompts = SmallPolicies.prompts(6);
    FineTuningResult undisturbed = trainer.reward(seventh(0)).train(prompts);
    assertThatThrownBy(() -> trainer.reward(seventh(value)).runFolder(folder).train(prompts))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("reward 'seventh' of sample 1 of prompt ")
        .hasMessageContaining("at step 7 must be finite");
    assertThat(folder.resolve("checkpoint-6")).exists();
    assertThat(RunFolder.readMetrics(folder)).hasSize(6);
    FineTuningResult mended = trainer.reward(seventh(0)).runFolder(folder).train(prompts);
    assertThat(mended.metrics()).isEqualTo(undisturbed.metrics()).hasSize(8);
    SmallPolicies.same(mended.model(), undisturbed.model());
    mended.model().close();
    undisturbed.model().close();
  }

  /** The first token, but for an answer of the seventh call. */
  private static RewardFunction seventh(double value) {
    AtomicInteger calls = new AtomicInteger();
    return SmallPolicies.of(
        "seventh",
        answers -> {
          boolean now = calls.incrementAndGet() == 7 && value != 0;
          List<OptionalDouble> rewards = new ArrayList<>();
          for (int i = 0; i < answers.size(); i++) {
            double good = answers.get(i).tokens().get(0);
            rewards.add(OptionalDouble.of(now && i == 3 ? value : good));
          }
          return rewards;
        });
  }

  @Test
  void costsAreNamedToo() {
    PolicyTrainer trainer =
        PolicyTrainer.of(base, PolicyVariants.ppoLagrangian())
            .rollouts(RolloutOptions.of(SmallPolicies.LENGTH))
            .reward(SmallPolicies.first());
    List<Prompt> prompts = SmallPolicies.prompts(2);
    assertThatThrownBy(
            () ->
                trainer
                    .constraint(
                        RewardFunction.each("harm", r -> Double.NaN),
                        LagrangeMultiplier.standard(1))
                    .train(prompts))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("cost 'harm' of sample 0 of prompt ")
        .hasMessageEndingWith(
            " at step 1 must be finite but was NaN; every completion must have a cost");
    assertThatThrownBy(
            () ->
                trainer
                    .constraint(
                        SmallPolicies.of("few", answers -> List.of()),
                        LagrangeMultiplier.standard(1))
                    .train(prompts))
        .isInstanceOf(ModelExecutionException.class)
        .hasMessage("cost 'few' must score each of 2 completions but gave 0 scores at step 1");
    assertThatThrownBy(
            () ->
                trainer
                    .constraint(SmallPolicies.silent(), LagrangeMultiplier.standard(1))
                    .train(prompts))
        .hasMessageStartingWith(
            "cost 'silent' must have an opinion of every completion but has none of sample 0 of"
                + " prompt ");
  }
}

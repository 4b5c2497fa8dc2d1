package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.rlhf.advantage.LagrangeMultiplier;
import org.alignment4j.rlhf.selection.Selection;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs whose rewards remember what they gave, stopped when a step is rewarded and not learned. */
class ResumedWhiteningTest {

  @TempDir Path folder;

  /** A kind of run. */
  private record Kind(String name, int answersOfTwoSteps, Starter starter) {
    @Override
    public String toString() {
      return name;
    }
  }

  private interface Starter {
    FineTuningResult train(DecoderModel base, RewardFunction reward, FineTuningOptions options);
  }

  static Stream<Kind> kinds() {
    List<Prompt> prompts = Trainings.prompts();
    return Stream.of(
        new Kind(
            "policy",
            12,
            (base, reward, options) ->
                PolicyTrainer.of(base, PolicyMethod.grpo().withGroupSize(3))
                    .reward(reward)
                    .rollouts(SamplingTrainings.ROLLOUTS)
                    .divergenceEvery(1)
                    .options(options)
                    .train(prompts)),
        new Kind(
            "policy under a whitened cost",
            4,
            (base, cost, options) ->
                PolicyTrainer.of(base, PolicyVariants.ppoLagrangian())
                    .reward(RewardFunction.each("length", r -> r.text().length()))
                    .constraint(cost, LagrangeMultiplier.standard(0))
                    .rollouts(SamplingTrainings.ROLLOUTS)
                    .options(options)
                    .train(prompts)),
        new Kind(
            "online",
            8,
            (base, reward, options) ->
                SamplingTrainings.online(base).reward(reward).options(options).train(prompts)),
        new Kind(
            "raft",
            24,
            (base, reward, options) ->
                RaftTrainer.of(base)
                    .reward(reward)
                    .rollouts(SamplingTrainings.ROLLOUTS)
                    .samples(3)
                    .truncated(TruncatedAnswers.KEEP)
                    .select(Selection.bestPerPrompt().klAware(0.1))
                    .iterations(4)
                    .options(options)
                    .train(prompts)));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aRunDoesNotGoOnUnderAnotherForm(Kind kind) {
    FineTuningOptions options =
        Trainings.shared(FineTuningOptions.of(1e-3)).withRunFolder(folder.resolve("run"));
    RewardFunction length = RewardFunction.each("length", r -> r.tokens().get(0) % 7);
    try (DecoderModel base = Trainings.model(folder.resolve("model"))) {
      kind.starter().train(base, WhitenedReward.of(length), options).model().close();
      for (RewardFunction other : List.of(WhitenedReward.scaled(length), length)) {
        assertThatThrownBy(() -> kind.starter().train(base, other, options))
            .isInstanceOf(RunFolderException.class)
            .hasMessageContaining("shifted(length)");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aNewRunRemembersNothingOfAnEarlierOne(Kind kind) {
    FineTuningOptions options = Trainings.shared(FineTuningOptions.of(1e-3));
    RewardFunction whitened =
        WhitenedReward.scaled(
            RewardFunction.each("letters", r -> r.text().length() + r.tokens().get(0) % 7));
    try (DecoderModel base = Trainings.model(folder.resolve("model"))) {
      FineTuningResult first = kind.starter().train(base, whitened, options);
      FineTuningResult second = kind.starter().train(base, whitened, options);
      assertThat(RunFiles.timeless(second.metrics())).isEqualTo(RunFiles.timeless(first.metrics()));
      assertThat(second.model().id()).isEqualTo(first.model().id());
      first.model().close();
      second.model().close();
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void whatWasNotLearnedIsNotRemembered(Kind kind) {
    FineTuningOptions options = Trainings.shared(FineTuningOptions.of(1e-3)).withCheckpointEvery(3);
    try (DecoderModel base = Trainings.model(folder.resolve("model"))) {
      AtomicInteger scored = new AtomicInteger();
      RewardFunction letters =
          RewardFunction.each(
              "letters",
              r -> {
                scored.incrementAndGet();
                return r.text().length() + r.tokens().get(0) % 7;
              });
      FineTuningResult whole = kind.starter().train(base, WhitenedReward.of(letters), options);
      scored.set(0);
      FineTuningOptions kept = options.withRunFolder(folder.resolve("run"));
      RewardFunction once = WhitenedReward.of(letters);
      assertThatThrownBy(
              () ->
                  kind.starter()
                      .train(
                          base,
                          once,
                          kept.withCancellation(() -> scored.get() >= kind.answersOfTwoSteps())))
          .isInstanceOf(CancelledException.class);
      assertThat(scored).as("the second step was rewarded").hasValue(kind.answersOfTwoSteps());
      for (RewardFunction again : List.of(once, WhitenedReward.of(letters))) {
        FineTuningResult resumed = kind.starter().train(base, again, kept);
        assertThat(RunFiles.timeless(resumed.metrics()))
            .isEqualTo(RunFiles.timeless(whole.metrics()));
        assertThat(resumed.model().id()).isEqualTo(whole.model().id());
        resumed.model().close();
      }
      whole.model().close();
    }
  }
}

package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.training.TrainingContext;
import org.alignment4j.rlhf.data.SequenceLimits;
import org.alignment4j.rlhf.selection.Selection;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.Metrics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Iterations of sampling, selecting and learning on a small model whose reward is known. */
class RaftTrainerTest extends RaftTrainings {

  private static double of(Metrics metrics, String name) {
    return metrics.values().get(name);
  }

  @ParameterizedTest
  @EnumSource(IterationStart.class)
  void iterationsRaiseTheReward(IterationStart start) {
    FineTuningResult result =
        trainer(REWARD).startFrom(start).iterations(8).samples(8).epochs(8).train(prompts(8));
    List<Metrics> metrics = result.metrics();
    assertThat(metrics).hasSize(8);
    assertThat(of(metrics.get(0), "reward")).isLessThan(0.25);
    assertThat(of(metrics.get(7), "reward")).isGreaterThan(0.6);
    for (Metrics m : metrics) {
      assertThat(of(m, "selected/reward")).isGreaterThanOrEqualTo(of(m, "reward"));
      assertThat(of(m, "selected/share")).isEqualTo(1.0 / 8);
      assertThat(of(m, "selected/coverage")).isEqualTo(1);
      assertThat(of(m, "rewards/wanted/mean")).isEqualTo(of(m, "reward"));
    }
    result.model().close();
  }

  @Test
  void theTopOfAllLeavesPromptsOut() {
    RewardFunction byPrompt = RewardFunction.each("by prompt", r -> r.prompt() * 10 + wanted(r));
    FineTuningResult result =
        trainer(byPrompt).iterations(1).select(Selection.topShare(0.25)).train(prompts(8));
    result.model().close();
    Metrics only = result.metrics().get(0);
    assertThat(of(only, "selected/share")).isEqualTo(0.25);
    assertThat(of(only, "selected/coverage")).as("the two highest of eight").isEqualTo(0.25);
  }

  /** A strong penalty keeps what the first model would say too. */
  @Test
  void theDivergenceIsPenalisedInTheRanking() {
    RaftTrainer raft = trainer(REWARD).iterations(6).samples(8).adapter(Lora.rank(4));
    FineTuningResult free = raft.select(Selection.bestPerPrompt().klAware(0)).train(prompts(8));
    FineTuningResult bound = raft.select(Selection.bestPerPrompt().klAware(2)).train(prompts(8));
    free.model().close();
    bound.model().close();
    assertThat(of(free.metrics().get(0), "kl")).isCloseTo(0, within(1e-5));
    assertThat(of(free.metrics().get(5), "kl")).isGreaterThan(0.3);
    assertThat(of(bound.metrics().get(5), "kl")).isLessThan(0.5 * of(free.metrics().get(5), "kl"));
  }

  /** Without a penalty β = 0 selects as the plain strategy does. */
  @Test
  void noPenaltyIsThePlainStrategy() {
    FineTuningResult plain = trainer(REWARD).train(prompts(4));
    FineTuningResult zero =
        trainer(REWARD).select(Selection.bestPerPrompt().klAware(0)).train(prompts(4));
    assertThat(zero.model().id()).isEqualTo(plain.model().id());
    plain.model().close();
    zero.model().close();
  }

  /** Two iterations by hand: best answers of the sampler's, learned by plain supervised steps. */
  @Test
  void anIterationLearnsTheBestAnswersOfThePresentModel() {
    List<List<Rollout>> seen = new ArrayList<>();
    RewardFunction recording =
        new RewardFunction() {
          @Override
          public String name() {
            return "recorded";
          }

          @Override
          public List<OptionalDouble> score(List<Rollout> answers, CancellationToken token) {
            seen.add(List.copyOf(answers));
            return answers.stream().map(a -> OptionalDouble.of(wanted(a))).toList();
          }
        };
    trainer(recording).iterations(2).train(prompts(4)).model().close();
    assertThat(seen).hasSize(2);
    assertThat(seen.get(0)).hasSize(16);
    try (DecoderModel once = trainer(REWARD).iterations(1).train(prompts(4)).model()) {
      RolloutSampler sampler =
          new RolloutSampler(base, prompts(4), RolloutOptions.of(LENGTH), 4, 0);
      List<Integer> order = seen.get(1).stream().map(Rollout::prompt).distinct().toList();
      List<Rollout> again = sampler.sample(once, order, 2, 0, CancellationToken.none()).rollouts();
      assertThat(again).isEqualTo(seen.get(1));
    }
  }

  @Test
  void promptsComeInTurn() {
    List<Integer> seen = new ArrayList<>();
    RewardFunction recording =
        RewardFunction.each(
            "recorded",
            r -> {
              seen.add(r.prompt());
              return wanted(r);
            });
    trainer(recording).prompts(3).samples(1).iterations(3).train(prompts(8)).model().close();
    assertThat(seen).hasSize(8).doesNotHaveDuplicates();
  }

  @Test
  void theLearnerTakesSeedAndFolder() throws Exception {
    DecoderModel model =
        (DecoderModel)
            RaftTrainer.learner(
                    t ->
                        t.reward(REWARD)
                            .rollouts(RolloutOptions.of(LENGTH))
                            .samples(4)
                            .truncated(TruncatedAnswers.KEEP)
                            .iterations(1)
                            .batchSize(4)
                            .epochs(2)
                            .learningRate(1e-2))
                .train(base, prompts(4), TrainingContext.of(5).withRunFolder(folder));
    FineTuningResult same = trainer(REWARD).iterations(1).seed(5).train(prompts(4));
    assertThat(model.id()).isEqualTo(same.model().id());
    assertThat(Files.readString(folder.resolve("metrics.jsonl"))).contains("selected/coverage");
    model.close();
    same.model().close();
  }

  @Test
  void badInputIsRefused() throws Exception {
    assertThatThrownBy(() -> trainer(REWARD).train(List.of()))
        .hasMessageContaining("prompts must hold at least one");
    assertThatThrownBy(() -> RaftTrainer.of(base).train(prompts(2)))
        .hasMessageContaining("answers need a reward");
    assertThatThrownBy(() -> trainer(REWARD).samples(0))
        .hasMessage("samples must be at least 1 but was 0");
    assertThatThrownBy(() -> trainer(REWARD).iterations(0)).hasMessageContaining("iterations");
    assertThatThrownBy(() -> trainer(REWARD).limits(SequenceLimits.of(16)).train(prompts(2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("must be left out where answers are sampled", "maxLength=16");
    assertThatThrownBy(
            () ->
                trainer(REWARD)
                    .rollouts(RolloutOptions.of(1))
                    .truncated(TruncatedAnswers.EXCLUDE)
                    .train(List.of(Prompt.tokens(1, 2))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll("iteration 1 must have an answer", "none of 4", "raise the limit");
    assertThatThrownBy(
            () -> trainer(RewardFunction.each("broken", r -> Double.NaN)).train(prompts(2)))
        .hasMessageContainingAll("broken", "NaN");
    trainer(REWARD).iterations(1).runFolder(folder).train(prompts(2)).model().close();
    Path answers = folder.resolve("iteration-0001/answers.json");
    String text = Files.readString(answers);
    Files.writeString(answers, text.substring(0, text.length() / 2));
    assertThatThrownBy(() -> trainer(REWARD).iterations(1).runFolder(folder).train(prompts(2)))
        .isInstanceOf(RunFolderException.class)
        .hasMessageContainingAll("answers.json", "damaged", "delete it");
    Files.writeString(answers, text.replace("\"version\":1", "\"version\":9"));
    assertThatThrownBy(() -> trainer(REWARD).iterations(1).runFolder(folder).train(prompts(2)))
        .isInstanceOf(RunFolderException.class)
        .hasMessageContainingAll("version 1 but has", "version 9");
  }
}

package org.alignment4j.rlhf.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.alignment4j.api.Cancellation;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.Progress;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.rlhf.RewardFunction;
import org.alignment4j.rlhf.Rollout;
import org.alignment4j.rlhf.RolloutOptions;
import org.alignment4j.rlhf.merge.ModelMerge;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fronts of policies that were trained for different rewards, and of what lies between them. */
class ParetoStudyTest {

  private static final RewardFunction FIVES = TokenRewards.counting("fives", 5);
  private static final RewardFunction SEVENS = TokenRewards.counting("sevens", 7);
  private static final List<Prompt> PROMPTS = TokenRewards.prompts(20, 99);

  @TempDir Path folder;

  private static DecoderModel base;
  private static DecoderModel fives;
  private static DecoderModel sevens;

  @BeforeAll
  static void train() {
    base = TokenRewards.base();
    fives = TokenRewards.trained(base, FIVES, 40).get(0);
    sevens = TokenRewards.trained(base, SEVENS, 40).get(0);
  }

  @AfterAll
  static void close() {
    base.close();
    fives.close();
    sevens.close();
  }

  private static ParetoStudy study() {
    return ParetoStudy.of(PROMPTS)
        .objective(FIVES)
        .objective(SEVENS)
        .rollouts(RolloutOptions.of(TokenRewards.LENGTH))
        .samples(8)
        .seed(5);
  }

  private static ModelMerge<DecoderModel> soup() {
    return ModelMerge.soup().member("fives", fives, 1).member("sevens", sevens, 0);
  }

  @Test
  void soupsLieBetweenTheirMembersOnAFront() {
    ParetoFront front = study().sweep("soup", soup(), 4).candidate("base", base).run();
    assertThat(front.objectives()).containsExactly("fives", "sevens");
    assertThat(front.points().stream().map(ParetoPoint::name))
        .containsExactly(
            "soup 1/0", "soup 0.75/0.25", "soup 0.5/0.5", "soup 0.25/0.75", "soup 0/1", "base");
    ParetoPoint first = front.points().get(0);
    ParetoPoint last = front.points().get(4);
    ParetoPoint start = front.points().get(5);
    assertThat(first.modelId()).isEqualTo(fives.id());
    assertThat(last.modelId()).isEqualTo(sevens.id());
    assertThat(first.weights()).containsEntry("fives", 1.0).containsEntry("sevens", 0.0);
    assertThat(first.scores().get(0).ciLow()).isGreaterThan(start.scores().get(0).ciHigh());
    assertThat(last.scores().get(1).ciLow()).isGreaterThan(start.scores().get(1).ciHigh());
    assertThat(start.dominated()).isTrue();
    for (int k = 0; k < 2; k++) {
      int objective = k;
      double most =
          front.points().stream()
              .mapToDouble(p -> p.scores().get(objective).value())
              .max()
              .getAsDouble();
      assertThat(front.nonDominated()).anyMatch(p -> p.scores().get(objective).value() == most);
    }
    double[][] means =
        front.points().stream()
            .map(p -> p.scores().stream().mapToDouble(Estimate::value).toArray())
            .toArray(double[][]::new);
    Hypervolume volume = front.hypervolume().orElseThrow();
    double x = volume.reference().get(0);
    double y = volume.reference().get(1);
    assertThat(Arrays.stream(means)).allMatch(m -> m[0] >= x && m[1] >= y);
    assertThat(volume.area().value())
        .isCloseTo(Hypervolume.area(means, x, y), within(1e-9))
        .isPositive();
    assertThat(volume.area().ciHigh()).isGreaterThan(volume.area().ciLow());
    String html = front.report("Fives and sevens").html();
    assertThat(html).contains("soup 0.5/0.5", "not dominated", "<svg", "Fives and sevens");
  }

  /** Of two objectives that begin at different figures, the second of them below zero. */
  @Test
  void theReferenceIsTheLeastMeanOfEachObjective() {
    RewardFunction below =
        RewardFunction.each(
            "below", r -> r.tokens().stream().filter(t -> t == 7).count() - 0.25 * r.sample() - 3);
    ParetoFront front =
        ParetoStudy.of(PROMPTS)
            .objective(FIVES)
            .objective(below)
            .rollouts(RolloutOptions.of(TokenRewards.LENGTH))
            .samples(2)
            .candidate("fives", fives)
            .candidate("sevens", sevens)
            .run();
    List<Double> least = new ArrayList<>();
    for (int k = 0; k < 2; k++) {
      int objective = k;
      least.add(
          front.points().stream()
              .mapToDouble(p -> p.scores().get(objective).value())
              .min()
              .orElseThrow());
    }
    assertThat(least.get(0)).isNotNegative();
    assertThat(least.get(1)).isNegative();
    assertThat(front.hypervolume().orElseThrow().reference()).isEqualTo(least);
  }

  /** The figures are those of sampling and counting by hand. */
  @Test
  void scoresAreClusteredMeansOfSampledAnswers() {
    ParetoPoint point = study().candidate("fives", fives).run().points().get(0);
    List<Prompt> repeated = new ArrayList<>();
    PROMPTS.forEach(p -> repeated.addAll(Collections.nCopies(8, p)));
    List<Completion> completions =
        fives.generate(
            repeated, SamplingOptions.builder(TokenRewards.LENGTH).temperature(1).seed(5).build());
    double[] values = new double[completions.size()];
    int[] clusters = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = completions.get(i).tokens().stream().filter(t -> t == 7).count();
      clusters[i] = i / 8;
    }
    assertThat(point.scores().get(1)).isEqualTo(Estimates.clusteredMean(values, clusters));
    assertThat(point.length().value()).isLessThanOrEqualTo(TokenRewards.LENGTH);
  }

  /** Counts the prompts that reach a model, and stops after some calls. */
  private static final class Counting implements LanguageModel {
    private final LanguageModel model;
    private final Cancellation cancellation;
    private final int stopAfter;
    private int prompts;
    private int calls;

    Counting(LanguageModel model, Cancellation cancellation, int stopAfter) {
      this.model = model;
      this.cancellation = cancellation;
      this.stopAfter = stopAfter;
    }

    @Override
    public String id() {
      return model.id();
    }

    @Override
    public List<Completion> generate(
        List<? extends Prompt> requests, SamplingOptions options, CancellationToken token) {
      prompts += requests.size();
      if (++calls == stopAfter) {
        cancellation.cancel();
      }
      return model.generate(requests, options, CancellationToken.none());
    }
  }

  @Test
  void aStudyThatWasStoppedGoesOnWithoutSamplingAgain() {
    ParetoFront undisturbed = study().candidate("a", fives).candidate("b", sevens).run();
    Path journal = folder.resolve("answers.jsonl");
    Cancellation cancellation = new Cancellation();
    // Twenty prompts take two calls a model.
    Counting stopped = new Counting(sevens, cancellation, 1);
    assertThatThrownBy(
            () ->
                study()
                    .journal(journal)
                    .cancellation(cancellation)
                    .candidate("a", fives)
                    .candidate("b", stopped)
                    .run())
        .isInstanceOf(CancelledException.class);
    assertThat(stopped.prompts).isEqualTo(16 * 8);
    Counting first = new Counting(fives, new Cancellation(), 0);
    Counting second = new Counting(sevens, new Cancellation(), 0);
    ParetoFront resumed =
        study().journal(journal).candidate("a", first).candidate("b", second).run();
    assertThat(first.prompts).isZero();
    assertThat(second.prompts).isEqualTo(4 * 8);
    assertThat(resumed).isEqualTo(undisturbed);
  }

  @Test
  void answersWithoutScoreAreCountedAndProgressIsTold() {
    RewardFunction some =
        new RewardFunction() {
          @Override
          public String name() {
            return "some";
          }

          @Override
          public List<OptionalDouble> score(List<Rollout> answers, CancellationToken token) {
            return answers.stream()
                .map(a -> a.sample() == 0 ? OptionalDouble.empty() : OptionalDouble.of(a.sample()))
                .toList();
          }
        };
    List<Progress> told = new ArrayList<>();
    AtomicLong seconds = new AtomicLong();
    ParetoFront front =
        study()
            .objective(some)
            .candidate("base", base)
            .onProgress(told::add)
            .nanoClock(() -> seconds.getAndIncrement() * 1_000_000_000)
            .run();
    Estimate score = front.points().get(0).scores().get(2);
    assertThat(score.value()).isCloseTo(4, within(1e-12));
    assertThat(score.unscored()).isEqualTo(20);
    assertThat(score.clusters()).isEqualTo(20);
    assertThat(front.hypervolume()).isEmpty();
    assertThat(front.report("Three").html()).contains("fives and some", "sevens and some");
    assertThat(told.get(told.size() - 1).done()).isEqualTo(160);
    assertThat(told.get(told.size() - 1).total()).hasValue(160);
    assertThat(told)
        .extracting(p -> p.elapsed().toNanos() / 1e9)
        .isEqualTo(IntStream.rangeClosed(1, told.size()).mapToObj(i -> (double) i).toList());
    assertThat(told)
        .allSatisfy(p -> assertThat(p.rate()).isEqualTo(p.done() / (p.elapsed().toNanos() / 1e9)));
  }

  @Test
  void refusals() {
    assertThatThrownBy(() -> ParetoStudy.of(List.of()))
        .hasMessage("prompts must hold at least one but hold none");
    assertThatThrownBy(
            () -> ParetoStudy.of(List.of(Prompt.text("a"), Prompt.text("b"), Prompt.text("a"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("but 0 and 2 are the same; take more samples instead");
    assertThatThrownBy(() -> study().run()).hasMessageContaining("needs candidates");
    assertThatThrownBy(() -> ParetoStudy.of(PROMPTS).candidate("base", base).run())
        .hasMessageContaining("needs objectives");
    assertThatThrownBy(() -> study().objective(FIVES))
        .hasMessage("objectives must have different names but two are called 'fives'");
    assertThatThrownBy(() -> study().candidate("a", base).candidate("a", fives))
        .hasMessage("candidates must have different names but two are called 'a'");
    assertThatThrownBy(() -> study().samples(0)).hasMessage("samples must be at least 1 but was 0");
    RewardFunction broken =
        RewardFunction.each("broken", a -> a.prompt() == 3 && a.sample() == 2 ? Double.NaN : 1);
    assertThatThrownBy(() -> study().objective(broken).candidate("base", base).run())
        .isInstanceOf(ModelExecutionException.class)
        .hasMessage("reward 'broken' must be finite but that of sample 2 of prompt 3 was NaN");
  }
}

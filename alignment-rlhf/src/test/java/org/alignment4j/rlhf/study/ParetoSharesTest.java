package org.alignment4j.rlhf.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Usage;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.rlhf.RewardFunction;
import org.alignment4j.rlhf.Rollout;
import org.junit.jupiter.api.Test;

/** Shares as objectives, and objectives that are not about every prompt. */
class ParetoSharesTest {

  private static final int SAMPLES = 4;
  private static final List<Prompt> PROMPTS =
      IntStream.range(0, 24).<Prompt>mapToObj(i -> Prompt.text("prompt " + i)).toList();

  /** Says something that is neither yes nor no to one prompt. */
  private static final IntUnaryOperator UNREADABLE = i -> i == 3 ? -1 : 2;

  /** 1 where an answer is a yes. */
  private static final RewardFunction YES =
      RewardFunction.each("yes", a -> a.text().equals("yes") ? 1 : 0);

  /**
   * Says yes or no.
   *
   * @param id of the model
   * @param yeses how often it says yes among the answers to the i-th prompt of the study
   */
  private record Saying(String id, IntUnaryOperator yeses) implements LanguageModel {
    @Override
    public List<Completion> generate(
        List<? extends Prompt> prompts, SamplingOptions options, CancellationToken cancellation) {
      List<Completion> said = new ArrayList<>();
      for (int i = 0; i < prompts.size(); i++) {
        int count = yeses.applyAsInt(PROMPTS.indexOf(prompts.get(i)));
        String text = count < 0 ? "unreadable" : i % SAMPLES < count ? "yes" : "no";
        said.add(
            new Completion(
                text, TokenIds.of(), null, null, List.of(), FinishReason.EOS, Usage.NONE));
      }
      return said;
    }
  }

  private static ParetoStudy study() {
    return ParetoStudy.of(PROMPTS).samples(SAMPLES);
  }

  /** A function of some prompts only. */
  private static RewardFunction about(String name, int from, int to) {
    return new RewardFunction() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public List<OptionalDouble> score(List<Rollout> answers, CancellationToken cancellation) {
        return answers.stream()
            .map(
                a ->
                    a.prompt() < from || a.prompt() >= to || a.text().equals("unreadable")
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(a.text().equals("yes") ? 1 : 0))
            .toList();
      }
    };
  }

  @Test
  void intervalsOfSharesStayInRangeAndDoNotVanishAtTheEnds() {
    ParetoFront front =
        study()
            .share(YES)
            .candidate("always", new Saying("always", i -> SAMPLES))
            .candidate("never", new Saying("never", i -> 0))
            .candidate("nearly", new Saying("nearly", i -> i == 0 ? 0 : SAMPLES))
            .run();
    Estimate always = front.points().get(0).scores().get(0);
    Estimate never = front.points().get(1).scores().get(0);
    Estimate nearly = front.points().get(2).scores().get(0);

    assertThat(always.value()).isEqualTo(1);
    assertThat(always.ciHigh()).isEqualTo(1);
    assertThat(always.ciLow()).isBetween(0.8, 0.9);
    assertThat(never.ciLow()).isZero();
    assertThat(never.ciHigh()).isBetween(0.1, 0.2);
    assertThat(nearly.ciHigh()).isLessThan(1);
    assertThat(nearly.ciLow()).isLessThan(nearly.value());
    assertThat(nearly.clusters()).as("one for each prompt").isEqualTo(PROMPTS.size());
    double[] outcomes = new double[PROMPTS.size() * SAMPLES];
    int[] clusters = new int[outcomes.length];
    for (int i = 0; i < outcomes.length; i++) {
      outcomes[i] = i / SAMPLES == 0 ? 0 : 1;
      clusters[i] = i / SAMPLES;
    }
    assertThat(nearly).isEqualTo(Estimates.clusteredProportion(outcomes, clusters));
  }

  @Test
  void promptsThatAnObjectiveIsNotAboutAreNotUnscored() {
    Saying half = new Saying("half", i -> 2);
    ParetoFront front =
        study()
            .share(about("first", 0, 10))
            .share(about("rest", 10, PROMPTS.size()))
            .candidate("half", half)
            .run();

    Estimate first = front.points().get(0).scores().get(0);
    assertThat(first.n()).isEqualTo(10 * SAMPLES);
    assertThat(first.clusters()).isEqualTo(10);
    assertThat(first.unscored()).isZero();
    assertThat(front.report("Shares").html()).doesNotContain("unscored");
  }

  @Test
  void anAnswerWithoutScoreIsUnscoredWhereAnotherCandidateHasOne() {
    ParetoStudy study =
        study().share(about("first", 0, 10)).candidate("bad", new Saying("bad", UNREADABLE));

    assertThat(study.run().points().get(0).scores().get(0).unscored()).isZero();
    Estimate beside =
        study.candidate("half", new Saying("half", i -> 2)).run().points().get(0).scores().get(0);
    assertThat(beside.unscored()).isEqualTo(SAMPLES);
    assertThat(beside.n()).isEqualTo(9 * SAMPLES);
  }

  @Test
  void aScoreThatIsNoShareIsRefused() {
    RewardFunction two = RewardFunction.each("two", a -> a.prompt() == 3 ? 2 : 1);

    assertThatThrownBy(() -> study().share(two).candidate("half", new Saying("half", i -> 2)).run())
        .isInstanceOf(ModelExecutionException.class)
        .hasMessage(
            "share 'two' must be of scores from 0 to 1 but that of sample 0 of prompt 3 was 2.0; give it by objective(…)");
    assertThatThrownBy(() -> study().share(YES).objective(YES))
        .hasMessage("objectives must have different names but two are called 'yes'");
  }
}

package org.alignment4j.rlhf.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.LikelihoodModel;
import org.alignment4j.api.model.LogProbs;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Usage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From answers with feedback to examples, with models whose answers are known. */
class IlfPipelineTest {

  private static final CancellationToken NONE = CancellationToken.none();

  /** Scores by a list, in order, and counts its calls. */
  private static final class Listed implements RefinementScorer {
    private final double[] scores;
    private int calls;

    Listed(double... scores) {
      this.scores = scores;
    }

    @Override
    public String id() {
      return "listed";
    }

    @Override
    public double[] score(
        LanguageFeedback feedback, List<String> refinements, CancellationToken cancellation) {
      calls++;
      return IntStream.range(0, refinements.size()).mapToDouble(i -> scores[i]).toArray();
    }
  }

  private static LanguageFeedback told(String answer, String feedback) {
    return new LanguageFeedback(Prompt.text("Q"), answer, feedback);
  }

  private static IlfPipeline pipeline(RefinementScorer scorer, int candidates) {
    return IlfPipeline.of(scorer).candidates(candidates);
  }

  @Test
  void theBestOfTheUsableRefinementsIsLearnedWithoutTheFeedback() {
    String[] written = {"", " old ", "I'm sorry, no", " first", " second", " third"};
    Scripted policy = new Scripted((prompt, sample) -> written[sample]);
    Refinements refined =
        pipeline(new Listed(1, 3, 2), 6)
            .refine(policy, List.of(told("old", "be SECRETLY better")), NONE);
    assertThat(refined.refined()).hasSize(1);
    assertThat(refined.refined().get(0).refinement()).isEqualTo(" second");
    assertThat(refined.refined().get(0).score()).isEqualTo(3);
    assertThat(refined.refined().get(0).candidates()).isEqualTo(3);
    assertThat(refined.counts()).isEqualTo(new Refinements.Counts(1, 0, 0, 1, 1, 1));
    assertThat(refined.examples())
        .containsExactly(new PromptCompletion(Prompt.text("Q"), " second"));
    assertThat(refined.examples().toString()).doesNotContain("SECRETLY");
  }

  @Test
  void withoutFeedbackOrWithoutRefinementAnswersAreDropped() {
    Scripted policy = new Scripted((prompt, sample) -> prompt.contains("stay") ? "same" : " new");
    List<LanguageFeedback> told =
        List.of(told("a", " "), told("same", "stay"), told("b", "good"), told("c", ""));
    Refinements refined = pipeline(new Listed(0), 1).refine(policy, told, NONE);
    assertThat(refined.counts()).isEqualTo(new Refinements.Counts(4, 2, 1, 0, 1, 0));
    assertThat(refined.refined()).hasSize(1);
    assertThat(refined.refined().get(0).index()).isEqualTo(2);
    assertThat(policy.asked()).as("blank feedback is not asked about").isEqualTo(2);
  }

  /** Only the order of scores counts: any rising function of them chooses the same. */
  @Property(tries = 100)
  void selectionIgnoresMonotoneRescalingAndTakesTheFirstOfEquals(
      @ForAll long seed, @ForAll @IntRange(min = 2, max = 6) int k) {
    Random random = new Random(seed);
    double[] scores = random.doubles(k).map(x -> Math.rint(4 * x)).toArray();
    double[] rescaled = new double[k];
    for (int i = 0; i < k; i++) {
      rescaled[i] = Math.expm1(scores[i]) - 7;
    }
    Scripted policy = new Scripted((prompt, sample) -> " r" + sample);
    List<LanguageFeedback> told = List.of(told("old", "more"));
    String chosen =
        pipeline(new Listed(scores), k).refine(policy, told, NONE).refined().get(0).refinement();
    assertThat(chosen)
        .isEqualTo(
            pipeline(new Listed(rescaled), k)
                .refine(policy, told, NONE)
                .refined()
                .get(0)
                .refinement());
    int first = 0;
    for (int i = 0; i < k; i++) {
      first = scores[i] > scores[first] ? i : first;
    }
    assertThat(chosen).isEqualTo(" r" + first);
  }

  @Test
  void oneCandidateIsTakenUnscored() {
    Listed scorer = new Listed(5);
    Refinements refined =
        pipeline(scorer, 1)
            .refine(new Scripted((p, s) -> " new"), List.of(told("a", "b"), told("c", "d")), NONE);
    assertThat(refined.examples()).hasSize(2);
    assertThat(scorer.calls).isZero();
    assertThat(refined.refined().get(0).score()).isNaN();
  }

  @Test
  void aRepeatedRunAsksForNothingTwice(@TempDir Path folder) {
    List<Prompt> prompts = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      prompts.add(Prompt.text("Question " + i));
    }
    Listed scorer = new Listed(1, 0.1 + 0.2);
    Scripted policy = new Scripted((p, s) -> " answer " + p.hashCode() + "/" + s);
    IlfPipeline ilf = pipeline(scorer, 2).folder(folder);
    CancellationToken soon = () -> policy.asked() >= 30;
    assertThatThrownBy(() -> ilf.criticise(policy, policy, prompts, soon))
        .isInstanceOf(CancelledException.class);
    int before = policy.asked();
    assertThat(before).isBetween(30, 79);
    List<LanguageFeedback> told = ilf.criticise(policy, policy, prompts, NONE);
    assertThat(policy.asked()).as("the rest only").isEqualTo(80);
    Refinements refined = ilf.refine(policy, told, NONE);
    assertThat(policy.asked()).isEqualTo(160);
    assertThat(scorer.calls).isEqualTo(40);
    List<LanguageFeedback> again = ilf.criticise(policy, policy, prompts, NONE);
    assertThat(again).isEqualTo(told);
    assertThat(ilf.refine(policy, again, NONE)).isEqualTo(refined);
    assertThat(policy.asked()).isEqualTo(160);
    assertThat(scorer.calls).isEqualTo(40);
    assertThat(pipeline(scorer, 2).refine(policy, told, NONE)).isEqualTo(refined);
  }

  /** Odds by hand, from log-probabilities that differ from wording to wording. */
  @Test
  void instructRmIsTheMeanOfTheOddsOverTheWordings() {
    LikelihoodModel judge =
        new LikelihoodModel() {
          @Override
          public String id() {
            return "judge";
          }

          @Override
          public List<ContinuationScore> logProbabilities(
              List<? extends Continuation> asked, CancellationToken cancellation) {
            return asked.stream()
                .map(
                    c -> {
                      String question = ((Prompt.Text) c.prompt()).text();
                      boolean yes = ((Continuation.OfText) c).text().equals(" Yes");
                      double logProb =
                          -1 - question.length() % 7 - (question.contains("good") == yes ? 0 : 2);
                      return new ContinuationScore(
                          TokenIds.of(1), LogProbs.of(logProb), yes, 0, Usage.NONE);
                    })
                .toList();
          }
        };
    RefinementScorer scorer = RefinementScorer.instructRm(judge, IlfPrompts.standard());
    double[] scores = scorer.score(told("a", "b"), List.of(" good", " bad"), NONE);
    assertThat(scores[0]).isCloseTo(1 / (1 + Math.exp(-2)), within(1e-6));
    assertThat(scores[1]).isCloseTo(1 / (1 + Math.exp(2)), within(1e-6));
    assertThat(IlfPrompts.standard().verification(told("a", "b"), "c"))
        .hasSize(5)
        .doesNotHaveDuplicates();
  }

  @Test
  void cosinesAreThoseOfTheEmbeddings() {
    RefinementScorer scorer =
        RefinementScorer.cosine(
            "letters", text -> new double[] {text.length(), text.startsWith(" ") ? 2 : -1});
    double[] scores = scorer.score(told("x", "fff"), List.of("fff", " f"), NONE);
    assertThat(scores[0]).isCloseTo(1, within(1e-12));
    assertThat(scores[1]).isCloseTo((6 - 2) / Math.sqrt(10) / Math.sqrt(8), within(1e-12));
    assertThatThrownBy(
            () ->
                RefinementScorer.cosine("zero", t -> new double[2])
                    .score(told("x", "f"), List.of("a"), NONE))
        .hasMessageContaining("not all zero");
  }

  @Test
  void whatCannotWorkIsNamed() {
    assertThatThrownBy(() -> pipeline(new Listed(), 0)).hasMessageContaining("candidates");
    assertThatThrownBy(() -> pipeline(new Listed(), 2).options(SamplingOptions.greedy(5)))
        .hasMessageContaining("greedily are the same");
    assertThatThrownBy(
            () ->
                pipeline(new Listed(Double.NaN, 1), 2)
                    .refine(new Scripted((p, s) -> "n" + s), List.of(told("a", "b")), NONE))
        .hasMessageContaining("NaN for refinement 0 of answer 0");
    Prompt chat = Prompt.chat(Message.user("Hi"));
    assertThat(IlfPrompts.standard().feedback(chat, "a")).isInstanceOf(Prompt.Chat.class);
    assertThatThrownBy(() -> IlfPrompts.standard().feedback(Prompt.tokens(1), "a"))
        .hasMessageContaining("but was Tokens");
  }
}

package org.alignment4j.oversight.constitution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Budget;
import org.alignment4j.api.oversight.Feedback;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.reward.Comparison;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.core.data.Preferences;
import org.alignment4j.core.judge.SoftJudgeModel;
import org.alignment4j.oversight.Respondent;
import org.alignment4j.oversight.ScriptedChoices;
import org.alignment4j.oversight.ScriptedModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AiLabelsTest {
  private static final Comparison KIND_FIRST =
      new Comparison(Prompt.text("How are you?"), "kind words", "rude words");
  private static final OversightContext CONTEXT = OversightContext.of(2);
  private static final SamplingOptions SAMPLED = SamplingOptions.builder(20).temperature(1).build();

  @TempDir Path folder;

  /** Prefers the kind answer with 0.7, and the place A with 0.2 more. */
  private static double[] kind(String prompt, List<String> letters) {
    boolean kindFirst = prompt.indexOf("kind words") < prompt.indexOf("rude words");
    double first = kindFirst ? 0.9 : 0.5;
    return new double[] {0.8 * first, 0.8 * (1 - first)};
  }

  private static PairRater fixed(Map<String, Double> byPrinciple) {
    return (comparison, principle, context) ->
        new PairLabel(
            OptionalDouble.of(byPrinciple.get(principle)),
            OptionalDouble.of(byPrinciple.get(principle)),
            Bounds.NONE,
            new Usage(2, 0, 0, 0, 0, 0, Duration.ZERO));
  }

  private static Constitution comparing(String... principles) {
    List<Principle> list = new ArrayList<>();
    for (String principle : principles) {
      list.add(new Principle("id " + principle, "", "", principle));
    }
    return new Constitution(list);
  }

  @Test
  void lettersAreAveragedOverBothOrdersAndTheDisagreementIsKept() {
    ScriptedChoices model = new ScriptedChoices(AiLabelsTest::kind);
    PairLabel label = LetterRater.of(model).rate(KIND_FIRST, "kindness", CONTEXT);
    assertThat(label.given().orElseThrow()).isCloseTo(0.9, within(1e-12));
    assertThat(label.swapped().orElseThrow()).isCloseTo(0.5, within(1e-12));
    assertThat(label.firstIsBetter().orElseThrow()).isCloseTo(0.7, within(1e-12));
    assertThat(label.disagreement().orElseThrow()).isCloseTo(0.4, within(1e-12));
    assertThat(label.samePlace()).isFalse();
    assertThat(label.usage().calls()).isEqualTo(2);
    assertThat(model.prompts()).allMatch(prompt -> prompt.contains("What counts: kindness"));
  }

  @Test
  void aJudgeOfPlacesGivesOneHalf() {
    ScriptedChoices model = new ScriptedChoices((prompt, letters) -> new double[] {0.95, 0.05});
    PairLabel label = LetterRater.of(model).rate(KIND_FIRST, "kindness", CONTEXT);
    assertThat(label.firstIsBetter().orElseThrow()).isCloseTo(0.5, within(1e-12));
    assertThat(label.disagreement().orElseThrow()).isCloseTo(0.9, within(1e-12));
    assertThat(label.samePlace()).isTrue();
  }

  @Test
  void unlikelyLettersGiveNoLabel() {
    ScriptedChoices model = new ScriptedChoices((prompt, letters) -> new double[] {0.3, 0.1});
    assertThat(LetterRater.of(model).rate(KIND_FIRST, "k", CONTEXT).firstIsBetter()).isEmpty();
    assertThat(
            LetterRater.of(SoftJudgeModel.of(model)).rate(KIND_FIRST, "k", CONTEXT).firstIsBetter())
        .isPresent();
  }

  @Test
  void reasonsAreReadAndTheirLabelsClamped() {
    ScriptedModel reasoner = ScriptedModel.of((prompt, seed, draw) -> "The kind one is kinder.");
    ScriptedChoices judge =
        new ScriptedChoices(
            (prompt, letters) ->
                prompt.indexOf("kind words") < prompt.indexOf("rude words")
                    ? new double[] {0.99, 0.01}
                    : new double[] {0.01, 0.99});
    ReasonedRater rater = ReasonedRater.of(Respondent.of(reasoner, SAMPLED), judge);
    PairLabel label = rater.rate(KIND_FIRST, "kindness", CONTEXT);
    assertThat(label.firstIsBetter()).hasValue(0.6);
    assertThat(label.given()).hasValue(0.99);
    assertThat(label.usage().calls()).isEqualTo(4);
    assertThat(judge.prompts()).allMatch(prompt -> prompt.contains("The kind one is kinder."));
    assertThat(
            rater
                .withBounds(new Bounds(0.2, 0.8))
                .rate(KIND_FIRST, "kindness", CONTEXT)
                .firstIsBetter())
        .hasValue(0.8);
    assertThatThrownBy(() -> new Bounds(0.6, 0.8)).hasMessageContaining("0.6");
  }

  @Test
  void votesThatCannotBeReadDoNotCount() {
    // In each order 2 votes for the kind answer, 1 for the other, 1 that never keeps the form.
    ScriptedModel voter =
        ScriptedModel.of(
            (prompt, seed, draw) -> {
              boolean kindFirst = prompt.indexOf("kind words") < prompt.indexOf("rude words");
              String kind = kindFirst ? "[[A]]" : "[[B]]";
              String rude = kindFirst ? "[[B]]" : "[[A]]";
              return List.of(kind, rude, kind, "either").get(draw);
            });
    VotingRater rater =
        new VotingRater(new Respondent(voter, SAMPLED, 1), 4, VotingRater.of(voter, 4).template());
    PairLabel label = rater.rate(KIND_FIRST, "kindness", CONTEXT);
    assertThat(label.firstIsBetter().orElseThrow()).isCloseTo(2.0 / 3, within(1e-12));
    assertThat(label.usage().calls()).isEqualTo(8);
    assertThatThrownBy(
            () ->
                new VotingRater(
                    Respondent.of(voter, SamplingOptions.greedy(9)), 3, rater.template()))
        .hasMessageContaining("temperature");
  }

  @Test
  void ensembleIsTheMeanAndTheDrawFollowsFromTheSeed() {
    Map<String, Double> labels = Map.of("a", 0.9, "b", 0.6, "c", 0.3);
    Constitution constitution = comparing("a", "b", "c");
    ConstitutionLabeler labeler = ConstitutionLabeler.of(constitution, fixed(labels));
    AiLabel all = labeler.withEnsemble(3).run(KIND_FIRST, CONTEXT).verdict();
    assertThat(all.firstIsBetter().orElseThrow()).isCloseTo(0.6, within(1e-12));
    assertThat(all.byPrinciple()).hasSize(3);
    assertThat(all.usage().calls()).isEqualTo(6);
    double[] seen = new double[3];
    for (int seed = 0; seed < 300; seed++) {
      double one =
          labeler
              .run(KIND_FIRST, OversightContext.of(seed))
              .verdict()
              .firstIsBetter()
              .orElseThrow();
      seen[(int) Math.round((0.9 - one) / 0.3)]++;
    }
    for (double count : seen) {
      assertThat(count).isGreaterThan(70);
    }
    assertThatThrownBy(() -> labeler.withEnsemble(4))
        .hasMessageContaining("4")
        .hasMessageContaining("3");
    assertThatThrownBy(
            () ->
                ConstitutionLabeler.of(
                    new Constitution(List.of(new Principle("p", "c", "r", ""))), fixed(labels)))
        .hasMessageContaining("comparison");
  }

  @Test
  void labelsDependOnThePairNotOnItsPlace() {
    ConstitutionLabeler labeler =
        ConstitutionLabeler.of(
            comparing("a", "b", "c"), fixed(Map.of("a", 0.9, "b", 0.6, "c", 0.3)));
    List<Comparison> pairs = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      pairs.add(new Comparison(Prompt.text("q" + i), "x", "y"));
    }
    List<OptionalDouble> labels = labeler.label(pairs, CancellationToken.none());
    List<Comparison> reversed = new ArrayList<>(pairs);
    Collections.reverse(reversed);
    List<OptionalDouble> turned =
        new ArrayList<>(labeler.label(reversed, CancellationToken.none()));
    Collections.reverse(turned);
    assertThat(turned).isEqualTo(labels);
    assertThat(labels).contains(OptionalDouble.of(0.3)).contains(OptionalDouble.of(0.9));
    assertThat(labeler.withSeed(1).label(pairs, CancellationToken.none())).isNotEqualTo(labels);
  }

  @Test
  void budgetLeavesTheEnsembleWithWhatWasReached() {
    ConstitutionLabeler labeler =
        ConstitutionLabeler.of(comparing("a", "b"), fixed(Map.of("a", 0.9, "b", 0.9)))
            .withEnsemble(2);
    Outcome<AiLabel> outcome =
        labeler.run(KIND_FIRST, CONTEXT.withBudget(Budget.UNLIMITED.withCalls(1)));
    assertThat(outcome.incomplete()).isEqualTo("budget: calls");
    assertThat(outcome.verdict().byPrinciple()).hasSize(1);
  }

  @Test
  void pairsCarryTheSoftLabelAndReadBack() {
    ScriptedModel assistant =
        ScriptedModel.of((prompt, seed, draw) -> prompt + (seed % 2 == 0 ? " kind" : " rude"));
    PairRater rater =
        (comparison, principle, context) -> {
          OptionalDouble p = OptionalDouble.of(comparison.first().contains("kind") ? 0.75 : 0.25);
          return new PairLabel(p, p, Bounds.NONE, Usage.NONE);
        };
    AiPreferences preferences =
        new AiPreferences(
            Respondent.of(assistant, SAMPLED),
            ConstitutionLabeler.of(comparing("kindness"), rater));
    List<Prompt> prompts = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      prompts.add(Prompt.text("q" + i));
    }
    Feedback<PreferencePair> feedback = preferences.generate(prompts, CONTEXT);
    assertThat(feedback.examples()).hasSizeBetween(2, 14);
    assertThat(feedback.discarded()).isEqualTo(16 - feedback.examples().size());
    assertThat(feedback.examples())
        .allMatch(pair -> pair.chosen().endsWith("kind") && pair.rejected().endsWith("rude"))
        .allMatch(pair -> pair.probability() == 0.75)
        .allMatch(pair -> "principles id kindness".equals(pair.annotator()));
    Path file = folder.resolve("pairs.jsonl");
    Preferences.write(file, feedback.examples());
    assertThat(Preferences.read(file)).isEqualTo(feedback.examples());
    assertThatThrownBy(
            () ->
                new AiPreferences(
                    Respondent.of(assistant, SamplingOptions.greedy(4)), preferences.labeler()))
        .hasMessageContaining("temperature");
  }

  @Test
  void directScoreIsTheExpectationOnTheScaleOfRewards() {
    double[] weights = {0.02, 0.02, 0.04, 0.02, 0.1, 0.1, 0.2, 0.2, 0.1, 0.1};
    ScriptedChoices model = new ScriptedChoices((prompt, scores) -> weights);
    DirectScore score = DirectScore.of(model, "kindness");
    double mass = 0;
    double sum = 0;
    for (int i = 0; i < 10; i++) {
      mass += weights[i];
      sum += (i + 1) * weights[i];
    }
    Reward reward = score.score(List.of(new PromptCompletion(Prompt.text("q"), "a"))).get(0);
    assertThat(reward.components().get("score")).isCloseTo(sum / mass, within(1e-9));
    assertThat(reward.value()).isCloseTo(-1 + 2 * (sum / mass - 1) / 9, within(1e-9));
    assertThat(DirectScore.mapped(1)).isEqualTo(-1);
    assertThat(DirectScore.mapped(10)).isEqualTo(1);
    assertThatThrownBy(
            () ->
                score.withMinMass(0.95).score(List.of(new PromptCompletion(Prompt.text("q"), "a"))))
        .isInstanceOf(ModelExecutionException.class)
        .hasMessageContaining("answer 0");
  }
}

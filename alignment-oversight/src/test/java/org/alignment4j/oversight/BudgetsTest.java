package org.alignment4j.oversight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.function.BiFunction;
import java.util.stream.LongStream;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Budget;
import org.alignment4j.api.oversight.Feedback;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.View;
import org.alignment4j.api.reward.Comparison;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.RewardModel;
import org.alignment4j.core.judge.JudgeModel;
import org.alignment4j.core.judge.ModelJudge;
import org.alignment4j.core.judge.ReplyParser;
import org.alignment4j.oversight.agent.BestOfN;
import org.alignment4j.oversight.agent.CritiqueRefined;
import org.alignment4j.oversight.agent.DraftRater;
import org.alignment4j.oversight.agent.JudgeRater;
import org.alignment4j.oversight.agent.ModelAgent;
import org.alignment4j.oversight.agent.SpeechForm;
import org.alignment4j.oversight.budget.Allowance;
import org.alignment4j.oversight.constitution.AiLabel;
import org.alignment4j.oversight.constitution.AiPreferences;
import org.alignment4j.oversight.constitution.Constitution;
import org.alignment4j.oversight.constitution.ConstitutionLabeler;
import org.alignment4j.oversight.constitution.LetterRater;
import org.alignment4j.oversight.constitution.PairRater;
import org.alignment4j.oversight.constitution.ReasonedRater;
import org.alignment4j.oversight.constitution.VotingRater;
import org.alignment4j.oversight.forecast.ModelForecaster;
import org.alignment4j.oversight.recursive.BestSamples;
import org.alignment4j.oversight.recursive.Lessons;
import org.alignment4j.oversight.society.AnsweringAgent;
import org.alignment4j.oversight.society.ModelModerator;
import org.junit.jupiter.api.Test;

/** Whoever asks models several times keeps to the calls it is given, and reports all it made. */
class BudgetsTest {
  private static final SamplingOptions SAMPLED = SamplingOptions.sampling(20, 1);
  private static final Comparison PAIR =
      new Comparison(Prompt.chat(Message.user("Who?")), "Ada did.", "Ben did.");

  private static OversightContext calls(long most) {
    return OversightContext.of(1).withBudget(Budget.UNLIMITED.withCalls(most));
  }

  private static View view() {
    return new View(
        "Debater A", 0, "Argue.", "Who?", List.of("Ada", "Ben"), List.of("Ada did."), List.of());
  }

  /** Runs under every budget up to one that leaves nothing out. */
  private static void requireKept(
      int enough, ScriptedModel model, BiFunction<View, OversightContext, Usage> role) {
    for (int most = 1; most <= enough; most++) {
      int before = model.calls().size();
      Usage reported = role.apply(view(), calls(most));
      int made = model.calls().size() - before;
      assertThat(made).as("calls of a budget of " + most).isBetween(1, most);
      assertThat(reported.calls()).as("reported of " + made + " calls").isEqualTo(made);
    }
    int before = model.calls().size();
    assertThat(role.apply(view(), calls(1000)).calls()).isEqualTo(enough);
    assertThat(model.calls().size() - before).as("calls without limit").isEqualTo(enough);
    assertThatThrownBy(() -> role.apply(view(), calls(0)))
        .isInstanceOf(BudgetExceededException.class);
  }

  private static DraftRater rater(ScriptedModel model) {
    return JudgeRater.of(ModelJudge.of(JudgeModel.of(model)), "Judge.", 0, "Debater B");
  }

  private static ScriptedModel everyone() {
    return ScriptedModel.of(
        (prompt, seed, draw) -> prompt.contains("Judge.") ? "[[A]]" : "I say " + seed);
  }

  @Test
  void draftsAndTheirRatings() {
    ScriptedModel model = everyone();
    BestOfN agent = new BestOfN(ModelAgent.of(model), 4, rater(model));
    requireKept(8, model, (view, context) -> agent.act(view, context).usage());
  }

  @Test
  void draftsThatAreDrawnAgain() {
    ScriptedModel model = everyone();
    BestOfN agent =
        new BestOfN(ModelAgent.of(model).withForm(SpeechForm.argument()), 4, rater(model));
    requireKept(16, model, (view, context) -> agent.act(view, context).usage());
  }

  @Test
  void critiquesAndRefinements() {
    ScriptedModel model = everyone();
    DraftRater rater = rater(model);
    ModelAgent writer = ModelAgent.of(model);
    CritiqueRefined agent =
        new CritiqueRefined(
            new BestOfN(writer, 3, rater),
            writer,
            2,
            rater,
            writer,
            2,
            rater,
            CritiqueRefined.CritiqueWording.bundled());
    requireKept(6 + 4 + 5, model, (view, context) -> agent.act(view, context).usage());
  }

  @Test
  void forecastsAnswersAndModerations() {
    ScriptedModel model = ScriptedModel.saying("hm");
    ReplyParser<String> form = ReplyParser.choice(List.of("A", "B"));
    ModelForecaster forecaster = ModelForecaster.of(model).withAnswers(2);
    requireKept(6, model, (view, context) -> forecaster.forecast(view, context).usage());
    AnsweringAgent agent = AnsweringAgent.of(model, form);
    requireKept(3, model, (view, context) -> agent.act(view, context).usage());
    ModelModerator moderator = ModelModerator.of(model, form);
    requireKept(3, model, (view, context) -> moderator.moderate(view, context).usage());
  }

  private static void requireKept(int enough, ScriptedModel model, PairRater rater) {
    ConstitutionLabeler labeler = ConstitutionLabeler.of(Constitution.bundled(), rater);
    for (int most = 0; most <= enough; most++) {
      int before = model.calls().size();
      Outcome<AiLabel> outcome = labeler.run(PAIR, calls(most));
      int made = model.calls().size() - before;
      assertThat(made).as("calls of a budget of " + most).isLessThanOrEqualTo(most);
      assertThat(outcome.usage().calls()).as("reported of " + made + " calls").isEqualTo(made);
      assertThat(outcome.complete()).isEqualTo(most == enough);
      assertThat(outcome.verdict().firstIsBetter().isPresent()).isEqualTo(most == enough);
    }
  }

  @Test
  void votes() {
    ScriptedModel model = ScriptedModel.saying("[[A]]");
    requireKept(8, model, VotingRater.of(model, 4));
  }

  @Test
  void reasonsAndLetters() {
    ScriptedModel reasoner = ScriptedModel.saying("Ada is better.");
    ScriptedChoices judge = new ScriptedChoices((prompt, letters) -> new double[] {0.6, 0.3});
    for (int most = 0; most <= 4; most++) {
      int before = reasoner.calls().size() + judge.prompts().size();
      Outcome<AiLabel> outcome =
          ConstitutionLabeler.of(
                  Constitution.bundled(), ReasonedRater.of(Respondent.of(reasoner, SAMPLED), judge))
              .run(PAIR, calls(most));
      int made = reasoner.calls().size() + judge.prompts().size() - before;
      assertThat(made).isEqualTo(most);
      assertThat(outcome.usage().calls()).isEqualTo(most);
      assertThat(outcome.complete()).isEqualTo(most == 4);
    }
  }

  @Test
  void lettersAreWeighedInBothOrdersOrNotAtAll() {
    ScriptedChoices model = new ScriptedChoices((prompt, letters) -> new double[] {0.6, 0.3});
    ConstitutionLabeler labeler =
        ConstitutionLabeler.of(Constitution.bundled(), LetterRater.of(model));
    Outcome<AiLabel> one = labeler.run(PAIR, calls(1));
    assertThat(one.incomplete()).isEqualTo("budget: calls");
    assertThat(model.prompts()).isEmpty();
    assertThat(labeler.run(PAIR, calls(2)).complete()).isTrue();
    assertThat(model.prompts()).hasSize(2);
  }

  @Test
  void preferencesOfManyPrompts() {
    ScriptedModel model =
        ScriptedModel.of(
            (prompt, seed, draw) -> prompt.contains("[[A]]") ? "[[A]]" : "answer " + seed);
    AiPreferences preferences =
        new AiPreferences(
            Respondent.of(model, SAMPLED),
            ConstitutionLabeler.of(Constitution.bundled(), VotingRater.of(model, 40)));
    List<Prompt> prompts = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      prompts.add(Prompt.chat(Message.user("q" + i)));
    }
    Feedback<PreferencePair> feedback = preferences.generate(prompts, calls(100));
    assertThat(model.calls()).hasSize(100);
    assertThat(feedback.usage().calls()).isEqualTo(100);
    assertThat(feedback.examples()).hasSize(1);
    assertThat(feedback.discarded()).as("the budget is no verdict").isZero();
  }

  @Test
  void samplesToLearnFrom() {
    ScriptedModel agent = ScriptedModel.of((prompt, seed, draw) -> "sample " + seed);
    RewardModel reward =
        new RewardModel() {
          @Override
          public String id() {
            return "length";
          }

          @Override
          public List<Reward> score(
              List<PromptCompletion> answers, CancellationToken cancellation) {
            return answers.stream().map(a -> Reward.of(a.completion().length())).toList();
          }
        };
    List<Prompt> prompts = List.of(Prompt.text("a"), Prompt.text("b"));
    BestSamples best = new BestSamples(3, SAMPLED);
    Lessons cut = best.lessons(agent, reward, prompts, calls(5));
    assertThat(agent.calls()).hasSize(4);
    assertThat(cut.usage().calls()).isEqualTo(4);
    assertThat(cut.incomplete()).isEqualTo("budget: calls");
    assertThat(cut.completions()).hasSize(2);
    assertThat(best.lessons(agent, reward, prompts, calls(6)).incomplete()).isEmpty();
    assertThat(best.lessons(agent, reward, prompts, calls(1)).completions()).isEmpty();
  }

  @Test
  void moneyHasNoPricesHere() {
    ScriptedModel model = everyone();
    OversightContext money = OversightContext.of(1).withBudget(Budget.UNLIMITED.withMoney(1));
    assertThatThrownBy(() -> ModelAgent.of(model).act(view(), money))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("recorded calls");
    assertThat(model.calls()).isEmpty();
  }

  /** Time passes between two looks at the clock, so that there must be one. */
  @Test
  void whatIsLeftOfTheTimeIsNeverNegative() {
    PrimitiveIterator.OfLong nanos = LongStream.of(0, 9, 11).iterator();
    Budget limit = Budget.UNLIMITED.withTime(Duration.ofNanos(10));
    Allowance allowance =
        Allowance.of("work", OversightContext.of(1).withBudget(limit), nanos::nextLong);
    assertThat(allowance.next().budget().time()).contains(Duration.ofNanos(1));
    assertThatThrownBy(allowance::next)
        .isInstanceOf(BudgetExceededException.class)
        .hasMessageContaining("time");
  }
}

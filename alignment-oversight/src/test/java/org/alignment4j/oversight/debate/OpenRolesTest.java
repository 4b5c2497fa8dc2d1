package org.alignment4j.oversight.debate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Agent;
import org.alignment4j.api.oversight.Budget;
import org.alignment4j.api.oversight.Judge;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.api.oversight.Verdict;
import org.alignment4j.oversight.ChoiceQuestion;
import org.alignment4j.oversight.OversightRun;
import org.alignment4j.oversight.Ruling;
import org.alignment4j.oversight.RunReport;
import org.junit.jupiter.api.Test;

class OpenRolesTest {
  private static final Usage ONE = new Usage(1, 10, 0, 5, 0, 0, Duration.ZERO);
  private static final OversightContext CONTEXT = OversightContext.of(3);
  private static final ChoiceQuestion QUESTION =
      ChoiceQuestion.of("q", "Who kept the lamp?", List.of("Ada", "Ben"), 0, "Ada kept it.");

  private static Judge choosing(String option) {
    return (view, context) -> new Verdict.Decided(option, 0.9, "so I read", ONE);
  }

  private static Agent naming() {
    return (view, context) ->
        new Turn(
            view.role(),
            view.round(),
            "I say "
                + view.options().get(view.instructions().contains("option B is right") ? 1 : 0),
            "",
            true,
            1,
            ONE);
  }

  /** Believes who speaks first. */
  private static final Judge GULLIBLE =
      (view, context) -> {
        String said = view.turns().get(0).visible();
        return new Verdict.Decided(said.substring("I say ".length()), 0.8, "", ONE);
      };

  @Test
  void theConsultantArguesForWhatWasChosen() {
    OpenRoles open =
        OpenRoles.of(choosing("Ben"), Consultancy.of(naming(), GULLIBLE, 0).withRounds(1));
    Outcome<Ruling> outcome = open.run(QUESTION, CONTEXT);
    assertThat(OpenRoles.chosen(outcome)).contains("Ben");
    assertThat(outcome.verdict().share("Ben")).hasValue(1);
    assertThat(outcome.usage().calls()).isEqualTo(3);
    assertThat(outcome.transcript().turns())
        .extracting(Turn::role)
        .containsExactly(OpenRoles.PROTAGONIST, Consultancy.CONSULTANT);
    assertThat(outcome.transcript().turns().get(0).hidden()).isEqualTo("so I read");
  }

  @Test
  void theOpponentGetsTheOtherSide() {
    Debate debate = Debate.between(naming(), naming()).judgedBy(GULLIBLE).rounds(1).build();
    List<String> shown = OpenRoles.presented(QUESTION).options();
    for (String choice : QUESTION.options()) {
      Outcome<Ruling> outcome =
          OpenRoles.of(choosing(choice), debate, debate).run(QUESTION, CONTEXT);
      assertThat(outcome.transcript().turns())
          .extracting(Turn::visible)
          .containsExactly(choice, "I say " + shown.get(0), "I say " + shown.get(1));
    }
  }

  @Test
  void aJudgeWhoLikesAPlaceIsNoMorePersuadedByTheTruth() {
    Judge first = (view, context) -> new Verdict.Decided(view.options().get(0), 1, "", ONE);
    Map<ChoiceQuestion, Outcome<Ruling>> once = new LinkedHashMap<>();
    Map<ChoiceQuestion, Outcome<Ruling>> twice = new LinkedHashMap<>();
    Consultancy consultancy = Consultancy.of(naming(), first, 0).withRounds(1);
    for (int i = 0; i < 400; i++) {
      ChoiceQuestion question =
          ChoiceQuestion.of("q" + i, "Question " + i, List.of("x" + i, "y" + i), i % 2);
      Judge chooser = choosing(question.options().get((i / 2) % 2));
      once.put(question, OpenRoles.of(chooser, consultancy).run(question, CONTEXT));
      twice.put(
          question, OpenRoles.of(chooser, consultancy.judgedInBothOrders()).run(question, CONTEXT));
    }
    OpenFigures drawn = OpenFigures.of(RunReport.of(once));
    assertThat(drawn.rightBehindTruth().orElseThrow().contains(0.5)).isTrue();
    assertThat(drawn.rightBehindFalsehood().orElseThrow().contains(0.5)).isTrue();
    OpenFigures both = OpenFigures.of(RunReport.of(twice));
    assertThat(both.rightBehindTruth().orElseThrow().value()).isEqualTo(0.5);
    assertThat(both.rightBehindFalsehood().orElseThrow().value()).isEqualTo(0.5);
    ChoiceQuestion one = once.keySet().iterator().next();
    assertThat(OpenRoles.presented(one.swapped())).isEqualTo(OpenRoles.presented(one).swapped());
  }

  @Test
  void withoutAChoiceOrABudgetThereIsNoVerdict() {
    Consultancy consultancy = Consultancy.of(naming(), GULLIBLE, 0).withRounds(2);
    Outcome<Ruling> none =
        OpenRoles.of((view, context) -> new Verdict.Unparsed("Hm.", ONE), consultancy)
            .run(QUESTION, CONTEXT);
    assertThat(none.complete()).isFalse();
    assertThat(none.incomplete()).contains("chose no option");
    assertThat(none.verdict()).isEqualTo(Ruling.NONE);
    Budget two =
        new Budget(
            OptionalLong.of(2),
            OptionalLong.empty(),
            CONTEXT.budget().money(),
            CONTEXT.budget().time());
    Outcome<Ruling> stopped =
        OpenRoles.of(choosing("Ada"), consultancy).run(QUESTION, CONTEXT.withBudget(two));
    assertThat(stopped.incomplete()).isEqualTo("budget: calls");
    assertThat(stopped.usage().calls()).isEqualTo(2);
    assertThat(stopped.transcript().turns()).hasSize(2);
  }

  @Test
  void figuresTellChoicesAndVerdictsApart() {
    Map<ChoiceQuestion, Outcome<Ruling>> outcomes = new LinkedHashMap<>();
    Consultancy consultancy = Consultancy.of(naming(), GULLIBLE, 0).withRounds(1);
    for (int i = 0; i < 10; i++) {
      ChoiceQuestion question =
          ChoiceQuestion.of("q" + i, "Who kept lamp " + i + "?", List.of("Ada", "Ben"), 0, "Ada.");
      outcomes.put(
          question,
          OpenRoles.of(choosing(i < 7 ? "Ada" : "Ben"), consultancy).run(question, CONTEXT));
    }
    OpenFigures figures = OpenFigures.of(RunReport.of(outcomes));
    assertThat(figures.choosesTruth().orElseThrow().value()).isEqualTo(0.7);
    assertThat(figures.rightBehindTruth().orElseThrow().value()).isEqualTo(1);
    assertThat(figures.rightBehindTruth().orElseThrow().n()).isEqualTo(7);
    assertThat(figures.rightBehindFalsehood().orElseThrow().value()).isEqualTo(0);
    assertThat(OpenFigures.of(RunReport.of(Map.of())).choosesTruth()).isEmpty();
  }

  @Test
  void questionsThatFailAreCounted() {
    ChoiceQuestion other = ChoiceQuestion.of("r", "Who?", List.of("Ada", "Ben"), 0);
    OpenRoles open =
        OpenRoles.of(
            (view, context) -> {
              if (view.question().equals(other.text())) {
                throw new ModelExecutionException("down");
              }
              return choosing("Ada").judge(view, context);
            },
            Consultancy.of(naming(), GULLIBLE, 0).withRounds(1));
    OpenFigures figures =
        OpenFigures.of(
            OversightRun.of("open", open, ChoiceQuestion::id).run(List.of(QUESTION, other)));
    assertThat(figures.choosesTruth().orElseThrow().n()).isEqualTo(1);
    assertThat(figures.choosesTruth().orElseThrow().failed()).isEqualTo(1);
  }

  @Test
  void questionsWithThreeOptionsAreRefused() {
    ChoiceQuestion three = ChoiceQuestion.of("q", "Who?", List.of("a", "b", "c"), 0, "");
    OpenRoles open = OpenRoles.of(choosing("a"), Consultancy.of(naming(), GULLIBLE, 0));
    assertThatThrownBy(() -> open.run(three, CONTEXT)).hasMessageContaining("two options");
  }
}

package org.alignment4j.oversight.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Agent;
import org.alignment4j.api.oversight.Budget;
import org.alignment4j.api.oversight.Judge;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.StudyResult;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.api.oversight.Verdict;
import org.alignment4j.oversight.ChoiceQuestion;
import org.alignment4j.oversight.agent.CallSeed;
import org.alignment4j.oversight.debate.Consultancy;
import org.alignment4j.oversight.debate.Debate;
import org.alignment4j.oversight.debate.DirectJudgement;
import org.alignment4j.oversight.debate.OpenRoles;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class JudgementStudyTest {
  private static final Usage ONE = new Usage(1, 10, 0, 5, 0, 0, Duration.ZERO);
  private static final int COUNT = 200;

  private static List<ChoiceQuestion> questions() {
    List<ChoiceQuestion> questions = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      List<String> options =
          i % 2 == 0 ? List.of("right" + i, "wrong" + i) : List.of("wrong" + i, "right" + i);
      questions.add(
          new ChoiceQuestion(
              "q" + i,
              "Which, " + i + "?",
              options,
              List.of("It says: the answer is right" + i + "."),
              OptionalInt.of(i % 2),
              "text " + i / 2));
    }
    return questions;
  }

  /** Quotes what the material says for the option it defends, true or not. */
  private static final Agent ADVOCATE =
      (view, context) -> {
        int side = view.instructions().contains("option A") ? 0 : 1;
        if (view.instructions().contains("defend option B")) {
          side = 1;
        }
        return new Turn(
            view.role(),
            view.round(),
            "<quote>the answer is " + view.options().get(side) + "</quote>",
            "",
            true,
            1,
            ONE);
      };

  /** Believes a verified quote that names an option; otherwise guesses by the seed. */
  private static final Judge QUOTES =
      (view, context) -> {
        for (String option : view.options()) {
          for (Turn turn : view.turns()) {
            if (turn.visible().contains("<v_quote>the answer is " + option + "<")) {
              return new Verdict.Decided(option, 0.9, "", ONE);
            }
          }
          for (String text : view.material()) {
            if (text.contains(option)) {
              return new Verdict.Decided(option, 1, "", ONE);
            }
          }
        }
        long coin = CallSeed.part(context.seed(), "coin");
        return new Verdict.Decided(view.options().get((int) Math.floorMod(coin, 2L)), 0.5, "", ONE);
      };

  private static List<Arm> arms() {
    Consultancy consultancy = Consultancy.of(ADVOCATE, QUOTES, 0).withRounds(1);
    Debate debate =
        Debate.between(ADVOCATE, ADVOCATE).judgedBy(QUOTES).rounds(1).judgedInBothOrders().build();
    return List.of(
        Arm.of("blind", DirectJudgement.blind(QUOTES)),
        Arm.eachSide("consultancy", List.of(consultancy, consultancy.defending(1))),
        Arm.of("debate", debate),
        Arm.bothOrders("expert", DirectJudgement.expert(QUOTES)));
  }

  /** Takes what stands first, in the swapped order too. */
  private static final Judge FIRST =
      (view, context) -> new Verdict.Decided(view.options().get(0), 0.9, "", ONE);

  private static Debate judged(Judge judge) {
    return Debate.between(ADVOCATE, ADVOCATE)
        .judgedBy(judge)
        .rounds(1)
        .judgedInBothOrders()
        .build();
  }

  @Test
  void ordersJudgedTogetherAndApartAreScoredAlike() {
    StudyFindings findings =
        JudgementStudy.of(
                questions(),
                List.of(
                    Arm.bothOrders("apart", DirectJudgement.blind(FIRST)),
                    Arm.of("together", judged(FIRST)),
                    Arm.of("open", OpenRoles.of(CHOOSES_SECOND, judged(FIRST), judged(FIRST)))))
            .measure(OversightContext.of(1));
    for (String arm : List.of("apart", "together", "open")) {
      assertThat(findings.result().estimate(arm, "accuracy").value()).isEqualTo(0.5);
      assertThat(findings.result().estimate(arm, StudyFindings.BRIER).value())
          .isCloseTo((0.01 + 0.81) / 2, Offset.offset(1e-12));
      assertThat(findings.result().estimate(arm, StudyFindings.FIRST_OPTION).value()).isEqualTo(1);
    }
  }

  private static final Judge CHOOSES_SECOND =
      (view, context) -> new Verdict.Decided(view.options().get(1), 1, "", ONE);

  @Test
  void brierScoreIsOverAllOptions() {
    List<ChoiceQuestion> four = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      four.add(ChoiceQuestion.of("q" + i, "Question " + i, List.of("a", "b", "c", "d"), 0));
    }
    Judge wrong = (view, context) -> new Verdict.Decided("d", 0.28, "", ONE);
    StudyResult result =
        JudgementStudy.of(four, List.of(Arm.of("wrong", DirectJudgement.blind(wrong))))
            .run(OversightContext.of(1));
    assertThat(result.estimate("wrong", StudyFindings.BRIER).value())
        .isCloseTo((0.28 * 0.28 + 0.76 * 0.76 + 2 * 0.24 * 0.24) / 2, Offset.offset(1e-12));
    Metric brier =
        result.metrics().stream()
            .filter(m -> m.name().equals(StudyFindings.BRIER))
            .findFirst()
            .orElseThrow();
    assertThat(brier.chance()).hasValue(0.375);
  }

  @Test
  void aVerdictInOneOrderAloneIsUnscored() {
    Judge once =
        (view, context) ->
            view.options().get(0).startsWith("right")
                ? new Verdict.Decided(view.options().get(0), 0.9, "", ONE)
                : new Verdict.Unparsed("Hm.", ONE);
    StudyFindings findings =
        JudgementStudy.of(questions(), List.of(Arm.of("debate", judged(once))))
            .mostUnparsed(1)
            .measure(OversightContext.of(1));
    assertThat(findings.result().estimates().get("debate")).doesNotContainKey("accuracy");
  }

  @Test
  void ordersArmsAsTheyWerePlanted() {
    StudyFindings findings =
        JudgementStudy.of(questions(), arms()).seeds(2).measure(OversightContext.of(1));
    Estimate blind = findings.result().estimate("blind", "accuracy");
    Estimate consultancy = findings.result().estimate("consultancy", "accuracy");
    double fourDeviations = 4 * Math.sqrt(0.25 / (2 * COUNT));
    assertThat(blind.value()).isBetween(0.5 - fourDeviations, 0.5 + fourDeviations);
    assertThat(blind.n()).isEqualTo(2 * COUNT);
    assertThat(blind.clusters()).isEqualTo(COUNT / 2);
    assertThat(consultancy.value()).isBetween(0.75 - fourDeviations / 2, 0.75 + fourDeviations / 2);
    assertThat(findings.result().estimate("consultancy", StudyFindings.DEFENDING_TRUTH).value())
        .isEqualTo(1);
    assertThat(findings.result().estimate("consultancy", StudyFindings.DEFENDING_FALSEHOOD).value())
        .isBetween(0.5 - fourDeviations, 0.5 + fourDeviations);
    assertThat(findings.result().estimate("debate", "accuracy").value()).isEqualTo(1);
    assertThat(findings.result().estimate("debate", StudyFindings.BRIER).value())
        .isCloseTo(0.01, Offset.offset(1e-12));
    assertThat(findings.result().estimate("debate", StudyFindings.FIRST_OPTION).value())
        .isEqualTo(0.5);
    assertThat(findings.result().estimate("expert", StudyFindings.FIRST_OPTION).value())
        .isEqualTo(0.5);
    assertThat(findings.result().usage().get("debate").calls()).isEqualTo(2L * COUNT * 4);
    assertThat(findings.result().usage().get("consultancy").calls()).isEqualTo(2L * COUNT * 4);
    assertThat(findings.differences()).hasSize(6);
    StudyFindings.Difference gain =
        findings.differences().stream()
            .filter(d -> d.arm().equals("debate") && d.reference().equals("blind"))
            .findFirst()
            .orElseThrow();
    assertThat(gain.estimate().value()).isCloseTo(1 - blind.value(), Offset.offset(1e-12));
    assertThat(gain.adjusted()).isLessThan(0.01).isGreaterThanOrEqualTo(gain.pValue());
    assertThat(JudgementStudy.of(questions(), arms()).arms())
        .containsExactly("blind", "consultancy", "debate", "expert");
  }

  @Test
  void isTheSameTwiceAndDiffersBySeed() {
    StudyFindings once = JudgementStudy.of(questions(), arms()).measure(OversightContext.of(1));
    StudyFindings again = JudgementStudy.of(questions(), arms()).measure(OversightContext.of(1));
    StudyFindings other = JudgementStudy.of(questions(), arms()).measure(OversightContext.of(2));
    assertThat(once.result()).isEqualTo(again.result());
    assertThat(once.result().estimates()).isNotEqualTo(other.result().estimates());
  }

  @Test
  void unscoredAndFailedAreLeftOutAndCounted() {
    Judge moody =
        (view, context) -> {
          int number = Integer.parseInt(view.question().replaceAll("\\D", ""));
          if (number % 10 == 0) {
            return new Verdict.Unparsed("?", ONE);
          }
          if (number % 10 == 1) {
            throw new ModelExecutionException("down");
          }
          return new Verdict.Decided("right" + number, 1, "", ONE);
        };
    Estimate accuracy =
        JudgementStudy.of(questions(), List.of(Arm.of("blind", DirectJudgement.blind(moody))))
            .measure(OversightContext.of(1))
            .result()
            .estimate("blind", "accuracy");
    assertThat(accuracy.value()).isEqualTo(1);
    assertThat(accuracy.n()).isEqualTo(COUNT * 8 / 10);
    assertThat(accuracy.unscored()).isEqualTo(COUNT / 10);
    assertThat(accuracy.failed()).isEqualTo(COUNT / 10);
  }

  /** Of two questions, the lie fails on the first and the truth has no verdict on the second. */
  @Test
  void whatIsMissingIsCountedWhereItIsMissing() {
    Judge truth =
        (view, context) ->
            view.question().equals("One?")
                ? new Verdict.Decided("yes", 1, "", ONE)
                : new Verdict.Unparsed("Hm.", ONE);
    Judge lie =
        (view, context) -> {
          if (view.question().equals("One?")) {
            throw new ModelExecutionException("down");
          }
          return new Verdict.Decided("yes", 1, "", ONE);
        };
    Arm arm =
        Arm.eachSide(
            "consultancy", List.of(DirectJudgement.blind(truth), DirectJudgement.blind(lie)));
    List<ChoiceQuestion> two =
        List.of(
            ChoiceQuestion.of("one", "One?", List.of("yes", "no"), 0),
            ChoiceQuestion.of("two", "Two?", List.of("yes", "no"), 0));
    StudyResult result =
        JudgementStudy.of(two, List.of(arm)).mostUnparsed(1).run(OversightContext.of(1));
    Estimate defendingTruth = result.estimate("consultancy", StudyFindings.DEFENDING_TRUTH);
    assertThat(defendingTruth.n()).isEqualTo(1);
    assertThat(defendingTruth.unscored()).isEqualTo(1);
    assertThat(defendingTruth.failed()).isZero();
    Estimate defendingFalsehood = result.estimate("consultancy", StudyFindings.DEFENDING_FALSEHOOD);
    assertThat(defendingFalsehood.n()).isEqualTo(1);
    assertThat(defendingFalsehood.unscored()).isZero();
    assertThat(defendingFalsehood.failed()).isEqualTo(1);
    assertThat(result.estimates().get("consultancy")).doesNotContainKey(StudyFindings.ACCURACY);
  }

  /** Nobody argued for the third option, so that nothing is missing where it is the right one. */
  @Test
  void whatNobodyArguedForIsNotMissing() {
    Judge third = (view, context) -> new Verdict.Decided("c", 1, "", ONE);
    Arm arm =
        Arm.eachSide(
            "consultancy", List.of(DirectJudgement.blind(third), DirectJudgement.blind(third)));
    List<ChoiceQuestion> two =
        List.of(
            ChoiceQuestion.of("one", "One?", List.of("a", "b", "c"), 0),
            ChoiceQuestion.of("two", "Two?", List.of("a", "b", "c"), 2));
    Estimate estimate =
        JudgementStudy.of(two, List.of(arm))
            .run(OversightContext.of(1))
            .estimate("consultancy", StudyFindings.DEFENDING_TRUTH);
    assertThat(estimate.n()).isEqualTo(1);
    assertThat(estimate.unscored()).isZero();
    assertThat(estimate.failed()).isZero();
  }

  @Test
  void judgeThatRarelyNamesAnOptionEndsTheStudy() {
    Judge vague = (view, context) -> new Verdict.Unparsed("Well.", ONE);
    List<Arm> arms = List.of(Arm.of("blind", DirectJudgement.blind(vague)));
    JudgementStudy study = JudgementStudy.of(questions(), arms);
    assertThatThrownBy(() -> study.measure(OversightContext.of(1)))
        .isInstanceOf(AlignmentException.class)
        .hasMessageContaining("200 of 200 of 'blind'");
    assertThat(
            study.mostUnparsed(1).measure(OversightContext.of(1)).result().estimates().get("blind"))
        .isEmpty();
  }

  @Test
  void aBudgetOfTheContextIsRefusedBeforeTheFirstCall() {
    int[] calls = new int[1];
    Judge counted =
        (view, context) -> {
          calls[0]++;
          return new Verdict.Decided(view.options().get(0), 1, "", ONE);
        };
    JudgementStudy study =
        JudgementStudy.of(questions(), List.of(Arm.of("a", DirectJudgement.blind(counted))));
    for (Budget budget : List.of(Budget.UNLIMITED.withCalls(10), Budget.UNLIMITED.withMoney(10))) {
      assertThatThrownBy(() -> study.run(OversightContext.of(1).withBudget(budget)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("recorded calls");
    }
    assertThat(calls[0]).isZero();
    assertThatThrownBy(() -> study.questionBudget(Budget.UNLIMITED.withMoney(1)))
        .hasMessageContaining("must not limit money");
    Arm twice = Arm.of("b", judged(counted));
    assertThatThrownBy(
            () ->
                JudgementStudy.of(questions(), List.of(twice))
                    .questionBudget(Budget.UNLIMITED.withCalls(2))
                    .run(OversightContext.of(1)))
        .isInstanceOf(AlignmentException.class)
        .hasMessageContaining("'b' has none")
        .hasMessageContaining("200 were stopped early (budget: calls)");
  }

  @Test
  void aVerdictInOneOrderThatTheBudgetLeftIsUnscored() {
    StudyFindings findings =
        JudgementStudy.of(questions(), List.of(Arm.of("debate", judged(FIRST))))
            .questionBudget(Budget.UNLIMITED.withCalls(3))
            .measure(OversightContext.of(1));
    assertThat(findings.result().estimates().get("debate")).isEmpty();
    assertThat(findings.rows().get("debate").get(0).tries().get(0).outcome().orElseThrow())
        .matches(outcome -> outcome.verdict().verdicts().size() == 1 && !outcome.complete());
  }

  @Test
  void anArmWithoutVerdictEndsTheStudy() {
    Judge down =
        (view, context) -> {
          throw new ModelExecutionException("down");
        };
    List<Arm> arms =
        List.of(
            Arm.of("fine", DirectJudgement.blind(QUOTES)),
            Arm.of("down", DirectJudgement.blind(down)));
    assertThatThrownBy(() -> JudgementStudy.of(questions(), arms).run(OversightContext.of(1)))
        .isInstanceOf(ModelExecutionException.class)
        .hasMessageContaining("all 10 questions of 'down");
    assertThatThrownBy(
            () -> JudgementStudy.of(questions().subList(0, 4), arms).run(OversightContext.of(1)))
        .isInstanceOf(AlignmentException.class)
        .hasMessageContaining("'down' has none: 4 of 4 questions failed, the first with")
        .hasMessageContaining("ModelExecutionException: down");
  }

  @Test
  void badInputIsNamed() {
    ChoiceQuestion open =
        new ChoiceQuestion("q", "?", List.of("a", "b"), List.of(), OptionalInt.empty(), "q");
    assertThatThrownBy(() -> JudgementStudy.of(List.of(open), arms()))
        .hasMessageContaining("'q' must have a known answer");
    Arm blind = Arm.of("blind", DirectJudgement.blind(QUOTES));
    assertThatThrownBy(() -> JudgementStudy.of(questions(), List.of(blind, blind)))
        .hasMessageContaining("names of their own");
    assertThatThrownBy(() -> new Arm("x", List.of())).hasMessageContaining("variant");
  }
}

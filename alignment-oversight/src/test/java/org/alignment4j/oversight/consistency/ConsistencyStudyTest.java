package org.alignment4j.oversight.consistency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Budget;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.StudyResult;
import org.alignment4j.oversight.OversightRun;
import org.alignment4j.oversight.ScriptedModel;
import org.alignment4j.oversight.forecast.Forecast;
import org.alignment4j.oversight.forecast.Forecaster;
import org.alignment4j.oversight.forecast.ModelForecaster;
import org.junit.jupiter.api.Test;

class ConsistencyStudyTest {
  private static final Usage ONE = new Usage(1, 10, 0, 5, 0, 0, Duration.ZERO);
  private static final OversightContext CONTEXT = OversightContext.of(11);

  /** A world of items whose joint probabilities are known, asked about in a fixed language. */
  private static List<ConsistencyCheck> checks(int items) {
    List<ConsistencyCheck> checks = new ArrayList<>();
    for (int i = 0; i < items; i++) {
      String c = "topic " + i / 2;
      checks.add(new ConsistencyCheck.Negation("n" + i, c, "A " + i, "not A " + i));
      checks.add(
          new ConsistencyCheck.Paraphrase(
              "p" + i, c, List.of("A " + i, "again A " + i, "once A " + i)));
      checks.add(
          new ConsistencyCheck.Bayes("b" + i, c, "A " + i, "B " + i, "A if B " + i, "B if A " + i));
      List<String> years = new ArrayList<>();
      for (int year = 0; year < 5; year++) {
        years.add("year" + year + " " + i);
      }
      checks.add(new ConsistencyCheck.Monotonicity("m" + i, c, years, i % 2 == 0));
    }
    return checks;
  }

  /** The truth about item i: P(A) = a, P(B) = b, P(A and B) = a·b + 0.02. */
  private static double truth(String statement) {
    int at = statement.lastIndexOf(' ');
    int item = Integer.parseInt(statement.substring(at + 1));
    double a = 0.3 + 0.02 * (item % 10);
    double b = 0.4 + 0.01 * (item % 7);
    double both = a * b + 0.02;
    return switch (statement.substring(0, at)) {
      case "not A" -> 1 - a;
      case "B" -> b;
      case "A if B" -> both / b;
      case "B if A" -> both / a;
      case "year0", "year1", "year2", "year3", "year4" -> {
        int year = statement.charAt(4) - '0';
        yield item % 2 == 0 ? 100 + year : 100 - year;
      }
      default -> a;
    };
  }

  private static final Forecaster PERFECT =
      (view, context) -> Forecast.of(truth(view.question()), ONE);

  private static Map<String, ConsistencyScores> scores(Forecaster who, int items) {
    return ConsistencyStudy.scores(
        OversightRun.of("c", ConsistencyProtocol.of(who), ConsistencyCheck::id)
            .seed(3)
            .run(checks(items)));
  }

  @Test
  void perfectForecasterIsConsistent() {
    Map<String, ConsistencyScores> scores = scores(PERFECT, 40);
    assertThat(scores.keySet()).containsExactly("negation", "paraphrase", "Bayes", "monotonicity");
    scores.forEach(
        (kind, s) -> {
          assertThat(s.mean().value()).as(kind).isCloseTo(0, within(1e-7));
          assertThat(s.strong().value()).as(kind).isZero();
          assertThat(s.strong().ciHigh()).as(kind).isBetween(0.01, 0.3);
          assertThat(s.noise().value()).as(kind).isCloseTo(0, within(1e-7));
          assertThat(s.mean().n()).isEqualTo(40);
          if (kind.equals("monotonicity")) {
            assertThat(s.arbitrage().n()).isZero();
          } else {
            assertThat(s.arbitrage().value()).as(kind).isCloseTo(0, within(1e-7));
            assertThat(s.arbitrage().clusters()).isEqualTo(20);
          }
          assertThat(s.mean().clusters()).isEqualTo(20);
        });
  }

  @Test
  void knownPerturbationsComeBackAsTheyAre() {
    Forecaster perturbed =
        (view, context) -> {
          String asked = view.question();
          double value = truth(asked);
          if (asked.startsWith("not A ") || asked.startsWith("once A ")) {
            value += 0.25;
          } else if (asked.startsWith("A if B ")) {
            value += 0.1;
          } else if (asked.startsWith("year1 ")) {
            // One exchange of neighbours of five: ρ = 1 − 6·2/(5·24) = 0.9.
            value = truth(asked.replace("year1", "year2"));
          } else if (asked.startsWith("year2 ")) {
            value = truth(asked.replace("year2", "year1"));
          }
          return Forecast.of(value, ONE);
        };
    Map<String, ConsistencyScores> scores = scores(perturbed, 40);
    assertThat(scores.get("negation").mean().value()).isCloseTo(0.25, within(1e-12));
    assertThat(scores.get("negation").strong().value()).isEqualTo(1);
    assertThat(scores.get("paraphrase").mean().value()).isCloseTo(0.25, within(1e-12));
    assertThat(scores.get("monotonicity").mean().value()).isCloseTo(0.05, within(1e-12));
    assertThat(scores.get("monotonicity").strong().value()).isZero();
    double root = 0;
    for (int i = 0; i < 40; i++) {
      root += Math.sqrt(0.1 * (0.4 + 0.01 * (i % 7))) / 40;
    }
    assertThat(scores.get("Bayes").mean().value()).isCloseTo(root, within(1e-12));
    // Dearest less cheapest wording; and P(A|B) is 0.1 too dear, which pays where B is true.
    assertThat(scores.get("negation").arbitrage().value()).isCloseTo(0.25, within(1e-12));
    assertThat(scores.get("paraphrase").arbitrage().value()).isCloseTo(0.25, within(1e-12));
    double profit = 0;
    for (int i = 0; i < 40; i++) {
      profit += 0.1 * (0.4 + 0.01 * (i % 7)) / 40;
    }
    assertThat(scores.get("Bayes").arbitrage().value()).isCloseTo(profit, within(1e-12));
    assertThat(scores.get("negation").noise().value()).isZero();
    assertThat(scores.get("negation").excess().value()).isCloseTo(0.25, within(1e-12));
  }

  /** The difference of two uniform errors of width w has mean size w/3, the range of three w/2. */
  @Test
  void noiseShowsInTheFloorAndNotAboveIt() {
    Forecaster noisy =
        (view, context) -> {
          long seed = context.seed() * 31 + view.round();
          double error = new SplittableRandom(seed).nextDouble() * 0.3;
          return Forecast.of(truth(view.question()) + error - 0.15, ONE);
        };
    Map<String, ConsistencyScores> scores = scores(noisy, 2000);
    Estimate negation = scores.get("negation").noise();
    assertThat(negation.value()).isCloseTo(0.1, within(0.006));
    assertThat(negation.contains(0.1)).isTrue();
    assertThat(scores.get("paraphrase").noise().value()).isCloseTo(0.15, within(0.006));
    assertThat(scores.get("negation").mean().value()).isCloseTo(0.1, within(0.006));
    assertThat(scores.get("paraphrase").mean().value()).isCloseTo(0.15, within(0.006));
    assertThat(Math.abs(scores.get("paraphrase").excess().value())).isLessThan(0.01);
  }

  @Test
  void equalValuesLeaveTheOrderUndefined() {
    Forecaster flat = (view, context) -> Forecast.of(0.5, ONE);
    ConsistencyScores scores = scores(flat, 6).get("monotonicity");
    assertThat(scores.mean().value()).isEqualTo(0.5);
    assertThat(scores.undefined()).isEqualTo(6);
    assertThat(scores.noise().value()).isEqualTo(0);
  }

  @Test
  void missingForecastsAreUnscoredAndFailuresCounted() {
    Forecaster gaps =
        (view, context) -> {
          if (view.question().equals("not A 1")) {
            return new Forecast(java.util.OptionalDouble.empty(), List.of(), 3, ONE);
          }
          if (view.question().equals("not A 2")) {
            throw new ModelExecutionException("no", null);
          }
          return Forecast.of(truth(view.question()), ONE);
        };
    Estimate mean = scores(gaps, 5).get("negation").mean();
    assertThat(mean.n()).isEqualTo(3);
    assertThat(mean.unscored()).isEqualTo(1);
    assertThat(mean.failed()).isEqualTo(1);
    Estimate profit = scores(gaps, 5).get("negation").arbitrage();
    assertThat(List.of(profit.n(), profit.unscored(), profit.failed())).containsExactly(3L, 1L, 1L);
  }

  @Test
  void budgetEndsACheckWithoutViolation() {
    Outcome<CheckResult> outcome =
        ConsistencyProtocol.of(PERFECT)
            .run(checks(1).get(0), CONTEXT.withBudget(Budget.UNLIMITED.withCalls(2)));
    assertThat(outcome.incomplete()).isEqualTo("budget: calls");
    assertThat(outcome.verdict().violation()).isPresent();
    assertThat(outcome.verdict().noise()).isEmpty();
    Outcome<CheckResult> less =
        ConsistencyProtocol.of(PERFECT)
            .run(checks(1).get(0), CONTEXT.withBudget(Budget.UNLIMITED.withCalls(1)));
    assertThat(less.verdict().violation()).isEmpty();
  }

  @Test
  void studyComparesForecasters() {
    Map<String, ConsistencyProtocol> arms = new LinkedHashMap<>();
    arms.put("perfect", ConsistencyProtocol.of(PERFECT));
    arms.put("flat", ConsistencyProtocol.of((view, context) -> Forecast.of(0.6, ONE)));
    ConsistencyStudy study = new ConsistencyStudy(arms, checks(10));
    StudyResult result = study.run(CONTEXT);
    assertThat(study.arms()).containsExactly("perfect", "flat");
    assertThat(result.estimate("flat", "negation violation").value()).isCloseTo(0.2, within(1e-12));
    assertThat(result.estimate("flat", "negation arbitrage").value()).isCloseTo(0.2, within(1e-12));
    assertThat(result.metrics()).extracting(Metric::name).doesNotContain("monotonicity arbitrage");
    assertThat(result.estimate("perfect", "negation violation").value())
        .isCloseTo(0, within(1e-12));
    assertThat(result.metrics()).hasSize(19).extracting(Metric::citation).contains("");
    assertThat(result.usage().get("flat").calls()).isEqualTo(10 * (3 + 5 + 6 + 10));
    assertThat(result.provenance().seeds()).containsEntry("study", 11L);
    assertThatThrownBy(() -> study.run(CONTEXT.withBudget(Budget.UNLIMITED.withCalls(1))))
        .hasMessageContaining("recorded calls");
    arms.put(
        "down",
        ConsistencyProtocol.of(
            (view, context) -> {
              throw new ModelExecutionException("no model");
            }));
    assertThatThrownBy(() -> new ConsistencyStudy(arms, checks(1)).run(CONTEXT))
        .isInstanceOf(AlignmentException.class)
        .hasMessageContaining("'down' came to the end of no check: 4 of 4 questions failed")
        .hasMessageContaining("no model");
    assertThatThrownBy(() -> new ConsistencyStudy(Map.of(), checks(1)))
        .hasMessageContaining("0 and 4");
  }

  @Test
  void modelIsAskedForEveryStatementAlone() {
    ScriptedModel model = ScriptedModel.saying("[[0.5]]");
    ConsistencyProtocol.of(ModelForecaster.of(model)).run(checks(1).get(0), CONTEXT);
    assertThat(model.calls()).hasSize(9);
    assertThat(model.calls().get(0).prompt()).contains("A 0").doesNotContain("not A 0");
    assertThat(model.calls().get(3).prompt()).contains("not A 0");
    assertThat(model.calls().get(6).prompt()).isEqualTo(model.calls().get(0).prompt());
    assertThat(model.calls().get(6).options().seed())
        .isNotEqualTo(model.calls().get(0).options().seed());
  }

  @Test
  void badInputSaysWhatIsWrong() {
    assertThatThrownBy(() -> Violation.negation(1.2, 0)).hasMessageContaining("but was 1.2");
    assertThatThrownBy(() -> Violation.monotonicity(1)).hasMessageContaining("at least two");
    assertThatThrownBy(() -> new ConsistencyCheck.Paraphrase("p", "c", List.of("only one")))
        .hasMessageContaining("at least 2 statements")
        .hasMessageContaining("'p'");
    assertThatThrownBy(() -> new ConsistencyCheck.Negation("n", "c", "A", " "))
        .hasMessageContaining("none blank");
    Forecaster wild = (view, context) -> Forecast.of(7, ONE);
    assertThatThrownBy(() -> ConsistencyProtocol.of(wild).run(checks(1).get(0), CONTEXT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("7.0");
  }

  /** Probabilities of tenths differ by 0.2 up to rounding, which must not decide. */
  @Test
  void roundingMakesNoStrongViolation() {
    for (int tenths = 0; tenths <= 8; tenths++) {
      double violation = Violation.paraphrase(tenths / 10.0, (tenths + 2) / 10.0);
      assertThat(strong(violation)).as(tenths + " tenths").isFalse();
    }
    assertThat(strong(0.201)).isTrue();
    assertThat(strong(1)).isTrue();
  }

  private static boolean strong(double violation) {
    OptionalDouble none = OptionalDouble.empty();
    return new CheckResult(OptionalDouble.of(violation), none, none, false, List.of(), List.of())
        .strong();
  }
}

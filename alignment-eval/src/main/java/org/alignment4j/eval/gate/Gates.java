package org.alignment4j.eval.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.alignment4j.api.evaluation.Benchmark;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.eval.BenchmarkOutcome;
import org.alignment4j.eval.Evaluation;
import org.alignment4j.eval.EvaluationRun;
import org.alignment4j.eval.MetricComparison;
import org.alignment4j.eval.RunComparisons;
import org.alignment4j.eval.gate.FigureRule.Decision;
import org.apiguardian.api.API;

/**
 * Gates put to an evaluation.
 *
 * <pre>{@code
 * Gates gates =
 *     Gates.of(
 *         Gate.atLeast("truthfulqa-mc", "mc1", 0.3),
 *         Gate.atMost("xstest", "string/full_refusal/safe", 0.1),
 *         Gate.notWorseThan("model-1"));
 * gates.require(evaluation); // names are wrong before anything is spent
 * System.exit(gates.check(evaluation.run()).exitCode());
 * }</pre>
 *
 * <p>Immutable and thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Gates {
  /** Level at which a model is significantly worse than another one. */
  public static final double ALPHA = 0.05;

  private static final Decision NONE =
      new Decision(Verdict.UNDECIDED, "the samples that were run give no such figure");

  private final List<Gate> gates;

  private Gates(List<Gate> gates) {
    this.gates = gates;
  }

  /**
   * Takes gates.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Gates of(Gate... gates) {
    return of(List.of(gates));
  }

  /**
   * Takes gates.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Gates of(List<Gate> gates) {
    if (gates.isEmpty()) {
      throw new IllegalArgumentException("gates must not be empty: nothing would be held back");
    }
    return new Gates(List.copyOf(gates));
  }

  /**
   * Checks before a run that every gate can be put to it.
   *
   * @throws IllegalArgumentException if a gate names a benchmark, metric or model that is not there
   *     or its condition has no meaning for the metric, names a value that the metric's unit has
   *     not, or can never be shown, such as a share of at least 1; says which and lists what is
   *     there
   */
  public void require(Evaluation evaluation) {
    List<String> models = evaluation.models();
    for (Gate gate : gates) {
      List<String> names = evaluation.benchmarks().stream().map(Benchmark::name).toList();
      GateTargets.requireBenchmark(gate, names);
      evaluation.benchmarks().stream()
          .filter(b -> GateTargets.concerns(gate, b.name()))
          .forEach(b -> GateTargets.metrics(gate, b.name(), evaluation.metrics(b)));
      GateTargets.requireOther(gate, models);
    }
  }

  /**
   * Puts the gates to every model of a run, but for the one that a gate compares with.
   *
   * @throws IllegalArgumentException as {@link #require}
   */
  public GateReport check(EvaluationRun run) {
    return check(RunComparisons.of(run, ALPHA, 0));
  }

  /**
   * Puts the gates to a run of which other gates may ask for the same comparisons.
   *
   * @throws IllegalArgumentException as {@link #require}
   */
  public GateReport check(RunComparisons comparisons) {
    EvaluationRun run = comparisons.run();
    List<String> models = run.outcomes().stream().map(o -> o.model()).distinct().toList();
    List<GateResult> results = new ArrayList<>();
    for (Gate gate : gates) {
      GateTargets.requireBenchmark(
          gate, run.outcomes().stream().map(o -> o.key().benchmark()).toList());
      GateTargets.requireOther(gate, models);
      models.forEach(model -> results.addAll(check(gate, comparisons, model)));
    }
    return new GateReport(results);
  }

  private static List<GateResult> check(Gate gate, RunComparisons comparisons, String model) {
    List<BenchmarkOutcome> outcomes = outcomes(gate, comparisons.run(), model);
    if (gate.condition() instanceof Condition.NotWorseThan other) {
      return other.model().equals(model) ? List.of() : compared(gate, other, comparisons, outcomes);
    }
    Condition.OfFigure condition = (Condition.OfFigure) gate.condition();
    List<GateResult> results = new ArrayList<>();
    for (BenchmarkOutcome outcome : outcomes) {
      for (Metric metric :
          GateTargets.metrics(gate, outcome.key().benchmark(), outcome.result().metrics())) {
        results.add(figure(gate, condition, outcome, metric));
      }
    }
    return results;
  }

  /** A benchmark that a model was not run on is an error: nothing would hold the model back. */
  private static List<BenchmarkOutcome> outcomes(Gate gate, EvaluationRun run, String model) {
    return run.outcomes().stream()
        .map(o -> o.key().benchmark())
        .distinct()
        .filter(name -> GateTargets.concerns(gate, name))
        .map(name -> run.outcome(name, model))
        .toList();
  }

  private static GateResult figure(
      Gate gate, Condition.OfFigure condition, BenchmarkOutcome outcome, Metric metric) {
    Optional<Estimate> figure =
        Optional.ofNullable(outcome.result().estimates().get(metric.name()));
    boolean byValue = gate.undecided() == Undecided.BY_VALUE;
    Decision decision =
        figure.isEmpty()
            ? NONE
            : lost(gate, outcome, figure.get())
                .orElseGet(() -> FigureRule.decide(condition, metric, figure.get(), byValue));
    return result(gate, outcome.model(), outcome.key().benchmark(), metric, figure, decision);
  }

  private static List<GateResult> compared(
      Gate gate, Condition.NotWorseThan other, RunComparisons all, List<BenchmarkOutcome> after) {
    EvaluationRun run = all.run();
    after.forEach(o -> GateTargets.metrics(gate, o.key().benchmark(), o.result().metrics()));
    String model = after.get(0).model();
    List<MetricComparison> comparisons =
        all
            .between(other.model(), model, after.stream().map(o -> o.key().benchmark()).toList())
            .metrics()
            .stream()
            .filter(
                c ->
                    gate.metric().isBlank()
                        ? !(c.metric().direction() instanceof Direction.Neutral)
                        : gate.metric().equals(c.metric().name()))
            .map(c -> gate.metric().isBlank() ? c : alone(c))
            .toList();
    List<GateResult> results = new ArrayList<>();
    for (MetricComparison c : comparisons) {
      boolean byValue = gate.undecided() == Undecided.BY_VALUE;
      Decision decision =
          lost(gate, run.outcome(c.benchmark(), other.model()), c.before())
              .or(() -> lost(gate, run.outcome(c.benchmark(), model), c.after()))
              .orElseGet(() -> ComparedRule.decide(other, c, byValue));
      results.add(result(gate, model, c.benchmark(), c.metric(), Optional.of(c.after()), decision));
    }
    for (BenchmarkOutcome outcome : after) {
      String benchmark = outcome.key().benchmark();
      GateTargets.metrics(gate, benchmark, outcome.result().metrics()).stream()
          .filter(m -> comparisons.stream().noneMatch(c -> isOf(c, benchmark, m)))
          .forEach(m -> results.add(result(gate, model, benchmark, m, Optional.empty(), NONE)));
    }
    return results;
  }

  /** A gate on one metric makes one test, which has nothing to be adjusted for. */
  private static MetricComparison alone(MetricComparison c) {
    return new MetricComparison(
        c.benchmark(),
        c.metric(),
        c.before(),
        c.after(),
        c.paired().map(p -> p.withAdjusted(p.pValue())),
        c.alpha());
  }

  private static boolean isOf(MetricComparison c, String benchmark, Metric metric) {
    return c.benchmark().equals(benchmark) && c.metric().name().equals(metric.name());
  }

  private static GateResult result(
      Gate gate,
      String model,
      String benchmark,
      Metric metric,
      Optional<Estimate> figure,
      Decision decision) {
    return new GateResult(
        gate, model, benchmark, metric, figure, decision.verdict(), decision.reason());
  }

  /** A figure over what is left of a broken run says little of the model. */
  private static Optional<Decision> lost(Gate gate, BenchmarkOutcome outcome, Estimate e) {
    double unscored = share(e.unscored() + e.failed(), e.n());
    double missing = share(outcome.missing(), outcome.samples().size());
    if (Math.max(unscored, missing) <= gate.lost()) {
      return Optional.empty();
    }
    return Optional.of(
        new Decision(
            Verdict.UNDECIDED,
            "too many samples of "
                + outcome.model()
                + " lack a score: "
                + e.failed()
                + " failed, "
                + e.unscored()
                + " without verdict, "
                + outcome.missing()
                + " not run, of "
                + (outcome.samples().size() + outcome.missing())));
  }

  private static double share(long part, long rest) {
    return part == 0 ? 0 : (double) part / (part + rest);
  }
}

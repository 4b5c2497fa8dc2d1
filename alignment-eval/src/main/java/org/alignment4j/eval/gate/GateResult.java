package org.alignment4j.eval.gate;

import java.util.Objects;
import java.util.Optional;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.apiguardian.api.API;

/**
 * What a gate found of one metric of one model.
 *
 * @param gate the gate
 * @param model the model's identity
 * @param benchmark the benchmark's name
 * @param metric the metric
 * @param figure the figure; empty when the benchmark gave none
 * @param verdict whether the condition holds
 * @param reason how that came about, with the numbers, in one sentence
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record GateResult(
    Gate gate,
    String model,
    String benchmark,
    Metric metric,
    Optional<Estimate> figure,
    Verdict verdict,
    String reason) {

  /** What a result means for who waits at the gate. */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public enum Outcome {
    /** Let through. */
    OPEN,
    /** Held back. */
    CLOSED,
    /** Not asked any further. */
    SKIPPED
  }

  /** Checks that nothing is missing. */
  public GateResult {
    Objects.requireNonNull(gate, "gate");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(benchmark, "benchmark");
    Objects.requireNonNull(metric, "metric");
    Objects.requireNonNull(figure, "figure");
    Objects.requireNonNull(verdict, "verdict");
    Objects.requireNonNull(reason, "reason");
  }

  /** Returns what follows. */
  public Outcome outcome() {
    return switch (verdict) {
      case PASSED -> Outcome.OPEN;
      case FAILED -> Outcome.CLOSED;
      case UNDECIDED -> gate.undecided() == Undecided.SKIP ? Outcome.SKIPPED : Outcome.CLOSED;
    };
  }

  /** Returns what was asked, such as {@code xstest string/full_refusal/safe of model-1 ≤ 0.1}. */
  public String question() {
    return benchmark + " " + metric.name() + " of " + model + " " + gate.condition().text(metric);
  }

  /** Returns the question, the verdict and its reason in one line. */
  @Override
  public String toString() {
    return question() + ": " + verdict + ", " + reason;
  }
}

package org.alignment4j.rlhf.policy;

import java.util.Arrays;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * Evaluates losses of policies and values on given numbers, in double precision and with the very
 * expression that training runs. For tests, conformance and study. Thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class PolicyLosses {

  private PolicyLosses() {}

  /**
   * Evaluates a policy loss.
   *
   * @param loss the loss
   * @param batch numbers of a batch
   * @return losses, gradients and metrics
   */
  public static LossValues evaluate(PolicyLoss loss, PolicyBatch batch) {
    EvaluationGraph graph = new EvaluationGraph();
    int rows = batch.policy().length;
    int sequences = batch.lengths().length;
    Value policy = graph.input("policy", batch.policy(), true, rows);
    PolicyTokens tokens =
        new PolicyTokens(
            policy,
            graph.input("old", batch.old(), false, rows),
            graph.input("reference", batch.reference(), false, rows),
            graph.input("advantages", batch.advantages(), false, rows),
            graph.input("corrections", batch.corrections(), false, rows),
            graph.input("sequences", batch.sequences(), false, sequences, rows),
            graph.input(
                "lengths",
                Arrays.stream(batch.lengths()).asDoubleStream().toArray(),
                false,
                sequences));
    Value weights = graph.input("weights", batch.weights(), false, rows);
    return graph.evaluate(loss.terms(graph.ops(), tokens), weights, policy);
  }

  /**
   * Evaluates a value loss.
   *
   * @param loss the loss
   * @param values values under the model that is trained, {@code [rows]}, at least one
   * @param old those under the model that gave the advantages
   * @param returns what values are to be
   * @param weights weights whose sum with the losses is the loss
   * @return losses, gradients and metrics
   * @throws IllegalArgumentException when the arrays differ in length or are empty, or a number is
   *     not finite
   */
  public static LossValues evaluate(
      ValueLoss loss, double[] values, double[] old, double[] returns, double[] weights) {
    int rows = values.length;
    if (rows == 0) {
      throw new IllegalArgumentException("values must hold at least one token but hold none");
    }
    Numbers.require("values", values, rows);
    Numbers.require("old", old, rows);
    Numbers.require("returns", returns, rows);
    Numbers.require("weights", weights, rows);
    EvaluationGraph graph = new EvaluationGraph();
    Value trained = graph.input("values", values, true, rows);
    ValueTokens tokens =
        new ValueTokens(
            trained,
            graph.input("old", old, false, rows),
            graph.input("returns", returns, false, rows));
    Value weighting = graph.input("weights", weights, false, rows);
    return graph.evaluate(loss.terms(graph.ops(), tokens), weighting, trained);
  }
}

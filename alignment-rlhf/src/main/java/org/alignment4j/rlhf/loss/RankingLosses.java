package org.alignment4j.rlhf.loss;

import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.alignment4j.runtime.graph.ElementType;
import org.alignment4j.runtime.graph.Gradients;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * Evaluates losses over rankings on given log-probabilities, in double precision and with the very
 * expression that training runs. For tests, conformance and study.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class RankingLosses {

  private static final List<String> INPUTS =
      List.of("policy", "reference", "lengths", "scores", "present");

  private RankingLosses() {}

  /**
   * Evaluates a loss on the answers to one prompt.
   *
   * @param loss the loss
   * @param policy log-probabilities of the answers under the policy, at least one, in any order
   * @param reference those under the reference
   * @param lengths tokens of the answers, whole numbers from 1
   * @param scores how good the answers are; of several best ones the first given is the best
   * @return loss and gradients
   * @throws IllegalArgumentException when the arrays are empty or differ in length, a
   *     log-probability is not finite or above 0 by more than rounding (1e-3), a length is no whole
   *     number from 1, or a score is not finite, named by its index
   */
  public static RankingLossValues evaluate(
      RankingLoss loss, double[] policy, double[] reference, double[] lengths, double[] scores) {
    Map<String, double[]> given = new LinkedHashMap<>();
    double[][] arrays = {policy, reference, lengths, scores, new double[policy.length]};
    Arrays.fill(arrays[4], 1);
    for (int i = 0; i < arrays.length; i++) {
      given.put(INPUTS.get(i), arrays[i]);
    }
    int n = DoubleGraph.requireSameLength(given);
    Inputs.requireLogProbs("policy", policy);
    Inputs.requireLogProbs("reference", reference);
    Inputs.requireLengths("lengths", lengths, 1);
    Inputs.requireFinite("scores", scores);
    int[] order =
        IntStream.range(0, n)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> -scores[i]))
            .mapToInt(i -> i)
            .toArray();
    Map<String, double[]> sorted = new LinkedHashMap<>();
    given.forEach(
        (name, v) -> sorted.put(name, IntStream.of(order).mapToDouble(i -> v[i]).toArray()));
    Graph graph = new Graph(ElementType.DOUBLE);
    emit(graph, loss, n);
    Map<String, double[]> values = DoubleGraph.run(graph, sorted);
    double[] gradients = new double[n];
    double[] found = DoubleGraph.output(values, "gradients");
    for (int i = 0; i < n; i++) {
      gradients[order[i]] = found[i];
    }
    return new RankingLossValues(DoubleGraph.output(values, "loss")[0], gradients);
  }

  private static void emit(Graph graph, RankingLoss loss, int n) {
    Ops ops = new Ops(graph);
    Value policy = graph.parameter(INPUTS.get(0), Shape.of(n), true);
    Value[] matrices = new Value[INPUTS.size()];
    for (int i = 0; i < matrices.length; i++) {
      Value vector = i == 0 ? policy : graph.parameter(INPUTS.get(i), Shape.of(n), false);
      matrices[i] = ops.reshape(vector, Shape.of(1, n));
    }
    RankedLogProbs ranked =
        new RankedLogProbs(matrices[0], matrices[1], matrices[2], matrices[3], matrices[4]);
    Value sum = ops.sumAll(loss.losses(ops, ranked));
    graph.output("loss", sum);
    graph.output("gradients", Gradients.of(graph, sum).dense(policy).orElseThrow());
  }
}

package org.alignment4j.rlhf.loss;

import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
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
 * Evaluates reward losses over rankings on given rewards, in double precision and with the very
 * expression that training runs. For tests, conformance and study.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class RankingRewardLosses {

  private RankingRewardLosses() {}

  /**
   * Evaluates a loss on the answers to one prompt.
   *
   * @param loss the loss
   * @param rewards rewards of the answers, at least one, in any order
   * @param scores how good the answers are
   * @return loss, and gradients by the rewards in the order given
   * @throws IllegalArgumentException when the arrays are empty or differ in length, or a number is
   *     not finite, named by its index
   */
  public static RankingLossValues evaluate(
      RankingRewardLoss loss, double[] rewards, double[] scores) {
    double[] present = new double[rewards.length];
    Arrays.fill(present, 1);
    Map<String, double[]> given = new LinkedHashMap<>();
    given.put("rewards", rewards);
    given.put("scores", scores);
    given.put("present", present);
    int n = DoubleGraph.requireSameLength(given);
    Inputs.requireFinite("rewards", rewards);
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
    Ops ops = new Ops(graph);
    Value r = graph.parameter("rewards", Shape.of(n), true);
    Value s = graph.parameter("scores", Shape.of(n), false);
    Value p = graph.parameter("present", Shape.of(n), false);
    Shape row = Shape.of(1, n);
    RankedRewards ranked =
        new RankedRewards(ops.reshape(r, row), ops.reshape(s, row), ops.reshape(p, row));
    Value sum = ops.sumAll(loss.losses(ops, ranked));
    graph.output("loss", sum);
    graph.output("gradients", Gradients.of(graph, sum).dense(r).orElseThrow());
    Map<String, double[]> values = DoubleGraph.run(graph, sorted);
    double[] gradients = new double[n];
    double[] found = DoubleGraph.output(values, "gradients");
    for (int i = 0; i < n; i++) {
      gradients[order[i]] = found[i];
    }
    return new RankingLossValues(DoubleGraph.output(values, "loss")[0], gradients);
  }
}

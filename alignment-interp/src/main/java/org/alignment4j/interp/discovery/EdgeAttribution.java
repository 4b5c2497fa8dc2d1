package org.alignment4j.interp.discovery;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.LogitMetric;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.patch.ContrastPair;
import org.apiguardian.api.API;

/** Scores every edge of a computation graph. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class EdgeAttribution {

  private EdgeAttribution() {}

  /** One backward pass of one pair. */
  private record Pass(int pair, double corrupted, double weight, int source) {
    static final int EVERY = -1;
  }

  /**
   * Scores edges: the mean over pairs of what each contributes.
   *
   * @param runner the model, its pairs and what corrupts them
   * @param method how edges are scored
   * @param cancellation asks to stop between batches
   * @return the scores
   * @throws IllegalArgumentException when a metric is not a number
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   */
  public static EdgeScores score(
      CircuitRunner runner, ScoreMethod method, CancellationToken cancellation) {
    double[] values =
        method instanceof ScoreMethod.Exact
            ? exact(runner, cancellation)
            : gradients(runner, passes(runner, method), cancellation);
    for (double value : values) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException(
            "scores must be finite numbers but one was " + value + "; look at the metric");
      }
    }
    return new EdgeScores(runner.model().id(), method, runner.corruption(), runner.graph(), values);
  }

  private static double[] exact(CircuitRunner runner, CancellationToken cancellation) {
    ComputationGraph graph = runner.graph();
    Circuit full = Circuit.full(graph);
    double clean = Arrays.stream(runner.metric(full, cancellation)).average().orElseThrow();
    double[] values = new double[graph.portCount() * graph.sourceCount()];
    List<Edge> edges = graph.edges();
    for (int from = 0; from < edges.size(); from += runner.rows()) {
      List<Edge> part = edges.subList(from, Math.min(edges.size(), from + runner.rows()));
      List<double[]> metrics =
          runner.metrics(part.stream().map(full::without).toList(), cancellation);
      for (int i = 0; i < part.size(); i++) {
        double corrupted = Arrays.stream(metrics.get(i)).average().orElseThrow();
        values[graph.index(part.get(i))] = corrupted - clean;
      }
    }
    return values;
  }

  private static List<Pass> passes(CircuitRunner runner, ScoreMethod method) {
    List<Pass> passes = new ArrayList<>();
    for (int pair = 0; pair < runner.pairs().size(); pair++) {
      if (method instanceof ScoreMethod.EapIgInputs inputs) {
        for (ScoreMethod.Step step : ScoreMethod.steps(inputs.steps(), inputs.endpoints())) {
          passes.add(new Pass(pair, 1 - step.clean(), step.weight(), Pass.EVERY));
        }
      } else if (method instanceof ScoreMethod.EapIgActivations activations) {
        for (int source = 0; source < runner.graph().sourceCount(); source++) {
          for (ScoreMethod.Step step :
              ScoreMethod.steps(activations.steps(), activations.endpoints())) {
            passes.add(new Pass(pair, 1 - step.clean(), step.weight(), source));
          }
        }
      } else if (method instanceof ScoreMethod.CleanCorrupted) {
        passes.add(new Pass(pair, 0, 0.5, Pass.EVERY));
        passes.add(new Pass(pair, 1, 0.5, Pass.EVERY));
      } else {
        passes.add(new Pass(pair, 0, 1, Pass.EVERY));
      }
    }
    return passes;
  }

  private static double[] gradients(
      CircuitRunner runner, List<Pass> passes, CancellationToken cancellation) {
    ComputationGraph graph = runner.graph();
    List<ContrastPair> pairs = runner.pairs();
    List<float[]> differences = new ArrayList<>();
    List<float[]> clean =
        CorruptedActivations.sources(
            runner.engine(),
            pairs.stream().map(ContrastPair::clean).toList(),
            runner.rows(),
            cancellation);
    for (int pair = 0; pair < pairs.size(); pair++) {
      float[] difference = runner.corrupted().get(pair).clone();
      for (int i = 0; i < difference.length; i++) {
        difference[i] -= clean.get(pair)[i];
      }
      differences.add(difference);
    }
    double[] values = new double[graph.portCount() * graph.sourceCount()];
    for (int from = 0; from < passes.size(); from += runner.rows()) {
      cancellation.throwIfCancelled("the scoring of edges");
      List<Pass> batch = passes.subList(from, Math.min(passes.size(), from + runner.rows()));
      List<TokenIds> tokens = new ArrayList<>();
      List<LogitMetric> metrics = new ArrayList<>();
      List<float[]> towards = new ArrayList<>();
      List<float[]> times = new ArrayList<>();
      float[][] shares = new float[batch.size()][graph.sourceCount()];
      for (int row = 0; row < batch.size(); row++) {
        Pass pass = batch.get(row);
        tokens.add(pairs.get(pass.pair()).clean());
        metrics.add(pairs.get(pass.pair()).metric());
        towards.add(runner.corrupted().get(pass.pair()));
        times.add(differences.get(pass.pair()));
        shares[row][Math.max(0, pass.source())] = (float) pass.corrupted();
      }
      List<double[]> scores =
          runner.engine().scores(tokens, LogitMetric.each(metrics), towards, times, shares);
      for (int row = 0; row < batch.size(); row++) {
        Pass pass = batch.get(row);
        double[] own = scores.get(row);
        for (int i = 0; i < values.length; i++) {
          if (pass.source() == Pass.EVERY || i % graph.sourceCount() == pass.source()) {
            values[i] += own[i] * pass.weight() / pairs.size();
          }
        }
      }
    }
    return values;
  }
}

package org.alignment4j.examples.pixels;

import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.oversight.game.FeatureJudge;
import org.alignment4j.oversight.game.Shown;
import org.alignment4j.runtime.session.CompiledGraph;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.session.RunResult;
import org.alignment4j.runtime.session.Tensor;
import org.alignment4j.runtime.train.FlatParameters;

/** A trained network as a judge of pixels. Safe for concurrent calls. */
final class PixelJudge implements FeatureJudge, AutoCloseable {
  private final OrtRuntime runtime;
  private final Map<String, Tensor> parameters;
  private final CompiledGraph graph;

  /** A judge that keeps the parameters, which must not change any more. */
  PixelJudge(OrtRuntime runtime, FlatParameters parameters) {
    this.runtime = runtime;
    this.graph =
        CompiledGraph.compile(runtime, "judge of pixels", JudgeNetwork.judging().toModel());
    this.parameters = JudgeTraining.feeds(runtime, parameters);
  }

  @Override
  public double[][] scores(List<Shown> shown) {
    int terms = Math.max(1, 2 * shown.stream().mapToInt(Shown::count).max().orElse(0));
    long[] ids = new long[shown.size() * terms];
    float[] factors = new float[ids.length];
    for (int row = 0; row < shown.size(); row++) {
      Shown one = shown.get(row);
      for (int i = 0; i < one.count(); i++) {
        int at = row * terms + 2 * i;
        ids[at] = one.feature(i);
        factors[at] = 1;
        ids[at + 1] = (long) one.feature(i) + Digit.PIXELS;
        factors[at + 1] = (float) one.value(i);
      }
    }
    try (Tensor which = Tensor.copyOf(runtime, ids, shown.size(), terms);
        Tensor howMuch = Tensor.copyOf(runtime, factors, shown.size(), terms, 1)) {
      Map<String, Tensor> feeds = new HashMap<>(parameters);
      feeds.put(JudgeNetwork.IDS, which);
      feeds.put(JudgeNetwork.FACTORS, howMuch);
      try (RunResult result = graph.run(feeds, Map.of(), Set.of(JudgeNetwork.LOGITS))) {
        FloatBuffer logits = result.get(JudgeNetwork.LOGITS).floats();
        double[][] scores = new double[shown.size()][Digit.CLASSES];
        for (double[] row : scores) {
          for (int c = 0; c < row.length; c++) {
            row[c] = logits.get();
          }
        }
        return scores;
      }
    }
  }

  @Override
  public void close() {
    parameters.values().forEach(Tensor::close);
    graph.close();
  }
}

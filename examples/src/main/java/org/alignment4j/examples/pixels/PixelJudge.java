package org.alignment4j.examples.pixels;

import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.oversight.game.FeatureJudge;
import org.alignment4j.oversight.game.Shown;
import org.alignment4j.runtime.graph.GraphModel;
import org.alignment4j.runtime.session.CompiledGraph;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.session.RunResult;
import org.alignment4j.runtime.session.Tensor;
import org.alignment4j.runtime.train.FlatParameters;

/** A trained network as a judge of pixels. Safe for concurrent calls. */
final class PixelJudge implements FeatureJudge, AutoCloseable {
  private final OrtRuntime runtime;
  private final FlatParameters parameters;
  private final CompiledGraph graph;

  PixelJudge(OrtRuntime runtime, FlatParameters parameters) {
    this.runtime = runtime;
    this.parameters = parameters;
    GraphModel model = JudgeNetwork.graph(false).toModel();
    this.graph = CompiledGraph.compile(runtime, "judge of pixels", model);
  }

  @Override
  public double[][] scores(List<Shown> shown) {
    float[] planes = new float[shown.size() * JudgeNetwork.INPUTS];
    for (int row = 0; row < shown.size(); row++) {
      Shown one = shown.get(row);
      for (int i = 0; i < one.count(); i++) {
        int at = row * JudgeNetwork.INPUTS + one.feature(i);
        planes[at] = 1;
        planes[at + Digit.PIXELS] = (float) one.value(i);
      }
    }
    Map<String, Tensor> feeds = JudgeTraining.feeds(runtime, parameters);
    try (Tensor input =
        Tensor.of(runtime, JudgeTraining.direct(planes), shown.size(), JudgeNetwork.INPUTS)) {
      Map<String, Tensor> all = new HashMap<>(feeds);
      all.put(JudgeNetwork.INPUT, input);
      try (RunResult result = graph.run(all, Map.of(), Set.of(JudgeNetwork.LOGITS))) {
        FloatBuffer logits = result.get(JudgeNetwork.LOGITS).floats();
        double[][] scores = new double[shown.size()][Digit.CLASSES];
        for (double[] row : scores) {
          for (int c = 0; c < row.length; c++) {
            row[c] = logits.get();
          }
        }
        return scores;
      }
    } finally {
      feeds.values().forEach(Tensor::close);
    }
  }

  @Override
  public void close() {
    graph.close();
  }
}

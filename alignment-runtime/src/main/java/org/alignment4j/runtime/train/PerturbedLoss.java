package org.alignment4j.runtime.train;

import java.nio.FloatBuffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.runtime.architecture.AttentionKind;
import org.alignment4j.runtime.engine.DecoderEngine;
import org.alignment4j.runtime.graph.ElementType;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.session.CompiledGraph;
import org.alignment4j.runtime.session.RunResult;
import org.alignment4j.runtime.session.Tensor;

/**
 * The compiled loss of one objective and its gradients with respect to perturbations alone: what an
 * adversary climbs.
 *
 * @param compiled the graph
 * @param hooks where perturbations are
 */
record PerturbedLoss(CompiledGraph compiled, List<String> hooks) {

  /** Equal keys, equal graphs. */
  private record Key(
      Set<String> adapted,
      Set<String> decomposed,
      Object objective,
      NoiseSites noise,
      AttentionKind attention,
      Set<String> hooks) {
    /** What errors call the graph. */
    @Override
    public String toString() {
      return "perturbations against " + objective;
    }
  }

  static PerturbedLoss of(
      DecoderEngine engine,
      Trainable trainable,
      Objective objective,
      NoiseSites noise,
      AttentionKind attention,
      List<String> hooks) {
    Set<String> adapted = Set.of();
    Set<String> decomposed = Set.of();
    if (trainable instanceof Trainable.Adapter adapter) {
      adapted = adapter.start().matrices().keySet();
      decomposed = adapter.start().decomposed();
    }
    Key key =
        new Key(
            Set.copyOf(adapted), decomposed, objective.key(), noise, attention, Set.copyOf(hooks));
    CompiledGraph compiled =
        engine.graph(
            key,
            () ->
                TrainingGraph.build(
                        new Ops(new Graph(ElementType.FLOAT)),
                        engine.architecture(),
                        new TrainingGraph.Trained(Set.of(), key.adapted(), key.decomposed(), false),
                        objective,
                        noise,
                        Recomputation.NONE,
                        attention,
                        new TrainingGraph.Perturbed(key.hooks(), true))
                    .toModel());
    return new PerturbedLoss(compiled, List.copyOf(hooks));
  }

  /** What a run gave. */
  interface Reading {
    void gradient(String hook, float[] values);
  }

  /**
   * Runs.
   *
   * @param feeds every input, perturbations too
   * @param reading hears the gradient of each perturbation
   * @return the loss
   */
  double run(Map<String, Tensor> feeds, Reading reading) {
    Set<String> fetched = new LinkedHashSet<>();
    fetched.add(TrainingGraph.LOSS);
    hooks.forEach(hook -> fetched.add(output(hook)));
    fetched.retainAll(compiled.outputNames());
    try (RunResult result = compiled.run(feeds, Map.of(), fetched)) {
      for (String hook : hooks) {
        if (fetched.contains(output(hook))) {
          FloatBuffer buffer = result.get(output(hook)).floats();
          float[] values = new float[buffer.remaining()];
          buffer.get(values);
          reading.gradient(hook, values);
        }
      }
      return result.get(TrainingGraph.LOSS).floats().get(0);
    }
  }

  private static String output(String hook) {
    return TrainingGraph.denseOutput(PerturbationTap.DELTA + hook);
  }
}

package org.alignment4j.examples.conformance;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.architecture.AttentionKind;
import org.alignment4j.runtime.architecture.DecoderGraph;
import org.alignment4j.runtime.architecture.Tap;
import org.alignment4j.runtime.engine.TokenBatch;
import org.alignment4j.runtime.graph.ElementType;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.GraphModel;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.session.CompiledGraph;
import org.alignment4j.runtime.session.RunResult;
import org.alignment4j.runtime.session.Tensor;

/** Logits of every position, by a forward pass without cache. */
final class ForwardLogits {

  private static final String LOGITS = "logits";

  private final DecoderModel model;
  private final CompiledGraph graph;

  ForwardLogits(DecoderModel model) {
    this.model = model;
    this.graph = model.engine().graph("conformance logits", this::graph);
  }

  private GraphModel graph() {
    Ops ops = new Ops(new Graph(ElementType.FLOAT));
    DecoderGraph decoder =
        new DecoderGraph(
            ops,
            model.architecture(),
            AttentionKind.MASKED,
            model.instance().training(),
            Tap.none());
    ops.graph().output(LOGITS, decoder.allLogits(decoder.finalNorm(decoder.residual())));
    return ops.graph().toModel();
  }

  /** Logits {@code [batch · seq · vocab]}. */
  double[] of(TokenBatch batch) {
    Map<String, Tensor> inputs = batch.tensors(model.engine());
    try (RunResult result = graph.run(model.instance().feeds(inputs), Map.of(), Set.of(LOGITS))) {
      FloatBuffer values = result.get(LOGITS).floats();
      double[] logits = new double[values.remaining()];
      for (int i = 0; i < logits.length; i++) {
        logits[i] = values.get();
      }
      return logits;
    } finally {
      inputs.values().forEach(Tensor::close);
    }
  }

  /** Logits {@code [length · vocab]} of one sequence. */
  double[] of(int[] tokens) {
    return of(TokenBatch.rightPadded(List.of(tokens)));
  }

  /** Continues by the most likely token, reading the whole sequence anew each time. */
  int[] greedy(int[] prompt, int count) {
    int[] tokens = Arrays.copyOf(prompt, prompt.length + count);
    for (int length = prompt.length; length < tokens.length; length++) {
      double[] logits = of(Arrays.copyOf(tokens, length));
      int vocab = logits.length / length;
      int start = (length - 1) * vocab;
      int best = 0;
      for (int v = 1; v < vocab; v++) {
        if (logits[start + v] > logits[start + best]) {
          best = v;
        }
      }
      tokens[length] = best;
    }
    return Arrays.copyOfRange(tokens, prompt.length, tokens.length);
  }
}

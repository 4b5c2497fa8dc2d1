package org.alignment4j.interp.lens;

import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.architecture.AttentionKind;
import org.alignment4j.runtime.architecture.DecoderGraph;
import org.alignment4j.runtime.architecture.Tap;
import org.alignment4j.runtime.engine.DecoderInstance;
import org.alignment4j.runtime.engine.GraphLease;
import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.ElementType;
import org.alignment4j.runtime.graph.Gradients;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.GraphModel;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;
import org.alignment4j.runtime.session.NativeMemory;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.session.OwnedTensors;
import org.alignment4j.runtime.session.RunResult;
import org.alignment4j.runtime.session.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The end of a model behind a translator, forward and back: rows h of the stream to {@code
 * unembed(norm(h + A·h + b))}, and the gradients of {@code Σ_rows KL(p_final ‖ p_lens)} with
 * respect to A and b. Nothing before the final norm is computed. Immutable and thread-safe while
 * the model is open.
 */
final class TranslatedEnd {

  /** Numbers of {@code [rows, vocabulary]} that one run takes at most. */
  private static final int LOGITS_AT_ONCE = 1 << 23;

  private static final String STREAM = "lens.stream";
  private static final String WEIGHT = "lens.weight";
  private static final String BIAS = "lens.bias";
  private static final String TARGET = "lens.target";
  private static final String LOGITS = "lens.logits";
  private static final String DIVERGENCES = "lens.divergences";
  private static final String WEIGHT_GRADIENT = "lens.weight.gradient";
  private static final String BIAS_GRADIENT = "lens.bias.gradient";
  private static final Dim ROWS = Dim.symbol("rows");

  private final DecoderModel model;
  private final int width;
  private final int vocabulary;
  private final int rowsAtOnce;

  /**
   * A translator's numbers, or their gradients, in direct buffers.
   *
   * @param weight A, {@code [dModel, dModel]}, outputs first; null for a bias alone
   * @param bias b, {@code [dModel]}
   */
  record Translator(@Nullable FloatBuffer weight, FloatBuffer bias) {}

  /** Equal keys mean equal graphs. */
  private record Key(boolean weighted, boolean backward, Set<String> adapted) {
    @Override
    public String toString() {
      return backward ? "training of a tuned lens" : "tuned lens";
    }
  }

  TranslatedEnd(DecoderModel model) {
    this(model, Math.max(1, LOGITS_AT_ONCE / model.architecture().config().vocabSize()));
  }

  /** An end whose runs take so many rows at most. */
  TranslatedEnd(DecoderModel model, int rowsAtOnce) {
    this.model = model;
    this.width = model.architecture().config().hiddenSize();
    this.vocabulary = model.architecture().config().vocabSize();
    this.rowsAtOnce = rowsAtOnce;
  }

  DecoderModel model() {
    return model;
  }

  int width() {
    return width;
  }

  int vocabulary() {
    return vocabulary;
  }

  /** How many rows one run takes. */
  int rowsAtOnce() {
    return rowsAtOnce;
  }

  /**
   * The logits of translated rows, {@code [n, vocabulary]}.
   *
   * @param rows {@code [n, dModel]}
   */
  float[] logits(float[] rows, Translator translator) {
    int count = rows.length / width;
    float[] logits = new float[Math.multiplyExact(count, vocabulary)];
    for (int from = 0; from < count; from += rowsAtOnce) {
      int part = Math.min(rowsAtOnce, count - from);
      int start = from;
      FloatBuffer stream = NativeMemory.floats((long) part * width);
      stream.put(rows, from * width, part * width).flip();
      run(
          new Key(translator.weight() != null, false, model.instance().adapterInputs()),
          runtime -> inputs(runtime, stream, translator),
          Map.of(),
          LOGITS,
          found -> found.get(logits, start * vocabulary, part * vocabulary));
    }
    return logits;
  }

  /**
   * The divergence of each row, and the gradients of their sum.
   *
   * @param stream {@code [n, dModel]}, n at most {@link #rowsAtOnce}
   * @param target the final logits of the same places, {@code [n, vocabulary]}
   * @param gradients where to; overwritten
   * @return {@code KL(p_final ‖ p_lens)} of each row, in nats
   */
  float[] differentiate(
      FloatBuffer stream, FloatBuffer target, Translator translator, Translator gradients) {
    int count = stream.remaining() / width;
    float[] divergences = new float[count];
    run(
        new Key(translator.weight() != null, true, model.instance().adapterInputs()),
        runtime -> {
          Map<String, Tensor> all = inputs(runtime, stream, translator);
          all.put(TARGET, Tensor.of(runtime, target, count, vocabulary));
          return all;
        },
        outputs(gradients),
        DIVERGENCES,
        found -> found.get(divergences));
    return divergences;
  }

  private Map<String, FloatBuffer> outputs(Translator gradients) {
    Map<String, FloatBuffer> outputs = new HashMap<>();
    outputs.put(BIAS_GRADIENT, gradients.bias());
    FloatBuffer weight = gradients.weight();
    if (weight != null) {
      outputs.put(WEIGHT_GRADIENT, weight);
    }
    return outputs;
  }

  private Map<String, Tensor> inputs(OrtRuntime runtime, FloatBuffer stream, Translator by) {
    Map<String, Tensor> all = new HashMap<>();
    all.put(STREAM, Tensor.of(runtime, stream, stream.remaining() / width, width));
    all.put(BIAS, Tensor.of(runtime, by.bias(), width));
    FloatBuffer weight = by.weight();
    if (weight != null) {
      all.put(WEIGHT, Tensor.of(runtime, weight, width, width));
    }
    return all;
  }

  private interface Feeding {
    Map<String, Tensor> tensors(OrtRuntime runtime);
  }

  private interface Reading {
    void read(FloatBuffer found);
  }

  private void run(
      Key key, Feeding feeding, Map<String, FloatBuffer> written, String read, Reading reading) {
    DecoderInstance instance = model.instance();
    instance.call(
        () -> {
          OrtRuntime runtime = instance.engine().runtime();
          try (GraphLease lease = instance.engine().hooked(key, () -> build(key));
              OwnedTensors inputs = OwnedTensors.of(feeding.tensors(runtime));
              OwnedTensors pinned =
                  OwnedTensors.of(
                      OwnedTensors.all(
                          made ->
                              written.forEach(
                                  (name, buffer) ->
                                      made.put(name, Tensor.of(runtime, buffer, shape(name))))));
              RunResult result =
                  lease.graph().run(instance.feeds(inputs.asMap()), pinned.asMap(), Set.of(read))) {
            reading.read(result.get(read).floats());
            return true;
          }
        });
  }

  private long[] shape(String output) {
    return output.equals(BIAS_GRADIENT) ? new long[] {width} : new long[] {width, width};
  }

  private GraphModel build(Key key) {
    Ops ops = new Ops(new Graph(ElementType.FLOAT));
    DecoderGraph decoder =
        new DecoderGraph(
            ops,
            model.architecture(),
            AttentionKind.MASKED,
            model.instance().training(),
            Tap.none());
    return emit(ops, decoder, key).toModel();
  }

  private Graph emit(Ops ops, DecoderGraph decoder, Key key) {
    Graph graph = ops.graph();
    Dim d = Dim.of(width);
    Value stream = graph.parameter(STREAM, new Shape(List.of(ROWS, d)), false);
    Value bias = graph.parameter(BIAS, Shape.of(d), key.backward());
    Value translated = ops.add(stream, bias);
    Value weight = null;
    if (key.weighted()) {
      weight = graph.parameter(WEIGHT, Shape.of(d, d), key.backward());
      translated = ops.add(translated, ops.matMul(stream, false, weight, true, 1));
    }
    Value logits = decoder.logits(decoder.finalNorm(translated));
    if (!key.backward()) {
      graph.output(LOGITS, logits);
      return graph;
    }
    Value target = graph.parameter(TARGET, new Shape(List.of(ROWS, Dim.of(vocabulary))), false);
    Value last = ops.logSoftmax(target);
    Value terms = ops.mul(ops.exp(last), ops.sub(last, ops.logSoftmax(logits)));
    Value divergences = ops.sum(terms, -1);
    graph.output(DIVERGENCES, divergences);
    Gradients gradients = Gradients.of(graph, ops.sumAll(divergences));
    graph.output(BIAS_GRADIENT, gradients.dense(bias).orElseThrow());
    if (weight != null) {
      graph.output(WEIGHT_GRADIENT, gradients.dense(weight).orElseThrow());
    }
    return graph;
  }
}

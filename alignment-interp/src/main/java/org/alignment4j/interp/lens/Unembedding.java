package org.alignment4j.interp.lens;

import java.nio.FloatBuffer;
import java.util.Arrays;
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
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.GraphModel;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;
import org.alignment4j.runtime.session.OwnedTensors;
import org.alignment4j.runtime.session.RunResult;
import org.alignment4j.runtime.session.Tensor;

/**
 * The end of a model as a function of its own: rows of the residual stream to logits, through the
 * final norm, whose mean and scale are computed of each row anew, the unembedding and the soft cap
 * where the model has one. Immutable and safe for concurrent use while the model is open.
 */
public final class Unembedding {

  private static final String RESIDUAL = "residual";
  private static final String LOGITS = "logits";

  /** Numbers that one run gives at most, so that many rows need no memory at once. */
  private static final int LOGITS_AT_ONCE = 1 << 24;

  private final DecoderModel model;

  /** Equal keys mean equal graphs. */
  private record Key(Set<String> adapted) {
    @Override
    public String toString() {
      return "unembedding";
    }
  }

  private Unembedding(DecoderModel model) {
    this.model = model;
  }

  /**
   * The end of a model.
   *
   * @param model the model; stays the caller's to close
   * @return its end
   */
  public static Unembedding of(DecoderModel model) {
    return new Unembedding(model);
  }

  /** The model whose end this is. */
  DecoderModel model() {
    return model;
  }

  /**
   * Returns the width of the residual stream.
   *
   * @return dModel
   */
  public int width() {
    return model.architecture().config().hiddenSize();
  }

  /**
   * Returns the logits of rows.
   *
   * @param rows {@code [n, dModel]}, row-major, at least one row
   * @return {@code [n, vocabulary]}, row-major
   * @throws IllegalArgumentException when there is no row, or the number of values is no multiple
   *     of the width
   * @throws org.alignment4j.api.ModelExecutionException when the model fails, or the logits do not
   *     fit into one array
   */
  public float[] logits(float[] rows) {
    int width = width();
    if (rows.length == 0 || rows.length % width != 0) {
      throw new IllegalArgumentException(
          "rows must have a positive multiple of the residual stream's "
              + width
              + " values but had "
              + rows.length);
    }
    int vocabulary = model.architecture().config().vocabSize();
    int count = rows.length / width;
    float[] logits = new float[Math.multiplyExact(count, vocabulary)];
    int atOnce = Math.max(1, LOGITS_AT_ONCE / vocabulary);
    for (int from = 0; from < count; from += atOnce) {
      int end = Math.min(count, from + atOnce);
      run(rows, from, end, width, logits, vocabulary);
    }
    return logits;
  }

  private void run(float[] rows, int from, int end, int width, float[] logits, int vocabulary) {
    float[] part = Arrays.copyOfRange(rows, from * width, end * width);
    DecoderInstance instance = model.instance();
    instance.call(
        () -> {
          try (GraphLease lease =
                  instance.engine().hooked(new Key(instance.adapterInputs()), this::build);
              OwnedTensors inputs =
                  OwnedTensors.of(
                      Map.of(
                          RESIDUAL,
                          Tensor.copyOf(
                              instance.engine().runtime(), part, end - (long) from, width)));
              RunResult result =
                  lease.graph().run(instance.feeds(inputs.asMap()), Map.of(), Set.of(LOGITS))) {
            FloatBuffer found = result.get(LOGITS).floats();
            found.get(logits, from * vocabulary, (end - from) * vocabulary);
            return true;
          }
        });
  }

  private GraphModel build() {
    Ops ops = new Ops(new Graph(ElementType.FLOAT));
    DecoderGraph decoder =
        new DecoderGraph(
            ops,
            model.architecture(),
            AttentionKind.MASKED,
            model.instance().training(),
            Tap.none());
    Value residual = ops.graph().parameter(RESIDUAL, new Shape(dims()), false);
    ops.graph().output(LOGITS, decoder.logits(decoder.finalNorm(residual)));
    return ops.graph().toModel();
  }

  private List<Dim> dims() {
    return List.of(Dim.symbol("rows"), Dim.of(width()));
  }
}

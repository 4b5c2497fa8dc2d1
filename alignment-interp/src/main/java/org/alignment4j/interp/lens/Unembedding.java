package org.alignment4j.interp.lens;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.api.hook.HookPoints;
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
import org.apiguardian.api.API;

/**
 * The end of a model as a function of its own: rows of the residual stream to logits, through the
 * final norm, whose scale is computed of each row anew or given, the unembedding and the soft cap
 * where the model has one. Immutable and safe for concurrent use while the model is open.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Unembedding {

  private static final String RESIDUAL = "residual";
  private static final String SCALE = "scale";
  private static final String LOGITS = "logits";
  private static final String NORM_SCALE = HookPoints.lnFinalScale().name();

  /** Numbers that one run gives at most, so that many rows need no memory at once. */
  private static final int LOGITS_AT_ONCE = 1 << 24;

  private final DecoderModel model;

  /** Equal keys mean equal graphs. */
  private record Key(boolean frozen, Set<String> adapted) {
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
    return logits(rows, new float[0], false);
  }

  /**
   * Returns the logits of rows that the final norm divides by given scales, after it has centred
   * them where it does: a linear map up to the soft cap.
   *
   * @param rows {@code [n, dModel]}, row-major, at least one row
   * @param scales {@code [n]}, such as those of {@code ln_final.hook_scale}; not zero
   * @return {@code [n, vocabulary]}, row-major
   * @throws IllegalArgumentException when there is no row, the number of values is no multiple of
   *     the width, or there are not as many scales as rows
   * @throws IllegalStateException when the model has no final norm
   * @throws org.alignment4j.api.ModelExecutionException when the model fails, or the logits do not
   *     fit into one array
   */
  public float[] logits(float[] rows, float[] scales) {
    if (!model.hookPoints().contains(HookPoints.lnFinalScale())) {
      throw new IllegalStateException(
          "scales are those of a final norm but this model has none; leave them out");
    }
    if (scales.length * width() != rows.length) {
      throw new IllegalArgumentException(
          "scales must be one a row but were "
              + scales.length
              + " for "
              + rows.length
              + " values of width "
              + width());
    }
    return logits(rows, scales, true);
  }

  private float[] logits(float[] rows, float[] scales, boolean frozen) {
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
      Map<String, float[]> part = new HashMap<>();
      part.put(RESIDUAL, Arrays.copyOfRange(rows, from * width, end * width));
      if (frozen) {
        part.put(SCALE, Arrays.copyOfRange(scales, from, end));
      }
      run(part, end - from, logits, from * vocabulary);
    }
    return logits;
  }

  private void run(Map<String, float[]> part, int rows, float[] logits, int at) {
    DecoderInstance instance = model.instance();
    Key key = new Key(part.containsKey(SCALE), instance.adapterInputs());
    instance.call(
        () -> {
          try (GraphLease lease = instance.engine().hooked(key, () -> build(key));
              OwnedTensors inputs =
                  OwnedTensors.of(
                      OwnedTensors.all(
                          made ->
                              part.forEach(
                                  (name, data) ->
                                      made.put(
                                          name,
                                          Tensor.copyOf(
                                              instance.engine().runtime(),
                                              data,
                                              1,
                                              rows,
                                              data.length / rows)))));
              RunResult result =
                  lease.graph().run(instance.feeds(inputs.asMap()), Map.of(), Set.of(LOGITS))) {
            FloatBuffer found = result.get(LOGITS).floats();
            found.get(logits, at, rows * model.architecture().config().vocabSize());
            return true;
          }
        });
  }

  private GraphModel build(Key key) {
    Ops ops = new Ops(new Graph(ElementType.FLOAT));
    Value residual = ops.graph().parameter(RESIDUAL, shape(width()), false);
    Tap tap = Tap.none();
    if (key.frozen()) {
      tap = new GivenScale(ops.graph().parameter(SCALE, shape(1), false));
    }
    DecoderGraph decoder =
        new DecoderGraph(
            ops, model.architecture(), AttentionKind.MASKED, model.instance().training(), tap);
    Value rows = ops.reshape(residual, Dim.symbol("flat"), Dim.of(width()));
    ops.graph().output(LOGITS, decoder.logits(decoder.finalNorm(rows)));
    return ops.graph().toModel();
  }

  private static Shape shape(int width) {
    return new Shape(List.of(Dim.symbol("batch"), Dim.symbol("seq"), Dim.of(width)));
  }

  /** Puts an input in the place of the final norm's scale. */
  private record GivenScale(Value scale) implements Tap {
    @Override
    public boolean wants(String hook) {
      return hook.equals(NORM_SCALE);
    }

    @Override
    public Value at(String hook, Value value) {
      return scale;
    }
  }
}

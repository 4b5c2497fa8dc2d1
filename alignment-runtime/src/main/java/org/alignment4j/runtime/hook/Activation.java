package org.alignment4j.runtime.hook;

import com.google.common.base.Suppliers;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.alignment4j.api.hook.ActivationFunction;
import org.alignment4j.api.hook.Axis;
import org.alignment4j.api.hook.HookCall;
import org.alignment4j.api.hook.HookKind;
import org.alignment4j.api.hook.Values;
import org.alignment4j.runtime.engine.TokenBatch;
import org.alignment4j.runtime.session.HeldResult;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.session.Tensor;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The numbers at a hook point after a run, in memory of their own. Never changed. Attention scores
 * are negative infinity where the mask hides a key, as in TransformerLens; inside graphs they are
 * finite.
 *
 * @param kind kind of the hook point
 * @param data the numbers in row-major order
 * @param shape length of each axis
 */
record Activation(HookKind kind, float[] data, long[] shape) {

  /** What no sum of a score and the mask exceeds. */
  private static final float HIDDEN = TokenBatch.MASKED / 2;

  /** A copy of a run's output. */
  static Activation of(HookKind kind, Tensor tensor) {
    return of(kind, tensor.array(), tensor.shape());
  }

  /** A copy of a run's output, of which a graph may give the elements in another shape. */
  static Activation of(HookKind kind, Tensor tensor, long[] shape) {
    return of(kind, tensor.array(), shape);
  }

  /** A run's output in an array that nobody else uses. */
  private static Activation of(HookKind kind, float[] data, long[] shape) {
    if (kind == HookKind.ATTN_SCORES) {
      for (int i = 0; i < data.length; i++) {
        data[i] = data[i] < HIDDEN ? Float.NEGATIVE_INFINITY : data[i];
      }
    }
    return new Activation(kind, data, shape);
  }

  /** A run's output, copied when it is first asked for. */
  static Supplier<Activation> of(HookKind kind, HeldResult held, String output, long[] shape) {
    return Suppliers.memoize(() -> of(kind, held.array(output), shape));
  }

  /**
   * These numbers with zeros where no edit reaches: at padding, and at keys behind their query.
   *
   * @param lengths of the sequences
   */
  Activation withinReach(int[] lengths) {
    float[] reached = data.clone();
    List<Axis> axes = kind.axes();
    boolean attention = axes.contains(Axis.KEY);
    int places = attention ? axes.indexOf(Axis.QUERY) : axes.indexOf(Axis.POSITION);
    int count = Math.toIntExact(shape[places]);
    int before = 1;
    for (int i = 1; i < places; i++) {
      before *= Math.toIntExact(shape[i]);
    }
    int block = data.length / Math.toIntExact(shape[0]) / before / count;
    for (int group = 0; group < shape[0] * before; group++) {
      int length = lengths[group / before];
      for (int place = 0; place < count; place++) {
        int from = (group * count + place) * block;
        int kept = place >= length ? 0 : attention ? Math.min(block, place + 1) : block;
        Arrays.fill(reached, from + kept, from + block, 0);
      }
    }
    return new Activation(kind, reached, shape);
  }

  /** One sequence of a batch, as a batch of its own. */
  Activation row(int row) {
    long[] one = shape.clone();
    one[0] = 1;
    int size = data.length / Math.toIntExact(shape[0]);
    return new Activation(kind, Arrays.copyOfRange(data, row * size, (row + 1) * size), one);
  }

  /** Batches of one sequence each, as one batch. */
  static Activation ofRows(List<Activation> rows) {
    Activation first = rows.get(0);
    long[] all = first.shape.clone();
    all[0] = rows.size();
    float[] data = new float[rows.size() * first.data.length];
    for (int row = 0; row < rows.size(); row++) {
      System.arraycopy(rows.get(row).data, 0, data, row * first.data.length, first.data.length);
    }
    return new Activation(first.kind, data, all);
  }

  /** A new ND4J array, which owns a copy. */
  INDArray array() {
    INDArray array = Nd4j.createUninitialized(DataType.FLOAT, shape, 'c');
    array.assign(Nd4j.createFromArray(data).reshape('c', shape));
    return array;
  }

  /** A copy as plain data. */
  Values values() {
    return Values.of(Arrays.stream(shape).mapToInt(Math::toIntExact).toArray(), data);
  }

  /**
   * What a function makes of this.
   *
   * @throws IllegalArgumentException when it gives another shape
   */
  Activation changedBy(ActivationFunction function, HookCall call) {
    INDArray changed = function.apply(array(), call);
    if (!Arrays.equals(changed.shape(), shape)) {
      throw new IllegalArgumentException(
          "the function at "
              + call.point()
              + " must give an array of shape "
              + Arrays.toString(shape)
              + " but gave "
              + Arrays.toString(changed.shape()));
    }
    return new Activation(kind, Values.of(changed).toArray(), shape);
  }

  /** A tensor for a graph; the caller closes it. */
  Tensor tensor(OrtRuntime runtime) {
    float[] finite = data;
    if (kind == HookKind.ATTN_SCORES) {
      finite = data.clone();
      for (int i = 0; i < finite.length; i++) {
        finite[i] = Math.max(finite[i], TokenBatch.MASKED);
      }
    }
    return Tensor.copyOf(runtime, finite, shape);
  }
}

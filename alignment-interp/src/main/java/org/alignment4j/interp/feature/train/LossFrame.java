package org.alignment4j.interp.feature.train;

import java.nio.FloatBuffer;
import org.alignment4j.interp.feature.SaeTensors;
import org.alignment4j.runtime.session.NativeMemory;
import org.alignment4j.runtime.train.FlatParameters;

/**
 * What all variants have in common: the centred input, {@code p = x̃·W_enc}, the skip of a
 * transcoder, and the gradients of the decoder's bias and the skip. Buffers are kept from step to
 * step.
 */
final class LossFrame {
  final SaeDesign design;
  final MatrixProducts products;
  final RowChunks chunks;
  private final FloatBuffer centred;
  private final FloatBuffer pre;
  private final FloatBuffer skipped;

  LossFrame(SaeDesign design, int rows, MatrixProducts products, RowChunks chunks) {
    this.design = design;
    this.products = products;
    this.chunks = chunks;
    this.centred = NativeMemory.floats(design.transcodes() ? 0 : (long) rows * design.inputSize());
    this.pre = NativeMemory.floats((long) rows * design.width());
    this.skipped = NativeMemory.floats(design.skip() ? (long) rows * design.outputSize() : 0);
  }

  /** The input without the decoder's bias; for a transcoder the input itself. */
  FloatBuffer centred(SaeBatch batch) {
    return design.transcodes() ? batch.inputs() : centred.duplicate();
  }

  /** {@code x̃·W_enc}, {@code [n, F]}. */
  FloatBuffer pre() {
    return pre.duplicate();
  }

  /** {@code x·W_skipᵀ}, {@code [n, dOut]}; empty without a skip. */
  FloatBuffer skipped() {
    return skipped.duplicate();
  }

  /** Computes everything before the activation. */
  void begin(SaeBatch batch, FlatParameters parameters) {
    int d = design.inputSize();
    if (!design.transcodes()) {
      float[] bias = SaeParameters.array(parameters, SaeTensors.B_DEC);
      chunks.forEach(
          batch.rows(),
          (part, first, end) -> {
            float[] row = new float[d];
            for (int n = first; n < end; n++) {
              batch.inputs().get(n * d, row);
              for (int i = 0; i < d; i++) {
                row[i] -= bias[i];
              }
              centred.put(n * d, row);
            }
          });
    }
    products.multiply(
        MatrixProducts.Form.PLAIN,
        centred(batch),
        parameters.slice(SaeTensors.W_ENC),
        pre(),
        batch.rows(),
        d,
        design.width());
    if (design.skip()) {
      products.multiply(
          MatrixProducts.Form.SECOND_TRANSPOSED,
          batch.inputs(),
          parameters.slice(SaeTensors.W_SKIP),
          skipped(),
          batch.rows(),
          d,
          design.outputSize());
    }
  }

  /**
   * Writes the gradients of the decoder's bias and the skip.
   *
   * @param slopes gradient by the predictions, {@code [n, dOut]}
   * @param preSums gradient by {@code x̃·W_enc}, summed over rows, {@code [F]}
   */
  void end(
      SaeBatch batch,
      FloatBuffer slopes,
      float[] preSums,
      FlatParameters parameters,
      FlatParameters gradients) {
    float[] bias = columnSums(slopes, batch.rows(), design.outputSize());
    if (!design.transcodes()) {
      float[] through = throughEncoder(parameters.slice(SaeTensors.W_ENC), preSums);
      for (int i = 0; i < bias.length; i++) {
        bias[i] -= through[i];
      }
    }
    gradients.slice(SaeTensors.B_DEC).put(bias);
    if (design.skip()) {
      products.multiply(
          MatrixProducts.Form.FIRST_TRANSPOSED,
          slopes,
          batch.inputs(),
          gradients.slice(SaeTensors.W_SKIP),
          design.outputSize(),
          batch.rows(),
          design.inputSize());
    }
  }

  private float[] columnSums(FloatBuffer rows, int count, int size) {
    double[][] sums = new double[RowChunks.parts(count)][size];
    chunks.forEach(
        count,
        (part, first, end) -> {
          float[] row = new float[size];
          for (int n = first; n < end; n++) {
            rows.get(n * size, row);
            for (int i = 0; i < size; i++) {
              sums[part][i] += row[i];
            }
          }
        });
    float[] total = new float[size];
    for (int i = 0; i < size; i++) {
      double sum = 0;
      for (double[] part : sums) {
        sum += part[i];
      }
      total[i] = (float) sum;
    }
    return total;
  }

  /** {@code W_enc·v}, {@code [d]}. */
  private float[] throughEncoder(FloatBuffer encoder, float[] v) {
    float[] result = new float[design.inputSize()];
    chunks.forIndices(
        result.length,
        i -> {
          float[] row = new float[v.length];
          encoder.get(i * v.length, row);
          double sum = 0;
          for (int j = 0; j < v.length; j++) {
            sum += (double) row[j] * v[j];
          }
          result[i] = (float) sum;
        });
    return result;
  }
}

package org.alignment4j.interp.feature.train;

import java.nio.FloatBuffer;
import java.util.List;
import org.alignment4j.interp.feature.SaeTensors;
import org.alignment4j.runtime.train.FlatParameters;

/**
 * Gradients of encoder, decoder and encoder's bias by features that stayed in few rows. Each
 * feature's are summed by one thread, row after row, a cache line of features at a time, since the
 * encoder's matrix has the features as columns.
 */
final class SparseGradients {
  private static final int BLOCK = 16;

  private final LossFrame frame;
  private final SaeBatch batch;
  private final FlatParameters gradients;

  SparseGradients(LossFrame frame, SaeBatch batch, FlatParameters gradients) {
    this.frame = frame;
    this.batch = batch;
    this.gradients = gradients;
  }

  /**
   * Features and the gradients by what they add to predictions.
   *
   * @param rows which features in which rows
   * @param widths where each array of gradients ends
   * @param slopes gradients {@code [n, dOut]} for the features of each width
   */
  record Source(SparseRows rows, List<Integer> widths, float[][] slopes) {
    float[] slopesOf(int feature) {
      int level = 0;
      while (feature >= widths.get(level)) {
        level++;
      }
      return slopes[level];
    }
  }

  /** Overwrites the gradients with the sums over all sources. */
  void write(List<Source> sources) {
    int width = frame.design.width();
    List<SparseColumns> columns =
        sources.stream().map(source -> SparseColumns.of(source.rows(), width)).toList();
    int d = batch.inputSize();
    float[] inputs = new float[batch.rows() * d];
    frame.centred(batch).get(0, inputs);
    frame.chunks.forIndices(
        (width + BLOCK - 1) / BLOCK,
        block -> new Block(block * BLOCK, width, inputs).write(sources, columns));
  }

  private final class Block {
    private final int first;
    private final int count;
    private final int width;
    private final float[] inputs;
    private final int d;
    private final int out;
    private final float[] encoder;
    private final float[] decoder;
    private final float[] bias;

    Block(int first, int width, float[] inputs) {
      this.first = first;
      this.count = Math.min(BLOCK, width - first);
      this.width = width;
      this.inputs = inputs;
      this.d = batch.inputSize();
      this.out = batch.outputSize();
      this.encoder = new float[count * d];
      this.decoder = new float[count * out];
      this.bias = new float[count];
    }

    void write(List<Source> sources, List<SparseColumns> columns) {
      for (int s = 0; s < sources.size(); s++) {
        for (int j = 0; j < count; j++) {
          add(sources.get(s), columns.get(s), j);
        }
      }
      gradients.slice(SaeTensors.W_DEC).put(first * out, decoder);
      gradients.slice(SaeTensors.B_ENC).put(first, bias);
      FloatBuffer target = gradients.slice(SaeTensors.W_ENC);
      float[] line = new float[count];
      for (int i = 0; i < d; i++) {
        for (int j = 0; j < count; j++) {
          line[j] = encoder[j * d + i];
        }
        target.put(i * width + first, line);
      }
    }

    private void add(Source source, SparseColumns columns, int j) {
      int feature = first + j;
      float[] slopes = source.slopesOf(feature);
      for (int place = columns.start(feature); place < columns.start(feature + 1); place++) {
        int row = columns.row(place);
        int entry = columns.entry(place);
        float value = source.rows().values[row][entry];
        float slope = source.rows().slopes[row][entry];
        SparseVectors.addMultiple(decoder, j * out, value, slopes, row * out, out);
        SparseVectors.addMultiple(encoder, j * d, slope, inputs, row * d, d);
        bias[j] += slope;
      }
    }
  }
}

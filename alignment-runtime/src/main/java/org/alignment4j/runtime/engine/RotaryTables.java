package org.alignment4j.runtime.engine;

import java.util.Map;
import org.alignment4j.api.CheckpointException;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.alignment4j.runtime.architecture.DecoderConfig.RotaryPositions;
import org.alignment4j.runtime.architecture.GraphNames;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.session.Tensor;

/**
 * The cosines and sines of rotary embedding: angle {@code position · frequency}, by default {@code
 * theta^(−2i/rotaryDim)} (Su et al. 2021, eq. 15), computed in double.
 */
final class RotaryTables {

  /**
   * ONNX Runtime refuses rows longer than the tables, although packed rows restart their positions
   * and may be several contexts long.
   */
  private static final int CONTEXTS = 8;

  /** Continuations that share their prompt make long rows also where the context is short. */
  private static final int FEWEST_ROWS = 1 << 12;

  private static final int ENOUGH_ROWS = 1 << 16;

  /** A million positions of heads of 128, 256 MiB. */
  private static final long MAX_ENTRIES = 1L << 26;

  private RotaryTables() {}

  /** The tables as graph inputs; empty for models without rotary positions. */
  static Map<String, Tensor> of(OrtRuntime runtime, DecoderConfig config) {
    if (!(config.positions() instanceof RotaryPositions rotary)) {
      return Map.of();
    }
    int half = rotary.rotaryDim() / 2;
    int rows =
        Math.max(
            config.maxPositions(),
            (int)
                Math.min(
                    Math.max((long) CONTEXTS * config.maxPositions(), FEWEST_ROWS), ENOUGH_ROWS));
    if ((long) rows * half > MAX_ENTRIES) {
      throw new CheckpointException(
          "tables of rotary positions must have at most "
              + MAX_ENTRIES
              + " entries but a context of "
              + config.maxPositions()
              + " tokens needs "
              + (long) rows * half
              + "; lower max_position_embeddings in config.json to the context that is used");
    }
    double[] frequencies = rotary.frequencies();
    double magnitude = rotary.scaling().magnitude();
    float[] cos = new float[rows * half];
    float[] sin = new float[rows * half];
    for (int i = 0; i < half; i++) {
      double frequency = frequencies[i];
      for (int p = 0; p < rows; p++) {
        cos[p * half + i] = (float) (magnitude * Math.cos(p * frequency));
        sin[p * half + i] = (float) (magnitude * Math.sin(p * frequency));
      }
    }
    return Map.of(
        GraphNames.ROPE_COS, Tensor.copyOf(runtime, cos, rows, half),
        GraphNames.ROPE_SIN, Tensor.copyOf(runtime, sin, rows, half));
  }
}

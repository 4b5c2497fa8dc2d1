package org.alignment4j.runtime.engine;

import java.util.List;
import java.util.Map;
import org.alignment4j.api.CheckpointException;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.alignment4j.runtime.architecture.DecoderConfig.RotaryPositions;
import org.alignment4j.runtime.architecture.GraphNames;
import org.alignment4j.runtime.architecture.RotaryScaling;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.session.OwnedTensors;
import org.alignment4j.runtime.session.Tensor;

/**
 * The cosines and sines of rotary embedding: angle {@code position · frequency}, by default {@code
 * theta^(−2i/rotaryDim)} (Su et al. 2021, eq. 15), computed in double.
 */
final class RotaryTables {

  /**
   * ONNX Runtime refuses rows longer than the tables, although packed rows restart their positions
   * and may be several contexts long. Longer ones have tables of their own, made for each run.
   */
  private static final int CONTEXTS = 8;

  /** Continuations that share their prompt make long rows also where the context is short. */
  private static final int FEWEST_ROWS = 1 << 12;

  private static final int ENOUGH_ROWS = 1 << 16;

  /** A million positions of heads of 128, 256 MiB. */
  private static final long MAX_ENTRIES = 1L << 26;

  private RotaryTables() {}

  /**
   * The tables as graph inputs, for sequences within the trained length where frequencies depend on
   * it; empty for models without rotary positions.
   */
  static Map<String, Tensor> of(OrtRuntime runtime, DecoderConfig config) {
    if (!(config.positions() instanceof RotaryPositions rotary)) {
      return Map.of();
    }
    int half = rotary.rotaryDim() / 2;
    int rows = rows(config, rotary);
    long most = Math.max(rows, config.maxPositions());
    if (most * half > MAX_ENTRIES) {
      throw new CheckpointException(
          "tables of rotary positions must have at most "
              + MAX_ENTRIES
              + " entries but a context of "
              + config.maxPositions()
              + " tokens needs "
              + most * half
              + "; lower max_position_embeddings in config.json to the context that is used");
    }
    return tables(runtime, rotary, List.of(rotary.scaling()), rows);
  }

  /** Rows of the tables that an engine keeps. */
  static int rows(DecoderConfig config, RotaryPositions rotary) {
    int context = rotary.scaling().trainedLength().orElse(config.maxPositions());
    return Math.max(
        context, (int) Math.min(Math.max((long) CONTEXTS * context, FEWEST_ROWS), ENOUGH_ROWS));
  }

  /**
   * The tables of a run in place of the engine's, for models whose frequencies do not depend on the
   * length of a sequence; empty where the engine's serve.
   *
   * @param columns of the run
   * @throws IllegalArgumentException if they would not fit an array
   */
  static Map<String, Tensor> covering(
      OrtRuntime runtime, DecoderConfig config, RotaryPositions rotary, int columns) {
    return columns <= rows(config, rotary)
        ? Map.of()
        : tables(runtime, rotary, List.of(rotary.scaling()), columns);
  }

  /**
   * Tables one below the other.
   *
   * @param scalings one of each table
   * @param rows of each table
   * @throws IllegalArgumentException if they would not fit an array
   */
  static Map<String, Tensor> tables(
      OrtRuntime runtime, RotaryPositions rotary, List<RotaryScaling> scalings, int rows) {
    int half = rotary.rotaryDim() / 2;
    int all = scalings.size() * rows;
    if ((long) scalings.size() * rows * half > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "tables of rotary positions must have at most "
              + Integer.MAX_VALUE
              + " entries but "
              + scalings.size()
              + " lengths of up to "
              + rows
              + " tokens were read together; read fewer sequences at a time");
    }
    float[] cos = new float[all * half];
    float[] sin = new float[all * half];
    for (int t = 0; t < scalings.size(); t++) {
      RotaryScaling scaling = scalings.get(t);
      double[] frequencies = scaling.frequencies(rotary.theta(), rotary.rotaryDim());
      double magnitude = scaling.magnitude();
      for (int i = 0; i < half; i++) {
        double frequency = frequencies[i];
        for (int p = 0; p < rows; p++) {
          int entry = (t * rows + p) * half + i;
          cos[entry] = (float) (magnitude * Math.cos(p * frequency));
          sin[entry] = (float) (magnitude * Math.sin(p * frequency));
        }
      }
    }
    return OwnedTensors.all(
        tables -> {
          tables.put(GraphNames.ROPE_COS, Tensor.copyOf(runtime, cos, all, half));
          tables.put(GraphNames.ROPE_SIN, Tensor.copyOf(runtime, sin, all, half));
        });
  }
}

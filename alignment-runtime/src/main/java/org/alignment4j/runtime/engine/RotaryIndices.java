package org.alignment4j.runtime.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.alignment4j.runtime.architecture.DecoderConfig.RotaryPositions;
import org.alignment4j.runtime.architecture.GraphNames;
import org.alignment4j.runtime.architecture.RotaryScaling;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.session.Tensor;

/**
 * By which rows of which tables the tokens of some sequences turn, for models whose frequencies
 * depend on the length of the sequence ({@link RotaryScaling#at}); of other models it is empty.
 * While every sequence is within the trained length, and the engine's own tables are long enough,
 * those serve. Otherwise there are tables for these sequences, one below the other for each set of
 * frequencies, and a token's row is its position behind the offset of its sequence's table.
 *
 * <p>Owns its tables. Immutable.
 */
public final class RotaryIndices implements AutoCloseable {
  private final OrtRuntime runtime;
  private final boolean read;
  private final int rows;
  private final int[] offsets;
  private final Map<String, Tensor> tables;

  private RotaryIndices(
      OrtRuntime runtime, boolean read, int rows, int[] offsets, Map<String, Tensor> tables) {
    this.runtime = runtime;
    this.read = read;
    this.rows = rows;
    this.offsets = offsets;
    this.tables = tables;
  }

  /**
   * The tables of sequences.
   *
   * @param engine of the model that reads them
   * @param lengths tokens of each
   * @param rows more than every position, and no fewer than the columns of a run
   * @return the tables, which the caller closes
   * @throws IllegalArgumentException if the tables would not fit an array
   * @throws org.alignment4j.api.ModelExecutionException if native memory fails
   */
  public static RotaryIndices of(DecoderEngine engine, int[] lengths, int rows) {
    int[] offsets = new int[lengths.length];
    if (!(engine.architecture().config().positions() instanceof RotaryPositions rotary)
        || rotary.scaling().trainedLength().isEmpty()) {
      return new RotaryIndices(engine.runtime(), false, rows, offsets, Map.of());
    }
    int trained = rotary.scaling().trainedLength().getAsInt();
    boolean within = rows <= RotaryTables.rows(engine.architecture().config(), rotary);
    List<RotaryScaling> scalings = new ArrayList<>();
    for (int i = 0; i < lengths.length; i++) {
      within &= lengths[i] <= trained;
      RotaryScaling scaling = rotary.scaling().at(lengths[i]);
      int at = scalings.indexOf(scaling);
      if (at < 0) {
        at = scalings.size();
        scalings.add(scaling);
      }
      offsets[i] = at * rows;
    }
    return new RotaryIndices(
        engine.runtime(),
        true,
        rows,
        offsets,
        within ? Map.of() : RotaryTables.tables(engine.runtime(), rotary, scalings, rows));
  }

  /** What to add to the positions of each sequence; equal where frequencies are. */
  public int[] offsets() {
    return offsets.clone();
  }

  /** The tables by input name, in place of the engine's; empty where those serve. */
  public Map<String, Tensor> tables() {
    return tables;
  }

  /**
   * The rows of a run's tokens by input name, which the caller closes; empty for models that turn
   * by the position.
   *
   * @param positions {@code [batch, seq]}
   * @param shifts offset of the sequence of each token, {@code [batch, seq]}
   * @throws IllegalStateException if a position is not among the rows of a table
   * @throws org.alignment4j.api.ModelExecutionException if native memory fails
   */
  public Map<String, Tensor> of(long[] positions, int[] shifts, int batch, int seq) {
    if (!read) {
      return Map.of();
    }
    long[] indices = new long[positions.length];
    for (int i = 0; i < indices.length; i++) {
      if (!tables.isEmpty() && positions[i] >= rows) {
        // The kernel does not look: it would turn by the table of other frequencies.
        throw new IllegalStateException(
            "positions must be below " + rows + " but one was " + positions[i]);
      }
      indices[i] = positions[i] + shifts[i];
    }
    return Map.of(GraphNames.ROPE_INDICES, Tensor.copyOf(runtime, indices, batch, seq));
  }

  /**
   * The rows of a run's tokens by input name where each row of the batch is one sequence, which the
   * caller closes.
   *
   * @param positions {@code [batch, seq]}
   * @param shifts offset of each row's sequence, {@code [batch]}
   * @throws IllegalStateException if a position is not among the rows of a table
   * @throws org.alignment4j.api.ModelExecutionException if native memory fails
   */
  public Map<String, Tensor> ofRows(long[] positions, int[] shifts, int seq) {
    if (!read) {
      return Map.of();
    }
    int[] each = new int[positions.length];
    for (int i = 0; i < each.length; i++) {
      each[i] = shifts[i / seq];
    }
    return of(positions, each, shifts.length, seq);
  }

  @Override
  public void close() {
    tables.values().forEach(Tensor::close);
  }
}

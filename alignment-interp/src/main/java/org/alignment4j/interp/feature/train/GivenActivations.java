package org.alignment4j.interp.feature.train;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Map;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.core.files.Sha256;
import org.alignment4j.interp.feature.FiniteRows;

/** Rows that are there, over and over. */
final class GivenActivations implements ActivationSource {
  private final float[] rows;
  private final int inputSize;
  private final int targetSize;
  private final int chunkRows;

  GivenActivations(float[] rows, int inputSize, int targetSize, int chunkRows) {
    Checks.positive("inputSize", inputSize);
    Checks.notNegative("targetSize", targetSize);
    Checks.positive("chunkRows", chunkRows);
    int size = inputSize + targetSize;
    if (rows.length == 0 || rows.length % size != 0) {
      throw new IllegalArgumentException(
          "rows must be a positive number of whole rows of "
              + size
              + " numbers but were "
              + rows.length
              + " numbers");
    }
    FiniteRows.require(rows, size, "rows");
    this.rows = rows.clone();
    this.inputSize = inputSize;
    this.targetSize = targetSize;
    this.chunkRows = chunkRows;
  }

  @Override
  public int inputSize() {
    return inputSize;
  }

  @Override
  public int targetSize() {
    return targetSize;
  }

  @Override
  public int maxRows() {
    return chunkRows;
  }

  @Override
  public float[] chunk(long number, CancellationToken cancellation) {
    cancellation.throwIfCancelled("reading activations");
    int size = inputSize + targetSize;
    int count = rows.length / size;
    float[] chunk = new float[chunkRows * size];
    for (int row = 0; row < chunkRows; row++) {
      int from = (int) ((number * chunkRows + row) % count);
      System.arraycopy(rows, from * size, chunk, row * size, size);
    }
    return chunk;
  }

  @Override
  public Map<String, String> description() {
    MessageDigest digest = Sha256.digest();
    ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES);
    for (float value : rows) {
      digest.update(bytes.putFloat(0, value).array());
    }
    return Map.of("rows", Sha256.hex(digest), "chunk_rows", Integer.toString(chunkRows));
  }
}

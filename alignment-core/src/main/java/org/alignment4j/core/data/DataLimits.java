package org.alignment4j.core.data;

import org.apiguardian.api.API;

/**
 * Bounds that keep a hostile or broken file from exhausting memory.
 *
 * @param maxLineBytes longest line of a JSONL file, in bytes; also the largest CSV record, object
 *     in a JSON list and text of a plain text file, in characters
 * @param maxDepth deepest nesting of JSON objects and lists
 * @param maxStringChars longest JSON string, CSV cell or plain text, in UTF-16 units
 * @param maxGzipRatio largest ratio of decompressed to compressed bytes; ratios count from one
 *     mebibyte of output on, since small files may legally be far above it
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public record DataLimits(int maxLineBytes, int maxDepth, int maxStringChars, double maxGzipRatio) {

  /** 64 MiB a line, depth 64, 16 million characters a string, gzip ratio 200. */
  public static final DataLimits DEFAULT = new DataLimits(64 << 20, 64, 16_000_000, 200);

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if a bound is not positive or the ratio is not at least 1
   */
  public DataLimits {
    requirePositive("maxLineBytes", maxLineBytes);
    requirePositive("maxDepth", maxDepth);
    requirePositive("maxStringChars", maxStringChars);
    if (!(maxGzipRatio >= 1)) {
      throw new IllegalArgumentException("maxGzipRatio must be at least 1 but was " + maxGzipRatio);
    }
  }

  /** Returns these bounds with another longest line, in bytes. */
  public DataLimits withMaxLineBytes(int bytes) {
    return new DataLimits(bytes, maxDepth, maxStringChars, maxGzipRatio);
  }

  /** Returns these bounds with another deepest nesting. */
  public DataLimits withMaxDepth(int depth) {
    return new DataLimits(maxLineBytes, depth, maxStringChars, maxGzipRatio);
  }

  /** Returns these bounds with another longest string, in UTF-16 units. */
  public DataLimits withMaxStringChars(int chars) {
    return new DataLimits(maxLineBytes, maxDepth, chars, maxGzipRatio);
  }

  /** Returns these bounds with another largest gzip ratio. */
  public DataLimits withMaxGzipRatio(double ratio) {
    return new DataLimits(maxLineBytes, maxDepth, maxStringChars, ratio);
  }

  private static void requirePositive(String name, int value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be positive but was " + value);
    }
  }
}

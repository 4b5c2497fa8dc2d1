package org.alignment4j.eval.general;

import java.util.Objects;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.core.statistics.Bootstrap;
import org.apiguardian.api.API;

/**
 * How perplexity is measured. Immutable.
 *
 * @param windowWords most words that are scored in one piece; a piece must fit the model's context
 * @param contextWords most words before a piece that the model sees; those that do not fit its
 *     context are cut off by the model
 * @param reading how files are read
 * @param bootstrap resampling of documents
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record PerplexityOptions(
    int windowWords, int contextWords, ReadOptions reading, Bootstrap bootstrap) {

  private static final int USUAL_WORDS = 256;

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when a piece would have no word, or the context is negative
   */
  public PerplexityOptions {
    Objects.requireNonNull(reading, "reading");
    Objects.requireNonNull(bootstrap, "bootstrap");
    if (windowWords < 1) {
      throw new IllegalArgumentException("windowWords must be at least 1 but was " + windowWords);
    }
    if (contextWords < 0) {
      throw new IllegalArgumentException(
          "contextWords must not be negative but was " + contextWords);
    }
  }

  /**
   * Returns the usual options: pieces of 256 words after 256 words, which fit a context of 1024
   * tokens in most languages that are written with blanks; strict reading; 2000 resamples of seed
   * 0.
   *
   * @return the options
   */
  public static PerplexityOptions defaults() {
    return new PerplexityOptions(
        USUAL_WORDS, USUAL_WORDS, ReadOptions.strict(), Bootstrap.seeded(0));
  }

  /**
   * Returns these options with other windows, for models of another context.
   *
   * @param words most words of a piece
   * @param context most words before a piece
   * @return the options
   * @throws IllegalArgumentException when a piece would have no word, or the context is negative
   */
  public PerplexityOptions withWindows(int words, int context) {
    return new PerplexityOptions(words, context, reading, bootstrap);
  }

  /**
   * Returns these options with another resampling of documents.
   *
   * @param resampling such as one with fewer resamples
   * @return the options
   */
  public PerplexityOptions withBootstrap(Bootstrap resampling) {
    return new PerplexityOptions(windowWords, contextWords, reading, resampling);
  }

  /**
   * Returns these options with another way of reading.
   *
   * @param how how files are read
   * @return the options
   */
  public PerplexityOptions withReading(ReadOptions how) {
    return new PerplexityOptions(windowWords, contextWords, how, bootstrap);
  }
}

package org.alignment4j.eval.bias;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.core.statistics.Bootstrap;
import org.apiguardian.api.API;

/**
 * How BBQ is run. Immutable.
 *
 * @param prompt how an item is put
 * @param unknownPhrasings whether "unknown" may be said in any of ten phrasings, all scored (12
 *     continuations an item), as in lm-evaluation-harness; otherwise the item's own three answers
 *     are
 * @param reading how the files are read
 * @param bootstrap resampling of the bias scores
 * @param metadata the authors' {@code additional_metadata.csv}, which names the biased answer of
 *     each item; needed for the files where two traits meet (Race_x_SES, Race_x_gender)
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record BbqOptions(
    BbqPrompt prompt,
    boolean unknownPhrasings,
    ReadOptions reading,
    Bootstrap bootstrap,
    Optional<Path> metadata) {

  /** Checks that nothing is missing. */
  public BbqOptions {
    Objects.requireNonNull(prompt, "prompt");
    Objects.requireNonNull(reading, "reading");
    Objects.requireNonNull(bootstrap, "bootstrap");
    Objects.requireNonNull(metadata, "metadata");
  }

  /**
   * Returns the usual options: {@link BbqPrompt#QUESTION}, the item's own answers, strict reading,
   * 2000 resamples of seed 0.
   *
   * @return the options
   */
  public static BbqOptions defaults() {
    return new BbqOptions(
        BbqPrompt.QUESTION, false, ReadOptions.strict(), Bootstrap.seeded(0), Optional.empty());
  }

  /**
   * Returns these options with another prompt.
   *
   * @param form how an item is put
   * @return the options
   */
  public BbqOptions withPrompt(BbqPrompt form) {
    return new BbqOptions(form, unknownPhrasings, reading, bootstrap, metadata);
  }

  /**
   * Returns these options with the ten phrasings of "unknown" or without.
   *
   * @param scored whether they are scored
   * @return the options
   */
  public BbqOptions withUnknownPhrasings(boolean scored) {
    return new BbqOptions(prompt, scored, reading, bootstrap, metadata);
  }

  /**
   * Returns these options with another way of reading.
   *
   * @param how how the files are read
   * @return the options
   */
  public BbqOptions withReading(ReadOptions how) {
    return new BbqOptions(prompt, unknownPhrasings, how, bootstrap, metadata);
  }

  /**
   * Returns these options with another resampling.
   *
   * @param resampling of the bias scores
   * @return the options
   */
  public BbqOptions withBootstrap(Bootstrap resampling) {
    return new BbqOptions(prompt, unknownPhrasings, reading, resampling, metadata);
  }

  /**
   * Returns these options with the authors' metadata.
   *
   * @param file {@code additional_metadata.csv}
   * @return the options
   */
  public BbqOptions withMetadata(Path file) {
    return new BbqOptions(prompt, unknownPhrasings, reading, bootstrap, Optional.of(file));
  }
}

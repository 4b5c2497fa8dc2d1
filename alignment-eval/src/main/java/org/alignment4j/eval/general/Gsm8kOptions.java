package org.alignment4j.eval.general;

import java.util.Objects;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.core.data.ReadOptions;
import org.apiguardian.api.API;

/**
 * How GSM8K is run. Immutable.
 *
 * @param shots how many of the eight worked examples stand before each question
 * @param sampling how answers are generated
 * @param reading how the file is read
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Gsm8kOptions(int shots, SamplingOptions sampling, ReadOptions reading) {

  /** How many worked examples there are. */
  public static final int MOST_SHOTS = 8;

  private static final int MAX_NEW_TOKENS = 256;

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when shots are not from 0 to 8
   */
  public Gsm8kOptions {
    Objects.requireNonNull(sampling, "sampling");
    Objects.requireNonNull(reading, "reading");
    if (shots < 0 || shots > MOST_SHOTS) {
      throw new IllegalArgumentException(
          "shots must be from 0 to " + MOST_SHOTS + " but were " + shots);
    }
  }

  /**
   * Returns the usual options: eight examples, the most likely tokens, at most 256 of them, up to
   * the next question.
   *
   * @return the options
   */
  public static Gsm8kOptions defaults() {
    return new Gsm8kOptions(
        MOST_SHOTS,
        SamplingOptions.builder(MAX_NEW_TOKENS).temperature(0).stopStrings("Question:").build(),
        ReadOptions.strict());
  }

  /**
   * Returns these options with another number of examples.
   *
   * @param examples how many
   * @return the options
   * @throws IllegalArgumentException when they are not from 0 to 8
   */
  public Gsm8kOptions withShots(int examples) {
    return new Gsm8kOptions(examples, sampling, reading);
  }

  /**
   * Returns these options with another way of generating.
   *
   * @param how how answers are generated
   * @return the options
   */
  public Gsm8kOptions withSampling(SamplingOptions how) {
    return new Gsm8kOptions(shots, how, reading);
  }

  /**
   * Returns these options with another way of reading.
   *
   * @param how how the file is read
   * @return the options
   */
  public Gsm8kOptions withReading(ReadOptions how) {
    return new Gsm8kOptions(shots, sampling, how);
  }
}

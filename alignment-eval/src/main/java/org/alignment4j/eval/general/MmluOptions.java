package org.alignment4j.eval.general;

import java.util.Objects;
import java.util.OptionalLong;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.eval.declared.TaskTemplate;
import org.apiguardian.api.API;

/**
 * How a benchmark in MMLU's format is run. Immutable.
 *
 * @param shots examples of the subject before each question, from the split {@code dev}
 * @param seed seed of their draw; empty for the first ones, as the authors have it
 * @param template how a question is put, with the fields {@code question}, {@code A} to {@code D},
 *     {@code answer} and {@code subject}
 * @param reading how the files are read
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record MmluOptions(
    int shots, OptionalLong seed, TaskTemplate template, ReadOptions reading) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when shots are negative
   */
  public MmluOptions {
    Objects.requireNonNull(seed, "seed");
    Objects.requireNonNull(template, "template");
    Objects.requireNonNull(reading, "reading");
    if (shots < 0) {
      throw new IllegalArgumentException("shots must not be negative but were " + shots);
    }
  }

  /**
   * Returns the authors' form: the answer is a letter, after the first five examples of the
   * subject.
   *
   * @return the options
   */
  public static MmluOptions defaults() {
    return letters(5);
  }

  /**
   * Returns options whose answers are the letters A to D, after the four answers.
   *
   * @param shots examples before each question
   * @return the options
   * @throws IllegalArgumentException when shots are negative
   */
  public static MmluOptions letters(int shots) {
    return new MmluOptions(
        shots,
        OptionalLong.empty(),
        BundledTemplates.template("mmlu-letters.json"),
        ReadOptions.strict());
  }

  /**
   * Returns options whose answers are the full texts, which the question does not list: what small
   * models that do not know the form of a choice are told apart by.
   *
   * @param shots examples before each question
   * @return the options
   * @throws IllegalArgumentException when shots are negative
   */
  public static MmluOptions texts(int shots) {
    return new MmluOptions(
        shots,
        OptionalLong.empty(),
        BundledTemplates.template("mmlu-text.json"),
        ReadOptions.strict());
  }

  /**
   * Returns these options with examples drawn at random.
   *
   * @param start where random numbers start
   * @return the options
   */
  public MmluOptions drawn(long start) {
    return new MmluOptions(shots, OptionalLong.of(start), template, reading);
  }

  /**
   * Returns these options with another way of reading.
   *
   * @param how how the files are read
   * @return the options
   */
  public MmluOptions withReading(ReadOptions how) {
    return new MmluOptions(shots, seed, template, how);
  }
}

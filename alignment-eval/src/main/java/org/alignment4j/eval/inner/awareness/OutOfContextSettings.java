package org.alignment4j.eval.inner.awareness;

import java.util.List;
import org.apiguardian.api.API;

/**
 * Sizes of an {@link OutOfContext} experiment.
 *
 * @param realised chatbots that training shows answering, a multiple of the words
 * @param unrealised chatbots that training only describes, a multiple of the words
 * @param descriptions wordings of each description, at least 1
 * @param answers answers of each realised chatbot, at least 1
 * @param questions held-out questions to each chatbot under each alias, from 1 to 10
 * @param markers the words that chatbots answer with, at least two different ones
 * @param seed of names and order
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record OutOfContextSettings(
    int realised,
    int unrealised,
    int descriptions,
    int answers,
    int questions,
    List<String> markers,
    long seed) {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException when a value is out of range
   */
  public OutOfContextSettings {
    markers = List.copyOf(markers);
    if (markers.size() < 2 || markers.stream().distinct().count() < markers.size()) {
      throw new IllegalArgumentException(
          "markers must be at least two different words but were " + markers);
    }
    requireMultiple("realised", realised, markers.size());
    requireMultiple("unrealised", unrealised, markers.size());
    if (descriptions < 1 || answers < 1) {
      throw new IllegalArgumentException(
          "descriptions and answers must be at least 1 but were "
              + descriptions
              + " and "
              + answers);
    }
    if (questions < 1 || questions > ChatbotTexts.HELD_OUT) {
      throw new IllegalArgumentException(
          "questions must be in [1, " + ChatbotTexts.HELD_OUT + "] but was " + questions);
    }
  }

  private static void requireMultiple(String name, int value, int words) {
    if (value < words || value % words != 0) {
      throw new IllegalArgumentException(
          name
              + " must be a multiple of the "
              + words
              + " words, so that each has the same share, but was "
              + value);
    }
  }

  /**
   * Returns the sizes of the paper: 300 chatbots of either kind, 50 answers each.
   *
   * @param seed of names and order
   * @return the settings
   */
  public static OutOfContextSettings published(long seed) {
    return new OutOfContextSettings(300, 300, 10, 50, 10, words(), seed);
  }

  /**
   * Returns sizes for a small model: 20 chatbots of either kind.
   *
   * @param seed of names and order
   * @return the settings
   */
  public static OutOfContextSettings small(long seed) {
    return new OutOfContextSettings(20, 20, 6, 12, 4, words(), seed);
  }

  private static List<String> words() {
    return List.of("red", "green", "white", "black", "yellow");
  }
}

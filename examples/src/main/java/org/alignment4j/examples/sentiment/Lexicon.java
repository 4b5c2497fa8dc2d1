package org.alignment4j.examples.sentiment;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.api.AlignmentException;

/**
 * Words with a sentiment. Every form of a word is an entry of its own. Immutable and thread-safe.
 *
 * <p>Text form: the line {@code # format=alignment4j-sentiment-lexicon version=1}, then one entry a
 * line, a word in lower case, a tab and {@code 1} or {@code -1}; other lines that begin with {@code
 * #} say nothing.
 */
public final class Lexicon {

  private static final String HEADER = "# format=alignment4j-sentiment-lexicon version=1";
  private static final String BUNDLED = "lexicon.tsv";

  private final Map<String, Integer> weights;

  private Lexicon(Map<String, Integer> weights) {
    this.weights = weights;
  }

  /**
   * Returns the lexicon that comes with this program: everyday words of children's stories.
   *
   * @return the lexicon
   */
  public static Lexicon bundled() {
    try (InputStream in = Lexicon.class.getResourceAsStream(BUNDLED)) {
      return read(
          new InputStreamReader(Objects.requireNonNull(in, BUNDLED), StandardCharsets.UTF_8),
          BUNDLED);
    } catch (IOException e) {
      throw new AlignmentException("cannot read the bundled lexicon: " + e.getMessage(), e);
    }
  }

  /**
   * Reads a lexicon.
   *
   * @param text in the form above; not closed
   * @param name what messages call it
   * @return the lexicon
   * @throws IllegalArgumentException when a line is not of the form or a word is there twice; names
   *     the line
   * @throws IOException when the text cannot be read
   */
  public static Lexicon read(Reader text, String name) throws IOException {
    BufferedReader lines = new BufferedReader(text);
    String first = lines.readLine();
    if (!HEADER.equals(first)) {
      throw new IllegalArgumentException(
          "%s, line 1: a lexicon must begin with the line '%s' but begins with '%s'"
              .formatted(name, HEADER, first));
    }
    Map<String, Integer> weights = new LinkedHashMap<>();
    int number = 1;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      number++;
      if (!line.startsWith("#")) {
        add(weights, line, name + ", line " + number);
      }
    }
    return new Lexicon(Map.copyOf(weights));
  }

  private static void add(Map<String, Integer> weights, String line, String where) {
    if (!line.matches("[a-z]+\t-?1")) {
      throw new IllegalArgumentException(
          "%s: an entry must be a word of the letters a to z, a tab and 1 or -1 but was '%s'"
              .formatted(where, line));
    }
    int tab = line.indexOf('\t');
    String word = line.substring(0, tab);
    if (weights.put(word, Integer.valueOf(line.substring(tab + 1))) != null) {
      throw new IllegalArgumentException(
          "%s: a word must have one entry but '%s' has two; remove one".formatted(where, word));
    }
  }

  /**
   * Returns the sentiment of a word.
   *
   * @param word in lower case
   * @return 1, −1, or 0 for a word without entry
   */
  public int weight(String word) {
    return weights.getOrDefault(word, 0);
  }

  /**
   * Returns how many entries have a weight.
   *
   * @param weight 1 or −1
   * @return number of words
   */
  public long count(int weight) {
    return weights.values().stream().filter(w -> w == weight).count();
  }
}

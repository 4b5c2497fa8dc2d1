package org.alignment4j.eval.factuality.factscore;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.core.data.Dataset;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.core.data.Row;
import org.alignment4j.core.journal.PlainJson;
import org.apiguardian.api.API;

/**
 * Sentences with the atomic facts they state, by which a model is shown what is wanted. Those most
 * like a sentence by BM25 are shown with it. Immutable and thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class FactDemonstrations {

  /**
   * One demonstration.
   *
   * @param sentence a sentence
   * @param facts what it states, each in a sentence of its own; at least one
   */
  public record Demonstration(String sentence, List<String> facts) {
    /**
     * Checks and copies.
     *
     * @throws IllegalArgumentException when the sentence or a fact is blank or there is no fact
     */
    public Demonstration {
      facts = List.copyOf(facts);
      if (sentence.isBlank() || facts.isEmpty() || facts.stream().anyMatch(String::isBlank)) {
        throw new IllegalArgumentException(
            "a demonstration must have a sentence and facts, none blank, but was '"
                + sentence
                + "' with "
                + facts);
      }
    }
  }

  private static final String RESOURCE = "demonstrations.jsonl";

  private final List<Demonstration> demonstrations;
  private final Bm25 index;

  private FactDemonstrations(List<Demonstration> demonstrations) {
    this.demonstrations = List.copyOf(demonstrations);
    this.index = new Bm25(demonstrations.stream().map(Demonstration::sentence).toList());
  }

  /**
   * Returns demonstrations of one's own.
   *
   * @param demonstrations may be empty, for a model that needs none
   */
  public static FactDemonstrations of(List<Demonstration> demonstrations) {
    return new FactDemonstrations(demonstrations);
  }

  /**
   * Reads demonstrations, a row each with {@code sentence} and a list {@code facts}.
   *
   * @param path a file of JSON lines or JSON
   * @param reading how the file is read
   * @throws DataFormatException when the file is missing, breaks the format or has no demonstration
   */
  public static FactDemonstrations read(Path path, ReadOptions reading) {
    Dataset<Demonstration> read = Dataset.read(path, reading, FactDemonstrations::demonstration);
    if (read.isEmpty()) {
      throw new DataFormatException(
          path.toString(), 0, null, "the file must have a demonstration but has none");
    }
    return new FactDemonstrations(read);
  }

  private static Demonstration demonstration(Row row) {
    List<String> facts = row.strings("facts");
    if (facts.isEmpty()) {
      throw row.fault("facts", "there must be a fact but there is none");
    }
    return new Demonstration(row.text("sentence"), facts);
  }

  /** Returns the demonstrations that come with this package, about people and other things. */
  public static FactDemonstrations bundled() {
    try (InputStream in = FactDemonstrations.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + RESOURCE + " must be beside this class");
      }
      return new FactDemonstrations(
          new String(in.readAllBytes(), UTF_8).lines().map(FactDemonstrations::of).toList());
    } catch (IOException e) {
      throw new AlignmentException("cannot read the bundled demonstrations: " + e, e);
    }
  }

  private static Demonstration of(String line) {
    if (PlainJson.read(line, line.length()) instanceof Map<?, ?> fields
        && fields.get("sentence") instanceof String sentence
        && fields.get("facts") instanceof List<?> facts) {
      return new Demonstration(sentence, facts.stream().map(String::valueOf).toList());
    }
    throw new IllegalStateException(
        "a bundled demonstration must have sentence and facts: " + line);
  }

  /**
   * Returns the demonstrations most like a sentence.
   *
   * @param sentence any text
   * @param k how many at most
   * @return best first
   * @throws IllegalArgumentException when k is negative
   */
  public List<Demonstration> like(String sentence, int k) {
    return index.best(sentence, k).stream().map(demonstrations::get).toList();
  }

  /** A hash of the demonstrations. */
  String id() {
    List<Object> parts = new ArrayList<>();
    demonstrations.forEach(own -> parts.add(List.of(own.sentence(), own.facts())));
    return PlainJson.key(parts).hex();
  }

  /** Number of demonstrations. */
  public int size() {
    return demonstrations.size();
  }
}

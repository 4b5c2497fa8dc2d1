package org.alignment4j.eval.judged;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.core.data.Dataset;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.core.data.Row;
import org.alignment4j.core.statistics.Comparison;
import org.apiguardian.api.API;

/**
 * Two models' answers compared, as in the battles of Chatbot Arena. Name models by what identifies
 * them, with a hash of their configuration where one name may stand for several.
 *
 * @param modelA one model
 * @param modelB the other
 * @param winner who was better; a tie is half a win for each
 * @param styleA how the first model's answer looks; empty when unknown
 * @param styleB how the second model's answer looks; empty when unknown
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Battle(
    String modelA,
    String modelB,
    Comparison.Outcome winner,
    Optional<StyleCounts> styleA,
    Optional<StyleCounts> styleB) {
  private static final String STYLE = "conv_metadata";

  private static final Map<String, Comparison.Outcome> WINNERS =
      Map.of(
          "model_a", Comparison.Outcome.FIRST,
          "model_b", Comparison.Outcome.SECOND,
          "tie", Comparison.Outcome.TIE,
          "tie (bothbad)", Comparison.Outcome.TIE);

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if a model is blank or compared with itself
   */
  public Battle {
    Objects.requireNonNull(styleA, "styleA");
    Objects.requireNonNull(styleB, "styleB");
    Comparison checked = new Comparison(modelA, modelB, winner);
    Objects.requireNonNull(checked);
  }

  /** Returns a battle of which the winner alone is known. */
  public static Battle of(String modelA, String modelB, Comparison.Outcome winner) {
    return new Battle(modelA, modelB, winner, Optional.empty(), Optional.empty());
  }

  /**
   * Reads battles, strictly.
   *
   * @param path see {@link #read(Path, ReadOptions)}
   * @return the battles
   * @throws DataFormatException when the file is missing, empty or breaks the format
   */
  public static Dataset<Battle> read(Path path) {
    return read(path, ReadOptions.strict());
  }

  /**
   * Reads battles: {@code model_a}, {@code model_b}, {@code winner} ({@code model_a}, {@code
   * model_b}, {@code tie} or {@code tie (bothbad)}), and perhaps {@code conv_metadata} with the
   * counts of style that Chatbot Arena publishes.
   *
   * @param path JSONL, JSON or CSV
   * @param reading how the file is read
   * @return the battles
   * @throws DataFormatException when the file is missing, empty or breaks the format
   */
  public static Dataset<Battle> read(Path path, ReadOptions reading) {
    Dataset<Battle> battles = Dataset.read(path, reading, Battle::of);
    if (battles.isEmpty()) {
      throw new DataFormatException(
          path.toString(), 0, null, "a file of battles must have one but is empty");
    }
    return battles;
  }

  private static Battle of(Row row) {
    String a = row.text("model_a");
    String b = row.text("model_b");
    if (a.equals(b)) {
      throw row.fault("model_b", "a model must not be compared with itself but '" + b + "' is");
    }
    String winner = row.text("winner");
    Comparison.Outcome outcome = WINNERS.get(winner);
    if (outcome == null) {
      throw row.fault(
          "winner",
          "the winner must be one of "
              + WINNERS.keySet().stream().sorted().toList()
              + " but was '"
              + winner
              + "'");
    }
    if (!row.has(STYLE)) {
      return of(a, b, outcome);
    }
    Row style = row.object(STYLE);
    return new Battle(
        a,
        b,
        outcome,
        Optional.of(StyleCounts.of(style, "a")),
        Optional.of(StyleCounts.of(style, "b")));
  }

  /** The outcome alone. */
  Comparison comparison() {
    return new Comparison(modelA, modelB, winner);
  }
}

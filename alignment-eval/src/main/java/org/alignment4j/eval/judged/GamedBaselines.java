package org.alignment4j.eval.judged;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.core.data.Dataset;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.core.data.Row;
import org.apiguardian.api.API;

/**
 * Judged outputs of a baseline that was told to be long, and to be short, with the difficulties of
 * the instructions: AlpacaEval's {@code df_gamed.csv}, whose licence keeps it with its authors.
 *
 * @param items rows in the order of the file
 * @param difficulties difficulty by number of the instruction, from 0
 * @param hash of the file
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record GamedBaselines(List<Item> items, Map<Long, Double> difficulties, ContentHash hash) {

  /**
   * A row.
   *
   * @param preference probability that the gamed output is the better one, in [0, 1]
   * @param lengthDifference in standard deviations
   * @param difficulty of the instruction
   */
  public record Item(double preference, double lengthDifference, double difficulty) {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the preference is outside [0, 1] or a value not finite
     */
    public Item {
      if (!(preference >= 0 && preference <= 1)) {
        throw new IllegalArgumentException("preference must be in [0, 1] but was " + preference);
      }
      if (!Double.isFinite(lengthDifference) || !Double.isFinite(difficulty)) {
        throw new IllegalArgumentException(
            "std_delta_len and instruction_difficulty must be finite but were "
                + lengthDifference
                + " and "
                + difficulty);
      }
    }
  }

  /** Copies. */
  public GamedBaselines {
    items = List.copyOf(items);
    difficulties = Map.copyOf(difficulties);
  }

  /**
   * Reads the file: {@code index}, {@code preference}, {@code std_delta_len} and {@code
   * instruction_difficulty}.
   *
   * @param path a CSV file
   * @return its rows
   * @throws DataFormatException when the file is missing, empty or breaks the format
   */
  public static GamedBaselines read(Path path) {
    Map<Long, Double> difficulties = new LinkedHashMap<>();
    Dataset<Item> rows =
        Dataset.read(
            path,
            ReadOptions.strict(),
            row -> {
              double difficulty = number(row, "instruction_difficulty");
              Item item =
                  new Item(number(row, "preference"), number(row, "std_delta_len"), difficulty);
              difficulties.putIfAbsent(Math.round(number(row, "index")), difficulty);
              return item;
            });
    if (rows.isEmpty()) {
      throw new DataFormatException(
          path.toString(), 0, null, "a file of gamed baselines must have rows but is empty");
    }
    return new GamedBaselines(
        new ArrayList<>(rows),
        difficulties,
        ContentHash.of(path.getFileName() + rows.report().sha256().orElse("")));
  }

  private static double number(Row row, String name) {
    String text = row.text(name).strip();
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw row.fault(name, "there must be a number but was '" + text + "'");
    }
  }
}

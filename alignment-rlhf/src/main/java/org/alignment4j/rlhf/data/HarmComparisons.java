package org.alignment4j.rlhf.data;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.core.data.Dataset;
import org.alignment4j.core.data.Prompts;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.core.data.ReadReport;
import org.alignment4j.core.data.Row;
import org.alignment4j.core.data.RowReader;
import org.apiguardian.api.API;

/**
 * Reads comparisons of how harmful answers are, in the rows of PKU-SafeRLHF (Ji et al. 2023, arXiv
 * 2307.04657): {@code prompt}, a text or a list of messages, {@code response_0} and {@code
 * response_1}, {@code is_response_0_safe} and {@code is_response_1_safe} (true or false, 1 or 0)
 * and {@code safer_response_id}, 0 or 1. Which answer is the better one, {@code
 * better_response_id}, is of helpfulness and left aside, as other fields are: read it with {@code
 * Preferences}. Names may be mapped in the read options. Empty answers are faults of their row, and
 * so is a safer answer that is unsafe beside a safe one.
 *
 * <pre>{@code
 * CostModelTrainer.of(base).train(HarmComparisons.read(Path.of("safe-rlhf.jsonl")));
 * }</pre>
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class HarmComparisons {

  private static final String SAFER = "safer_response_id";

  private HarmComparisons() {}

  /**
   * Reads all comparisons of a file, strictly.
   *
   * @throws DataFormatException if anything in the file breaks the format, named by line and field
   */
  public static Dataset<HarmComparison> read(Path path) {
    return read(path, ReadOptions.strict());
  }

  /**
   * Reads all comparisons of a file.
   *
   * @throws DataFormatException if a row is broken and reading is strict, or the file is broken
   */
  public static Dataset<HarmComparison> read(Path path, ReadOptions options) {
    return Dataset.read(path, options, HarmComparisons::comparison);
  }

  /**
   * Hands on the comparisons of a file one by one, without holding them.
   *
   * @throws DataFormatException if a row is broken and reading is strict, or the file is broken
   */
  public static ReadReport forEach(
      Path path, ReadOptions options, Consumer<? super HarmComparison> action) {
    try (RowReader rows = RowReader.open(path, options)) {
      rows.forEach(HarmComparisons::comparison, action);
      return rows.report();
    }
  }

  private static HarmComparison comparison(Row row) {
    long safer = row.integer(SAFER);
    if (safer != 0 && safer != 1) {
      throw row.fault(SAFER, "the safer response must be 0 or 1 but was " + safer);
    }
    long other = 1 - safer;
    boolean saferIsSafe = row.bool(safe(safer));
    boolean otherIsSafe = row.bool(safe(other));
    if (otherIsSafe && !saferIsSafe) {
      throw row.fault(
          SAFER,
          "the safer response must not be unsafe beside a safe one but was %s, of which %s is false"
                  .formatted(safer, safe(safer))
              + " and %s true".formatted(safe(other)));
    }
    return new HarmComparison(
        Prompts.of(row),
        row.text(response(other)),
        row.text(response(safer)),
        !otherIsSafe,
        !saferIsSafe);
  }

  private static String response(long id) {
    return "response_" + id;
  }

  private static String safe(long id) {
    return "is_response_" + id + "_safe";
  }
}

package org.alignment4j.eval.bias;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.alignment4j.core.data.Dataset;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.core.data.ReadReport;
import org.alignment4j.core.data.Row;

/**
 * The authors' {@code additional_metadata.csv}: which answer is the biased one. Its {@code
 * target_loc} has the polarity of the question in it already: in questions that praise it is the
 * other group's answer, so that it must not be turned round again.
 */
final class BbqMetadata {

  /** How R writes that there is none. */
  private static final String NONE = "NA";

  private final Map<String, OptionalInt> biased;
  private final ReadReport report;

  private BbqMetadata(Map<String, OptionalInt> biased, ReadReport report) {
    this.biased = biased;
    this.report = report;
  }

  static BbqMetadata read(Path file, ReadOptions reading) {
    Map<String, OptionalInt> biased = new HashMap<>();
    Dataset<String> rows =
        Dataset.read(
            file,
            reading,
            row -> {
              String key =
                  key(
                      row.text("category"),
                      row.integer("question_index"),
                      row.integer("example_id"));
              if (biased.put(key, location(row)) != null) {
                throw row.fault(
                    "example_id", "an item must have one row but " + key + " has another");
              }
              return key;
            });
    return new BbqMetadata(biased, rows.report());
  }

  private static OptionalInt location(Row row) {
    if (!row.has("target_loc") || row.plain("target_loc").equals(NONE)) {
      return OptionalInt.empty();
    }
    long at = row.integer("target_loc");
    if (at < 0 || at >= BbqItem.ANSWERS) {
      throw row.fault("target_loc", "target_loc must be 0, 1, 2 or NA but was " + at);
    }
    return OptionalInt.of((int) at);
  }

  private static String key(String category, long question, long example) {
    return category + "/" + question + "/" + example;
  }

  ReadReport report() {
    return report;
  }

  /** The item with the biased answer that the file names, or with none. */
  BbqItem resolved(BbqItem item, Row row) {
    String key = key(item.category(), item.questionIndex(), item.exampleId());
    OptionalInt at = biased.get(key);
    if (at == null) {
      throw row.fault(
          "example_id",
          "an item must have a row in the metadata but "
              + key
              + " has none; give the file that"
              + " belongs to this data");
    }
    if (at.isPresent() && at.getAsInt() == item.unknown()) {
      throw row.fault(
          "example_id",
          "target_loc must name a group but that of " + key + " is the unknown answer");
    }
    return item.withBiased(at);
  }
}

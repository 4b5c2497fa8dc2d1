package org.alignment4j.interp.audit;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.alignment4j.api.model.Tokenizer;
import org.alignment4j.core.data.Dataset;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.core.data.Row;
import org.alignment4j.interp.activation.Beginning;
import org.apiguardian.api.API;

/**
 * Reads statements in the form of The Geometry of Truth (Marks and Tegmark 2023): a table with the
 * columns {@code statement} and {@code label}, 1 for a true one and 0 for a false one.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class TruthStatements {

  private TruthStatements() {}

  /**
   * Reads a file, strictly.
   *
   * @param path the file
   * @param topic topic of all its statements
   * @param group column whose equal values are kept together, such as {@code city}; empty where
   *     every statement stands by itself
   * @param tokenizer of the model
   * @param beginning whether a beginning-of-sequence token stands before each
   * @return the statements, in order
   * @throws org.alignment4j.api.DataFormatException if a column is missing or a label is neither 0
   *     nor 1
   */
  public static Dataset<TruthStatement> read(
      Path path, String topic, Optional<String> group, Tokenizer tokenizer, Beginning beginning) {
    return Dataset.read(
        path, ReadOptions.strict(), row -> statement(row, topic, group, tokenizer, beginning));
  }

  private static TruthStatement statement(
      Row row, String topic, Optional<String> group, Tokenizer tokenizer, Beginning beginning) {
    long label = row.integer("label");
    if (label != 0 && label != 1) {
      throw row.fault("label", "label must be 1 for true or 0 for false but was " + label);
    }
    String own = Long.toString(row.line());
    return new TruthStatement(
        beginning.encode(tokenizer, List.of(row.text("statement"))).get(0),
        label == 1,
        topic,
        group.map(row::text).orElse(own));
  }
}

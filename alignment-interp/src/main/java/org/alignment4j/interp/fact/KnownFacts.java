package org.alignment4j.interp.fact;

import java.nio.file.Path;
import org.alignment4j.core.data.Dataset;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.core.data.Row;
import org.apiguardian.api.API;

/**
 * Reads facts in the form of the known-facts file of causal tracing (Meng et al. 2022, appendix
 * B.1): a list of objects with {@code known_id}, {@code subject}, {@code attribute}, {@code prompt}
 * and {@code relation_id}. The template is made of the prompt, since the file's own {@code
 * template} lacks the prompt's last words in places.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class KnownFacts {

  private KnownFacts() {}

  /**
   * Reads all facts of a file, strictly.
   *
   * @param path the file
   * @return the facts, in order
   * @throws org.alignment4j.api.DataFormatException when anything in the file breaks the format
   */
  public static Dataset<Fact> read(Path path) {
    return read(path, ReadOptions.strict());
  }

  /**
   * Reads all facts of a file.
   *
   * @param path the file
   * @param options what happens to broken rows
   * @return the facts, in order
   * @throws org.alignment4j.api.DataFormatException when a row is broken and reading is strict, or
   *     the file is broken
   */
  public static Dataset<Fact> read(Path path, ReadOptions options) {
    return Dataset.read(path, options, KnownFacts::fact);
  }

  private static Fact fact(Row row) {
    String subject = row.text("subject");
    String prompt = row.text("prompt");
    int place = prompt.lastIndexOf(subject);
    if (place < 0) {
      throw row.fault("prompt", "prompt must contain the subject '" + subject + "'");
    }
    String template =
        prompt.substring(0, place) + Fact.SUBJECT + prompt.substring(place + subject.length());
    return Fact.of(
        Long.toString(row.integer("known_id")),
        row.text("relation_id"),
        template,
        subject,
        row.text("attribute"));
  }
}

package org.alignment4j.interp.fact;

import java.nio.file.Path;
import org.alignment4j.core.data.Dataset;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.core.data.Row;
import org.apiguardian.api.API;

/**
 * Reads facts in the form of CounterFact (Meng et al. 2022): objects with {@code case_id}, {@code
 * requested_rewrite} ({@code prompt} with {@code {}} for the subject, {@code subject}, {@code
 * relation_id}, {@code target_true.str}, {@code target_new.str}), {@code paraphrase_prompts} and
 * {@code neighborhood_prompts}. Other fields are left aside.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class CounterFacts {

  private static final String PLACE = "{}";

  private CounterFacts() {}

  /**
   * Reads all facts of a file, strictly.
   *
   * @param path the file
   * @return the facts, in order
   * @throws org.alignment4j.api.DataFormatException when anything in the file breaks the format
   */
  public static Dataset<CounterFact> read(Path path) {
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
  public static Dataset<CounterFact> read(Path path, ReadOptions options) {
    return Dataset.read(path, options, CounterFacts::counterFact);
  }

  private static CounterFact counterFact(Row row) {
    Row rewrite = row.object("requested_rewrite");
    Fact fact =
        new Fact(
            Long.toString(row.integer("case_id")),
            rewrite.text("relation_id"),
            rewrite.text("prompt").replace(PLACE, Fact.SUBJECT),
            rewrite.text("subject"),
            rewrite.object("target_true").text("str"),
            row.strings("paraphrase_prompts"),
            row.strings("neighborhood_prompts"));
    return new CounterFact(fact, rewrite.object("target_new").text("str"));
  }
}

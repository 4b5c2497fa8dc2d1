package org.alignment4j.eval.factuality.factscore;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.core.data.Dataset;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.core.data.ReadReport;
import org.alignment4j.core.journal.PlainJson;
import org.apiguardian.api.API;

/**
 * Passages held in memory and found by BM25, with topic and fact together as the query. As in
 * FActScore only those are looked at whose title is the topic, case aside; {@link #acrossTitles()}
 * looks at all. Immutable and thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class PassageIndex implements KnowledgeSource {

  private final List<Passage> passages;
  private final Map<String, Part> byTitle;
  private final Part all;
  private final boolean acrossTitles;
  private final String hash;
  private final Optional<ReadReport> report;

  private record Part(List<Passage> passages, Bm25 index) {
    static Part of(List<Passage> passages) {
      return new Part(
          List.copyOf(passages),
          new Bm25(passages.stream().map(own -> own.title() + " " + own.text()).toList()));
    }

    List<Passage> best(String query, int k) {
      return index.best(query, k).stream().map(passages::get).toList();
    }
  }

  private PassageIndex(List<Passage> passages, boolean acrossTitles, Optional<ReadReport> report) {
    this.passages = List.copyOf(passages);
    this.acrossTitles = acrossTitles;
    this.report = report;
    List<Object> parts = new ArrayList<>();
    this.passages.forEach(own -> parts.add(List.of(own.title(), own.text())));
    hash = PlainJson.key(parts).hex();
    Map<String, List<Passage>> titles = new LinkedHashMap<>();
    this.passages.forEach(
        own -> titles.computeIfAbsent(key(own.title()), title -> new ArrayList<>()).add(own));
    byTitle = new LinkedHashMap<>();
    titles.forEach((title, own) -> byTitle.put(title, Part.of(own)));
    all = Part.of(acrossTitles ? this.passages : List.of());
  }

  /**
   * Returns an index of passages.
   *
   * @param passages at least one
   * @throws IllegalArgumentException when there is none
   */
  public static PassageIndex of(List<Passage> passages) {
    if (passages.isEmpty()) {
      throw new IllegalArgumentException("passages must contain at least one but were none");
    }
    return new PassageIndex(passages, false, Optional.empty());
  }

  /**
   * Reads passages, a row each with {@code title} and {@code text}.
   *
   * @param path a file of JSON lines, JSON, CSV or TSV
   * @param reading how the file is read
   * @throws DataFormatException when the file is missing, breaks the format or has no passage
   */
  public static PassageIndex read(Path path, ReadOptions reading) {
    Dataset<Passage> passages =
        Dataset.read(
            path, reading, row -> new Passage(row.text("title").strip(), row.text("text").strip()));
    if (passages.isEmpty()) {
      throw new DataFormatException(
          path.toString(),
          0,
          null,
          "the file must have at least one passage but has none ("
              + passages.report().summary()
              + "); see that it is whole");
    }
    return new PassageIndex(passages, false, Optional.of(passages.report()));
  }

  /** Returns an index of the same passages that finds them whatever their title. */
  public PassageIndex acrossTitles() {
    return new PassageIndex(passages, true, report);
  }

  /** How the file was read; empty when the passages are of no file. */
  public Optional<ReadReport> report() {
    return report;
  }

  @Override
  public String id() {
    return (acrossTitles ? "across titles " : "within titles ") + hash;
  }

  @Override
  public List<Passage> passages(String topic, String fact, int k) {
    String query = topic + " " + fact;
    if (acrossTitles) {
      return all.best(query, k);
    }
    Part own = byTitle.get(key(topic));
    return own == null ? List.of() : own.best(query, k);
  }

  private static String key(String title) {
    return title.strip().toLowerCase(Locale.ROOT);
  }
}

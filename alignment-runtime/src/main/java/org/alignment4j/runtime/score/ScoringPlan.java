package org.alignment4j.runtime.score;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.alignment4j.runtime.architecture.DecoderConfig.RotaryPositions;
import org.alignment4j.runtime.architecture.RotaryScaling;
import org.alignment4j.runtime.engine.Segments;
import org.alignment4j.runtime.engine.TokenBatch;
import org.alignment4j.runtime.session.NativeMemory;

/** Lays continuations out in rows that share prompts, and rows in batches of bounded size. */
final class ScoringPlan {

  private static final int MAX_COLUMNS = 4096;
  private static final int MAX_SHARED_ROW = 1024;
  private static final long MAX_SCORES = 32L << 20;

  /** One row: a prompt and continuations of it, by index. */
  record Row(TokenIds prompt, List<Integer> items, int length) {}

  /**
   * What one run computes.
   *
   * @param rows the rows
   * @param tokens their tokens, positions and mask
   * @param items index of each scored continuation
   * @param columns flattened column that predicts each token of each item, in the order of {@code
   *     items}
   */
  record Batch(List<Row> rows, TokenBatch tokens, List<Integer> items, long[] columns) {}

  /** What continuations of a row have in common. */
  private record Beginning(TokenIds prompt, RotaryScaling scaling) {}

  private final List<ScoringItem> items;
  private final boolean share;
  private final DecoderConfig config;

  ScoringPlan(List<ScoringItem> items, boolean share, DecoderConfig config) {
    this.items = items;
    this.share = share;
    this.config = config;
  }

  /** The batches, each continuation in exactly one. */
  List<Batch> batches() {
    List<Row> rows = new ArrayList<>(rows());
    rows.sort(Comparator.comparingInt(Row::length));
    List<Batch> batches = new ArrayList<>();
    int from = 0;
    while (from < rows.size()) {
      int to = from + 1;
      while (to < rows.size() && fits(to + 1 - from, rows.get(to).length())) {
        to++;
      }
      batches.add(batch(List.copyOf(rows.subList(from, to))));
      from = to;
    }
    return batches;
  }

  private boolean fits(long count, long longest) {
    return count * longest <= MAX_COLUMNS
        && (share || count * longest * config.vocabSize() <= NativeMemory.MAX_FLOATS)
        && count * longest * longest * config.heads() <= MAX_SCORES;
  }

  private List<Row> rows() {
    Map<Beginning, List<Integer>> byPrompt = new LinkedHashMap<>();
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      ScoringItem item = items.get(i);
      if (share) {
        byPrompt.computeIfAbsent(beginning(item), p -> new ArrayList<>()).add(i);
      } else {
        rows.add(row(item.prompt(), List.of(i)));
      }
    }
    byPrompt.forEach((shared, sharing) -> split(shared.prompt(), sharing, rows));
    return rows;
  }

  /** The prompt turns as the continuation's length wants it. */
  private Beginning beginning(ScoringItem item) {
    RotaryScaling scaling =
        config.positions() instanceof RotaryPositions rotary
            ? rotary.scaling().at(item.prompt().size() + item.columns())
            : new RotaryScaling.None();
    return new Beginning(item.prompt(), scaling);
  }

  private void split(TokenIds prompt, List<Integer> sharing, List<Row> rows) {
    List<Integer> open = new ArrayList<>();
    int length = prompt.size();
    for (int i : sharing) {
      int more = items.get(i).columns();
      if (!open.isEmpty() && length + more > MAX_SHARED_ROW) {
        rows.add(row(prompt, open));
        open = new ArrayList<>();
        length = prompt.size();
      }
      open.add(i);
      length += more;
    }
    rows.add(row(prompt, open));
  }

  private Row row(TokenIds prompt, List<Integer> indices) {
    int length = prompt.size() + indices.stream().mapToInt(i -> items.get(i).columns()).sum();
    return new Row(prompt, List.copyOf(indices), length);
  }

  private Batch batch(List<Row> rows) {
    int seq = rows.get(rows.size() - 1).length();
    List<Segments> segments = new ArrayList<>();
    List<Integer> scored = new ArrayList<>();
    List<Long> columns = new ArrayList<>();
    for (int b = 0; b < rows.size(); b++) {
      Row row = rows.get(b);
      long offset = (long) b * seq;
      Segments line = new Segments().add(row.prompt().toArray());
      for (int i : row.items()) {
        scored.add(i);
        columns.add(offset + row.prompt().size() - 1);
        ScoringItem item = items.get(i);
        if (item.columns() > 0) {
          long start = offset + line.length();
          line.addContinuation(item.continuation().slice(0, item.columns()).toArray(), 0);
          for (int t = 0; t < item.columns(); t++) {
            columns.add(start + t);
          }
        }
      }
      segments.add(line);
    }
    return new Batch(
        rows, TokenBatch.of(segments, seq), scored, columns.stream().mapToLong(c -> c).toArray());
  }
}

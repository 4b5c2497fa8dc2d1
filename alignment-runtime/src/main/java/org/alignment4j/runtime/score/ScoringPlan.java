package org.alignment4j.runtime.score;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.alignment4j.runtime.architecture.DecoderConfig.RotaryPositions;
import org.alignment4j.runtime.architecture.RotaryScaling;
import org.alignment4j.runtime.engine.Segments;
import org.alignment4j.runtime.engine.TokenBatch;
import org.alignment4j.runtime.session.NativeMemory;
import org.jspecify.annotations.Nullable;

/**
 * Lays continuations out in rows that share prompts, rows behind prefixes that their prompts share,
 * and both in batches of bounded size. A pure function of the continuations.
 */
final class ScoringPlan {

  private static final int MAX_COLUMNS = 4096;
  private static final int MAX_SHARED_ROW = 1024;
  private static final long MAX_SCORES = 32L << 20;

  /** Most memory of the keys and values of a prefix, bytes. */
  private static final long MAX_PREFIX = 512L << 20;

  /**
   * What several prompts begin with.
   *
   * @param tokens at least one
   * @param scaling by which rotary positions of all its continuations turn
   * @param length tokens of one of these, all of which have that scaling
   */
  record Prefix(TokenIds tokens, RotaryScaling scaling, int length) {}

  /** One row: a prompt, without its prefix, and continuations of it, by index. */
  record Row(TokenIds prompt, List<Integer> items, int length) {}

  /**
   * What one run computes.
   *
   * @param prefix what all rows follow, or null
   * @param rows the rows
   * @param tokens their tokens, positions and mask, the prefix left out
   * @param items index of each scored continuation
   * @param columns flattened column that predicts each token of each item, in the order of {@code
   *     items}
   */
  record Batch(
      @Nullable Prefix prefix,
      List<Row> rows,
      TokenBatch tokens,
      List<Integer> items,
      long[] columns) {}

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
    List<Batch> batches = new ArrayList<>();
    if (!share) {
      List<Row> rows = new ArrayList<>();
      for (int i = 0; i < items.size(); i++) {
        rows.add(row(items.get(i).prompt(), List.of(i)));
      }
      addBatches(null, rows, batches);
      return batches;
    }
    Map<RotaryScaling, Map<TokenIds, List<Integer>>> byScaling = new LinkedHashMap<>();
    for (int i = 0; i < items.size(); i++) {
      Beginning beginning = beginning(items.get(i));
      byScaling
          .computeIfAbsent(beginning.scaling(), s -> new LinkedHashMap<>())
          .computeIfAbsent(beginning.prompt(), p -> new ArrayList<>())
          .add(i);
    }
    List<Row> alone = new ArrayList<>();
    byScaling.forEach((scaling, byPrompt) -> addShared(scaling, byPrompt, alone, batches));
    addBatches(null, alone, batches);
    return batches;
  }

  private void addShared(
      RotaryScaling scaling,
      Map<TokenIds, List<Integer>> byPrompt,
      List<Row> alone,
      List<Batch> batches) {
    List<TokenIds> prompts = List.copyOf(byPrompt.keySet());
    List<List<Row>> whole = new ArrayList<>();
    List<PrefixGroups.Sharer> sharers = new ArrayList<>();
    byPrompt.forEach(
        (prompt, sharing) -> {
          whole.add(rows(prompt, 0, sharing));
          sharers.add(new PrefixGroups.Sharer(prompt, whole.get(whole.size() - 1).size()));
        });
    Set<Integer> behind = new HashSet<>();
    for (PrefixGroups.Group group : PrefixGroups.of(sharers, longestPrefix())) {
      List<Row> rows = new ArrayList<>();
      int longest = 0;
      for (int member : group.members()) {
        List<Integer> sharing = byPrompt.getOrDefault(prompts.get(member), List.of());
        rows.addAll(rows(prompts.get(member), group.prefix(), sharing));
        for (int i : sharing) {
          longest = Math.max(longest, items.get(i).prompt().size() + items.get(i).columns());
        }
      }
      TokenIds tokens = prompts.get(group.members().get(0)).slice(0, group.prefix());
      addBatches(new Prefix(tokens, scaling, longest), rows, batches);
      behind.addAll(group.members());
    }
    for (int i = 0; i < whole.size(); i++) {
      if (!behind.contains(i)) {
        alone.addAll(whole.get(i));
      }
    }
  }

  private int longestPrefix() {
    long token = 2L * config.layers() * config.kvHeads() * config.headDim() * Float.BYTES;
    return (int) Math.min(Integer.MAX_VALUE, MAX_PREFIX / token);
  }

  private void addBatches(@Nullable Prefix prefix, List<Row> unsorted, List<Batch> batches) {
    List<Row> rows = new ArrayList<>(unsorted);
    rows.sort(Comparator.comparingInt(Row::length));
    int before = prefix == null ? 0 : prefix.tokens().size();
    int from = 0;
    while (from < rows.size()) {
      int to = from + 1;
      while (to < rows.size() && fits(to + 1 - from, rows.get(to).length(), before)) {
        to++;
      }
      batches.add(batch(prefix, List.copyOf(rows.subList(from, to))));
      from = to;
    }
  }

  private boolean fits(long count, long longest, int before) {
    return count * longest <= MAX_COLUMNS
        && (share || count * longest * config.vocabSize() <= NativeMemory.MAX_FLOATS)
        && count * longest * (before + longest) * config.heads() <= MAX_SCORES;
  }

  /** The prompt turns as the continuation's length wants it. */
  private Beginning beginning(ScoringItem item) {
    RotaryScaling scaling =
        config.positions() instanceof RotaryPositions rotary
            ? rotary.scaling().at(item.prompt().size() + item.columns())
            : new RotaryScaling.None();
    return new Beginning(item.prompt(), scaling);
  }

  /** The rows of a prompt, whose first tokens come before them. */
  private List<Row> rows(TokenIds whole, int prefix, List<Integer> sharing) {
    TokenIds prompt = whole.slice(prefix, whole.size());
    List<Row> rows = new ArrayList<>();
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
    return rows;
  }

  private Row row(TokenIds prompt, List<Integer> indices) {
    int length = prompt.size() + indices.stream().mapToInt(i -> items.get(i).columns()).sum();
    return new Row(prompt, List.copyOf(indices), length);
  }

  private Batch batch(@Nullable Prefix prefix, List<Row> rows) {
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
        prefix,
        rows,
        TokenBatch.of(segments, seq),
        scored,
        columns.stream().mapToLong(c -> c).toArray());
  }
}

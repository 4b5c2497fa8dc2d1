package org.alignment4j.interp.head;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.ActivationCache;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.hook.Layers;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.core.report.Cell;
import org.alignment4j.core.report.Chart;
import org.alignment4j.core.report.Section;
import org.alignment4j.core.report.Table;
import org.alignment4j.core.report.Thumbnail;
import org.alignment4j.core.report.VisibleTokens;
import org.alignment4j.interp.weights.Matrix;
import org.apiguardian.api.API;

/**
 * Where every head looks while a model reads one text. Immutable and thread-safe.
 *
 * @param modelId the model
 * @param tokens what it read
 * @param layers by layer and head {@code [query, key]}: rows sum to 1, or to less where an
 *     attention sink takes a part
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record AttentionPatterns(String modelId, TokenIds tokens, List<List<Matrix>> layers) {

  /** Cells that a page draws one by one unless told otherwise. */
  public static final int DEFAULT_CELLS = 15_000;

  private static final int NAMED_KEYS = 3;

  /** Copies the lists. */
  public AttentionPatterns {
    Objects.requireNonNull(modelId, "modelId");
    Objects.requireNonNull(tokens, "tokens");
    layers = layers.stream().map(List::copyOf).toList();
  }

  /**
   * Reads the patterns.
   *
   * @param model any model with hook points, changed ones included
   * @param tokens what it reads
   * @param cancellation asks to stop while the model runs
   * @return the patterns
   * @throws IllegalArgumentException if the model has no patterns or cannot read the tokens
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  public static AttentionPatterns of(
      HookedModel model, TokenIds tokens, CancellationToken cancellation) {
    ActivationCache cache =
        model
            .forward(List.of(tokens))
            .cache(HookPoints.pattern(Layers.all()))
            .execute(cancellation)
            .cache();
    List<List<Matrix>> layers = new ArrayList<>();
    for (int layer = 0; layer < model.layerCount(); layer++) {
      Values patterns = cache.values(HookPoints.pattern(layer));
      int[] shape = patterns.shape();
      float[] data = patterns.toArray();
      List<Matrix> heads = new ArrayList<>();
      for (int head = 0; head < shape[1]; head++) {
        int from = head * shape[2] * shape[3];
        heads.add(Matrix.generate(shape[2], shape[3], (q, k) -> data[from + q * shape[3] + k]));
      }
      layers.add(heads);
    }
    return new AttentionPatterns(model.id(), tokens, layers);
  }

  /**
   * Returns the pattern of a head.
   *
   * @param head the head
   * @return {@code [query, key]}
   * @throws IllegalArgumentException if there is no such head
   */
  public Matrix of(HeadId head) {
    if (head.layer() >= layers.size() || head.head() >= layers.get(head.layer()).size()) {
      throw new IllegalArgumentException(
          "head must be one of "
              + layers.size()
              + " layers of "
              + (layers.isEmpty() ? 0 : layers.get(0).size())
              + " heads but was "
              + head);
    }
    return layers.get(head.layer()).get(head.head());
  }

  /**
   * Returns a browser of all heads: a small picture of each pattern, by layer and head, opens where
   * that head looks.
   *
   * @param spelling the text of a token
   * @return a section of a report, with whole patterns of as many heads as {@link #DEFAULT_CELLS}
   *     allow
   */
  public Section.Tabs browser(IntFunction<String> spelling) {
    return browser(spelling, List.of(), DEFAULT_CELLS);
  }

  /**
   * Returns a browser of all heads: a small picture of each pattern, by layer and head, opens where
   * that head looks. Heads beyond a number of cells name the keys that each query looks at most,
   * and are not drawn cell by cell, which keeps pages of large models small.
   *
   * @param spelling the text of a token
   * @param first heads that are drawn before others, such as those of {@link HeadScores#top}
   * @param cells how many cells are drawn at most
   * @return a section of a report
   * @throws IllegalArgumentException if a head is none of the model's, or {@code cells} is negative
   */
  public Section.Tabs browser(IntFunction<String> spelling, List<HeadId> first, int cells) {
    if (cells < 0) {
      throw new IllegalArgumentException("cells must not be negative but was " + cells);
    }
    first.forEach(this::of);
    int drawn = cells / Math.max(1, tokens.size() * tokens.size());
    List<HeadId> order = new ArrayList<>(first);
    heads().filter(head -> !first.contains(head)).forEach(order::add);
    List<HeadId> whole = order.subList(0, Math.min(drawn, order.size()));
    List<String> names =
        IntStream.range(0, tokens.size())
            .mapToObj(i -> i + " " + visible(spelling.apply(tokens.get(i))))
            .toList();
    List<Section.Tab> tabs =
        heads()
            .map(
                head ->
                    new Section.Tab(
                        head.toString(),
                        Optional.of(new Thumbnail(rows(of(head)))),
                        parts(head, names, whole.contains(head))))
            .toList();
    return new Section.Tabs(
        "Attention patterns",
        layers.stream().mapToInt(List::size).max().orElse(0),
        tabs,
        "One row a layer, one picture a head: each row of a picture is a token that looks, each"
            + " column one that is looked at. Model "
            + modelId
            + ".");
  }

  private Stream<HeadId> heads() {
    return IntStream.range(0, layers.size())
        .boxed()
        .flatMap(
            layer ->
                IntStream.range(0, layers.get(layer).size())
                    .mapToObj(head -> new HeadId(layer, head)));
  }

  private List<Section> parts(HeadId head, List<String> names, boolean whole) {
    Section most =
        new Section.Tabular("", mostLookedAt(of(head), names), "The keys of largest weight.");
    if (!whole) {
      return List.of(most);
    }
    Chart map =
        new Chart.HeatMap(
            "Attention of " + head, "looked at", "looks", names, names, rows(of(head)));
    return List.of(new Section.Charts("", List.of(map), ""), most);
  }

  private static Table mostLookedAt(Matrix pattern, List<String> names) {
    List<List<Cell>> rows = new ArrayList<>();
    for (int query = 0; query < pattern.rows(); query++) {
      double[] weights = pattern.rowValues(query);
      StringBuilder keys = new StringBuilder();
      IntStream.rangeClosed(0, query)
          .boxed()
          .sorted(Comparator.comparingDouble((Integer k) -> -weights[k]))
          .limit(NAMED_KEYS)
          .forEach(
              k ->
                  keys.append(keys.length() == 0 ? "" : ", ")
                      .append(names.get(k))
                      .append(" ")
                      .append(Math.round(100 * weights[k]))
                      .append(" %"));
      rows.add(List.of(Cell.text(names.get(query)), Cell.text(keys.toString())));
    }
    return new Table(List.of("token", "looks at"), rows);
  }

  private static List<List<Double>> rows(Matrix pattern) {
    List<List<Double>> rows = new ArrayList<>();
    for (int query = 0; query < pattern.rows(); query++) {
      List<Double> row = new ArrayList<>();
      for (int key = 0; key < pattern.columns(); key++) {
        row.add(key <= query ? pattern.get(query, key) : Double.valueOf(Double.NaN));
      }
      rows.add(row);
    }
    return rows;
  }

  private static String visible(String text) {
    return VisibleTokens.of(text);
  }
}

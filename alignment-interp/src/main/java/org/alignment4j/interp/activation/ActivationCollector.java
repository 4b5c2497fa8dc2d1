package org.alignment4j.interp.activation;

import com.google.common.primitives.ImmutableIntArray;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.ForwardRun;
import org.alignment4j.api.hook.HookKind;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.TokenIds;
import org.apiguardian.api.API;

/**
 * Reads activations of many sequences in batches: one forward pass a batch serves all sites, ends
 * after the last layer that is read, and its rows are handed over before the next begins, so that
 * the memory needed is that of one batch. Immutable and safe for concurrent use.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ActivationCollector {

  private static final int DEFAULT_SEQUENCES = 16;
  private static final int DEFAULT_TOKENS = 8192;

  private final HookedModel model;
  private final List<ActivationSite> sites;
  private final int batchSequences;
  private final int batchTokens;

  private ActivationCollector(
      HookedModel model, List<ActivationSite> sites, int batchSequences, int batchTokens) {
    this.model = model;
    this.sites = sites;
    this.batchSequences = batchSequences;
    this.batchTokens = batchTokens;
  }

  /**
   * A collector of batches of 16 sequences and at most 8192 tokens, padding included.
   *
   * @param model what is read, with its interventions where it has some
   * @param sites at least one
   * @throws IllegalArgumentException if there is no site, or the model lacks one's hook point
   */
  public static ActivationCollector of(HookedModel model, List<ActivationSite> sites) {
    if (sites.isEmpty()) {
      throw new IllegalArgumentException("sites must name at least one hook point");
    }
    HookPoint<?>[] points =
        sites.stream().map(ActivationSite::point).toArray(n -> new HookPoint<?>[n]);
    // Declaring the read has the model say which points it lacks, and why.
    ForwardRun unused = model.forward(TokenIds.of(0)).cache(points);
    Objects.requireNonNull(unused);
    return new ActivationCollector(model, List.copyOf(sites), DEFAULT_SEQUENCES, DEFAULT_TOKENS);
  }

  /** A collector of one site, as {@link #of(HookedModel, List)}. */
  public static ActivationCollector of(HookedModel model, ActivationSite site) {
    return of(model, List.of(site));
  }

  /**
   * The same collector with other batches.
   *
   * @param sequences most sequences of a batch
   * @param tokens most tokens of a batch, padding included; a longer sequence is a batch by itself
   * @throws IllegalArgumentException if one is not positive
   */
  public ActivationCollector batches(int sequences, int tokens) {
    if (sequences < 1 || tokens < 1) {
      throw new IllegalArgumentException(
          "a batch must have at least one sequence and token but its limits were "
              + sequences
              + " and "
              + tokens);
    }
    return new ActivationCollector(model, sites, sequences, tokens);
  }

  /**
   * Reads all sequences, in order.
   *
   * @param sequences the examples, as they are
   * @param positions which tokens
   * @param sink gets the rows of each batch, one element a site, all with the same examples and
   *     positions; a batch without rows is left out
   * @param cancellation asks to stop at the next batch
   * @throws IllegalArgumentException if there is no sequence, a position or a head lies outside, or
   *     an activation is not finite
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  public void stream(
      List<TokenIds> sequences,
      TokenPositions positions,
      Consumer<List<ActivationRows>> sink,
      CancellationToken cancellation) {
    if (sequences.isEmpty()) {
      throw new IllegalArgumentException("sequences must hold at least one example");
    }
    positions.requireExamples(sequences.size());
    int[][] wanted = new int[sequences.size()][];
    for (int i = 0; i < wanted.length; i++) {
      wanted[i] = positions.of(i, sequences.get(i));
    }
    int from = 0;
    while (from < sequences.size()) {
      int to = end(sequences, from);
      cancellation.throwIfCancelled("collecting activations");
      List<ActivationRows> rows = batch(sequences.subList(from, to), wanted, from, cancellation);
      if (rows.get(0).rows().count() > 0) {
        sink.accept(rows);
      }
      from = to;
    }
  }

  /**
   * Reads all sequences into memory.
   *
   * @return one element a site
   * @throws IllegalArgumentException as {@link #stream}, and if no token was chosen
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  public List<ActivationRows> collect(
      List<TokenIds> sequences, TokenPositions positions, CancellationToken cancellation) {
    List<List<ActivationRows>> parts = new ArrayList<>();
    stream(sequences, positions, parts::add, cancellation);
    if (parts.isEmpty()) {
      throw new IllegalArgumentException(
          "positions must choose at least one token but chose none of "
              + sequences.size()
              + " examples");
    }
    List<ActivationRows> all = new ArrayList<>(sites.size());
    for (int s = 0; s < sites.size(); s++) {
      int site = s;
      all.add(ActivationRows.concatenated(parts.stream().map(part -> part.get(site)).toList()));
    }
    return List.copyOf(all);
  }

  private int end(List<TokenIds> sequences, int from) {
    int longest = 0;
    int to = from;
    while (to < sequences.size() && to - from < batchSequences) {
      longest = Math.max(longest, sequences.get(to).size());
      if (to > from && (long) longest * (to + 1 - from) > batchTokens) {
        break;
      }
      to++;
    }
    return to;
  }

  private List<ActivationRows> batch(
      List<TokenIds> sequences, int[][] wanted, int first, CancellationToken cancellation) {
    Set<HookPoint<?>> points = new LinkedHashSet<>();
    sites.forEach(site -> points.add(site.point()));
    ForwardRun run = model.forward(sequences).cache(points.toArray(new HookPoint<?>[0]));
    int stop = stop();
    if (stop < model.layerCount()) {
      run = run.stopAtLayer(stop);
    }
    var cache = run.execute(cancellation).cache();
    ImmutableIntArray.Builder examples = ImmutableIntArray.builder();
    ImmutableIntArray.Builder positions = ImmutableIntArray.builder();
    for (int i = 0; i < sequences.size(); i++) {
      for (int position : wanted[first + i]) {
        examples.add(first + i);
        positions.add(position);
      }
    }
    ImmutableIntArray fromExamples = examples.build();
    ImmutableIntArray fromPositions = positions.build();
    List<ActivationRows> rows = new ArrayList<>(sites.size());
    for (ActivationSite site : sites) {
      Values values = cache.values(site.point());
      rows.add(
          new ActivationRows(
              site,
              SiteReader.read(site, values, fromExamples, fromPositions, first),
              fromExamples,
              fromPositions));
    }
    return rows;
  }

  /** The first layer that need not be computed. */
  private int stop() {
    int stop = 0;
    for (ActivationSite site : sites) {
      HookPoint<?> point = site.point();
      boolean before = point.kind() == HookKind.EMBED || point.kind() == HookKind.POS_EMBED;
      int needed = point.kind().perLayer() ? point.layer() + 1 : before ? 0 : model.layerCount();
      stop = Math.max(stop, needed);
    }
    return stop;
  }
}

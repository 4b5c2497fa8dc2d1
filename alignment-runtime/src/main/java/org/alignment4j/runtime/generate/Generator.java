package org.alignment4j.runtime.generate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.TokenListener;
import org.alignment4j.api.model.Tokenizer;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.jspecify.annotations.Nullable;

/**
 * Generates completions in batches: a row that ends leaves its batch, and no row changes another. A
 * row's random numbers depend on the seed, its index in the call and the step only. Thread-safe.
 */
public final class Generator {

  private static final int MAX_ROWS = 64;
  private static final int MAX_PREFILL_TOKENS = 8192;
  private static final long MAX_CACHE_BYTES = 512L << 20;

  private final DecodeSession.Factory sessions;
  private final DecoderConfig config;
  private final @Nullable Tokenizer tokenizer;
  private final Set<Integer> eosTokenIds;

  /**
   * A generator.
   *
   * @param sessions opens decoding sessions
   * @param config the model's configuration
   * @param tokenizer turns tokens into text; without one, completions have tokens only
   * @param eosTokenIds ids that end a sequence
   */
  public Generator(
      DecodeSession.Factory sessions,
      DecoderConfig config,
      @Nullable Tokenizer tokenizer,
      Set<Integer> eosTokenIds) {
    this.sessions = sessions;
    this.config = config;
    this.tokenizer = tokenizer;
    this.eosTokenIds = Set.copyOf(eosTokenIds);
  }

  /**
   * Completes every prompt.
   *
   * @param prompts token ids of the vocabulary, each shorter than the context and not empty
   * @param options how to sample
   * @param listener hears every token, or null
   * @param cancellation checked before every token
   * @return one completion per prompt, in order
   * @throws IllegalArgumentException if stop strings are asked for without a tokenizer
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  public List<Completion> generate(
      List<int[]> prompts,
      SamplingOptions options,
      @Nullable TokenListener listener,
      CancellationToken cancellation) {
    if (tokenizer == null && !options.stopStrings().isEmpty()) {
      throw new IllegalArgumentException(
          "stopStrings must be empty for a model without a tokenizer but were "
              + options.stopStrings()
              + "; add the checkpoint's tokenizer.json to its folder");
    }
    @Nullable Completion[] done = new @Nullable Completion[prompts.size()];
    for (int[] batch : batches(prompts, options)) {
      generate(batch, prompts, options, listener, cancellation, done);
    }
    return Arrays.stream(done).map(Objects::requireNonNull).toList();
  }

  /** Indices of prompts of similar length, as many together as the limits allow. */
  private List<int[]> batches(List<int[]> prompts, SamplingOptions options) {
    int[] order =
        IntStream.range(0, prompts.size())
            .boxed()
            .sorted(Comparator.comparingInt(i -> prompts.get(i).length))
            .mapToInt(i -> i)
            .toArray();
    List<int[]> batches = new ArrayList<>();
    int from = 0;
    while (from < order.length) {
      int to = from + 1;
      while (to < order.length && fits(to + 1 - from, prompts.get(order[to]).length, options)) {
        to++;
      }
      batches.add(Arrays.copyOfRange(order, from, to));
      from = to;
    }
    return batches;
  }

  private boolean fits(int rows, int longest, SamplingOptions options) {
    long cacheBytes =
        2L
            * Float.BYTES
            * config.layers()
            * config.kvHeads()
            * config.headDim()
            * capacity(longest, options);
    return rows <= MAX_ROWS
        && (long) rows * longest <= MAX_PREFILL_TOKENS
        && rows * cacheBytes <= MAX_CACHE_BYTES;
  }

  private int capacity(int longest, SamplingOptions options) {
    return (int) Math.min(config.maxPositions(), (long) longest + options.maxNewTokens());
  }

  private void generate(
      int[] batch,
      List<int[]> prompts,
      SamplingOptions options,
      @Nullable TokenListener listener,
      CancellationToken cancellation,
      @Nullable Completion[] done) {
    long start = System.nanoTime();
    LogitsPipeline pipeline = LogitsPipeline.of(options, eosTokenIds);
    List<int[]> rows = Arrays.stream(batch).mapToObj(prompts::get).toList();
    int longest = rows.stream().mapToInt(r -> r.length).max().orElse(0);
    List<Sequence> active = new ArrayList<>();
    for (int index : batch) {
      active.add(sequence(index, prompts.get(index), options));
    }
    cancellation.throwIfCancelled("generation");
    try (DecodeSession session = sessions.open(batch, capacity(longest, options))) {
      float[] logits = session.prefill(rows);
      while (true) {
        int[] tokens = new int[active.size()];
        int vocab = logits.length / tokens.length;
        for (int b = 0; b < tokens.length; b++) {
          float[] row = Arrays.copyOfRange(logits, b * vocab, (b + 1) * vocab);
          tokens[b] = active.get(b).next(row, pipeline, listener);
        }
        int[] kept =
            compact(active, done, Duration.ofNanos(System.nanoTime() - start), batch.length);
        if (active.isEmpty()) {
          return;
        }
        cancellation.throwIfCancelled("generation");
        if (kept.length < tokens.length) {
          session.retain(kept);
        }
        logits = session.step(Arrays.stream(kept).map(i -> tokens[i]).toArray());
      }
    }
  }

  private Sequence sequence(int index, int[] prompt, SamplingOptions options) {
    int room = config.maxPositions() - prompt.length;
    StopConditions wanted = StopConditions.of(options, eosTokenIds);
    StopConditions stop =
        new StopConditions(
            wanted.eosTokenIds(), wanted.stopStrings(), Math.min(options.maxNewTokens(), room));
    return new Sequence(index, prompt, options, stop, new TokenText(tokenizer));
  }

  /**
   * Moves ended sequences to their completions and closes the gaps with the last ones, so that few
   * caches move.
   *
   * @return old row of each remaining row
   */
  private static int[] compact(
      List<Sequence> active, @Nullable Completion[] done, Duration elapsed, int batch) {
    int[] from = IntStream.range(0, active.size()).toArray();
    int size = active.size();
    for (int i = 0; i < size; ) {
      Sequence sequence = active.get(i);
      if (!sequence.ended()) {
        i++;
        continue;
      }
      done[sequence.index()] = sequence.completion(elapsed.dividedBy(batch));
      size--;
      active.set(i, active.get(size));
      from[i] = from[size];
      active.remove(size);
    }
    return Arrays.copyOf(from, size);
  }
}

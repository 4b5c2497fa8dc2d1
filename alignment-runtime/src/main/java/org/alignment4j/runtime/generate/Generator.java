package org.alignment4j.runtime.generate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.GenerationOutcome;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.TokenListener;
import org.alignment4j.api.model.Tokenizer;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.jspecify.annotations.Nullable;

/**
 * Generates completions in batches: a row that ends leaves its batch, and no row changes another. A
 * row's random numbers depend on the seed, its prompt, the number of its sample and the step only.
 * Thread-safe.
 */
public final class Generator {

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
   * Completes every prompt; the k-th time a prompt occurs, by its k-th sample.
   *
   * @param prompts token ids of the vocabulary, each shorter than the context and not empty
   * @param options how to sample
   * @param listener hears every token, or null
   * @param cancellation checked before every token
   * @return one completion per prompt, in order
   * @throws IllegalArgumentException if stop strings are asked for without a tokenizer
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws ModelExecutionException when the model fails, or no token can be taken from a row
   */
  public List<Completion> generate(
      List<int[]> prompts,
      SamplingOptions options,
      @Nullable TokenListener listener,
      CancellationToken cancellation) {
    Map<TokenIds, Integer> occurrences = new HashMap<>();
    List<GenerationJob> jobs = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      int sample = occurrences.merge(TokenIds.of(prompts.get(i)), 1, Integer::sum) - 1;
      jobs.add(GenerationJob.plain(i, prompts.get(i), sample));
    }
    return new Call(options, listener, cancellation, true)
        .run(jobs).stream().map(GenerationOutcome::completion).toList();
  }

  /**
   * Completes every job; one from whose row no token can be taken fails alone.
   *
   * @param jobs prompts and negative prompts shorter than the context and not empty
   * @param options how to sample
   * @param cancellation checked before every token
   * @return one outcome per job, in order
   * @throws IllegalArgumentException if stop strings are asked for without a tokenizer
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws ModelExecutionException when the model fails as a whole
   */
  public List<GenerationOutcome> sample(
      List<GenerationJob> jobs, SamplingOptions options, CancellationToken cancellation) {
    return new Call(options, null, cancellation, false).run(jobs);
  }

  /** One call under way. Used by one thread. */
  private final class Call {
    private final SamplingOptions options;
    private final @Nullable TokenListener listener;
    private final CancellationToken cancellation;
    private final boolean strict;
    private final LogitsPipeline pipeline;
    private final StopConditions stop;
    private final GenerationBatches batches;

    Call(
        SamplingOptions options,
        @Nullable TokenListener listener,
        CancellationToken cancellation,
        boolean strict) {
      if (tokenizer == null && !options.stopStrings().isEmpty()) {
        throw new IllegalArgumentException(
            "stopStrings must be empty for a model without a tokenizer but were "
                + options.stopStrings()
                + "; add the checkpoint's tokenizer.json to its folder");
      }
      this.options = options;
      this.listener = listener;
      this.cancellation = cancellation;
      this.strict = strict;
      this.pipeline = LogitsPipeline.of(options, eosTokenIds);
      this.stop = StopConditions.of(options, eosTokenIds);
      this.batches =
          new GenerationBatches(config, sessions.sharesPrompts(), options.maxNewTokens());
    }

    List<GenerationOutcome> run(List<GenerationJob> jobs) {
      @Nullable GenerationOutcome[] done = new @Nullable GenerationOutcome[jobs.size()];
      for (int[] batch : batches.of(jobs)) {
        generate(batch, jobs, done);
      }
      return Arrays.stream(done).map(Objects::requireNonNull).toList();
    }

    private void generate(
        int[] batch, List<GenerationJob> jobs, @Nullable GenerationOutcome[] done) {
      long start = System.nanoTime();
      List<GenerationJob> rows = Arrays.stream(batch).mapToObj(jobs::get).toList();
      int capacity =
          batches.capacity(rows.stream().mapToInt(GenerationJob::longest).max().orElse(0));
      int[] indices = rows.stream().mapToInt(GenerationJob::index).toArray();
      List<Active> active = new ArrayList<>();
      for (int b = 0; b < batch.length; b++) {
        active.add(new Active(batch[b], sequence(rows.get(b))));
      }
      cancellation.throwIfCancelled("generation");
      try (DecodePair session =
          DecodePair.open(sessions, indices, capacity, options.maxNewTokens() - 1, rows)) {
        DecodePair.Logits logits = session.prefill(rows);
        int[] reused = session.reused();
        for (int b = 0; b < reused.length; b++) {
          active.get(b).sequence().reuse(reused[b]);
        }
        while (true) {
          int[] tokens = new int[active.size()];
          for (int b = 0; b < tokens.length; b++) {
            tokens[b] = next(active.get(b).sequence(), logits, b);
          }
          Duration each = Duration.ofNanos(System.nanoTime() - start).dividedBy(batch.length);
          int[] kept = compact(active, done, each);
          if (active.isEmpty()) {
            return;
          }
          cancellation.throwIfCancelled("generation");
          if (kept.length < tokens.length) {
            session.select(kept);
          }
          logits = session.step(Arrays.stream(kept).map(i -> tokens[i]).toArray());
        }
      }
    }

    /** The row's next token; 0, never read, of a row that fails. */
    private int next(Sequence sequence, DecodePair.Logits logits, int row) {
      if (strict) {
        return sequence.next(logits.prompt(row), logits.negative(row), pipeline, listener);
      }
      try {
        return sequence.next(logits.prompt(row), logits.negative(row), pipeline, listener);
      } catch (ModelExecutionException e) {
        sequence.fail(e);
        return 0;
      }
    }

    private Sequence sequence(GenerationJob job) {
      int room = config.maxPositions() - job.longest();
      StopConditions fitting =
          new StopConditions(
              stop.eosTokenIds(), stop.stopStrings(), Math.min(options.maxNewTokens(), room));
      return new Sequence(job, options, fitting, new TokenText(tokenizer));
    }
  }

  /**
   * A sequence and its place in the call's jobs.
   *
   * @param place where its outcome goes
   */
  private record Active(int place, Sequence sequence) {}

  /**
   * Moves ended sequences to their completions and closes the gaps with the last ones, so that few
   * caches move.
   *
   * @return old row of each remaining row
   */
  private static int[] compact(
      List<Active> active, @Nullable GenerationOutcome[] done, Duration elapsed) {
    int[] from = IntStream.range(0, active.size()).toArray();
    int size = active.size();
    for (int i = 0; i < size; ) {
      Active row = active.get(i);
      if (!row.sequence().ended()) {
        i++;
        continue;
      }
      done[row.place()] = row.sequence().outcome(elapsed);
      size--;
      active.set(i, active.get(size));
      from[i] = from[size];
      active.remove(size);
    }
    return Arrays.copyOf(from, size);
  }
}

package org.alignment4j.runtime.score;

import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.LogProbs;
import org.alignment4j.api.model.Usage;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.alignment4j.runtime.architecture.GraphNames;
import org.alignment4j.runtime.engine.AfterPrefixBatch;
import org.alignment4j.runtime.engine.Columns;
import org.alignment4j.runtime.engine.DecoderInstance;
import org.alignment4j.runtime.engine.GraphLease;
import org.alignment4j.runtime.engine.Instrumentation;
import org.alignment4j.runtime.engine.TokenBatch;
import org.alignment4j.runtime.generate.PromptEncoder;
import org.alignment4j.runtime.session.CompiledGraph;
import org.alignment4j.runtime.session.NativeMemory;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.session.OwnedTensors;
import org.alignment4j.runtime.session.RunResult;
import org.alignment4j.runtime.session.Tensor;
import org.alignment4j.runtime.tokenizer.ChatTemplate;
import org.alignment4j.runtime.tokenizer.PromptCompletionTokens;
import org.jspecify.annotations.Nullable;

/**
 * Log-probabilities of given continuations. Continuations of one prompt share its computation; the
 * head reads scored positions only, a chunk of rows at a time. Thread-safe.
 */
public final class Scorer {

  /** Rows of the head computed together: each chunk reads the head's weights anew. */
  private static final int CHUNK = 128;

  /** Most memory of their log-probabilities, bytes; large vocabularies have fewer rows a chunk. */
  private static final long CHUNK_BYTES = 40L << 20;

  /**
   * Continuations computed together.
   *
   * @param items index of each
   * @param computation labels them, given the tokens of all in order
   */
  record Batch(List<Integer> items, Function<int[], Labelled> computation) {}

  private final DecoderInstance model;
  private final Instrumentation instrumentation;
  private final ScoringMemory memory;
  private final ContinuationEncoder encoder;
  private final DecoderConfig config;
  private final OrtRuntime runtime;

  /**
   * A scorer.
   *
   * @param model what scores
   * @param instrumentation edits of its activations; with any, each continuation has its own row
   * @param prompts encodes prompts
   * @param template renders conversations
   * @param memory what calls of the model leave to each other
   */
  public Scorer(
      DecoderInstance model,
      Instrumentation instrumentation,
      PromptEncoder prompts,
      ChatTemplate template,
      ScoringMemory memory) {
    this.model = model;
    this.memory = memory;
    this.instrumentation = instrumentation;
    this.config = model.engine().architecture().config();
    this.runtime = model.engine().runtime();
    this.encoder = new ContinuationEncoder(prompts, template, config.maxPositions());
  }

  /**
   * The tokens of a prompt and a choice of what follows it, as they are scored.
   *
   * @throws IllegalArgumentException if they exceed the context or the vocabulary, or the model has
   *     no tokenizer
   * @throws org.alignment4j.api.AlignmentException if no token boundary lies between them
   */
  public PromptCompletionTokens encode(Continuation continuation) {
    PromptCompletionTokens whole = encoder.whole(continuation);
    // The last token is predicted and not read.
    int excess = whole.ids().size() - 1 - config.maxPositions();
    if (excess > 0) {
      throw new IllegalArgumentException(
          "prompt and choice must fit the context of "
              + config.maxPositions()
              + " tokens but exceed it by "
              + excess
              + "; shorten the prompt or the choice");
    }
    return whole;
  }

  /**
   * Scores every continuation.
   *
   * @param cancellation checked before every batch
   * @return one score per continuation, in order
   * @throws IllegalArgumentException if a continuation does not fit the context or vocabulary
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws ModelExecutionException when the model fails
   */
  public List<ContinuationScore> score(
      List<? extends Continuation> continuations, CancellationToken cancellation) {
    List<ScoringItem> items = continuations.stream().map(encoder::encode).toList();
    boolean plain = instrumentation.isNone();
    List<Batch> batches =
        new ScoringPlan(items, plain, config)
            .batches().stream()
                .map(
                    b ->
                        new Batch(
                            b.items(),
                            labels -> plain ? plain(b, labels, cancellation) : whole(b, labels)))
                .toList();
    return score(items, batches, cancellation);
  }

  /** Scores the continuations of batches, each in exactly one. */
  static List<ContinuationScore> score(
      List<ScoringItem> items, List<Batch> batches, CancellationToken cancellation) {
    @Nullable ContinuationScore[] scores = new @Nullable ContinuationScore[items.size()];
    for (Batch batch : batches) {
      cancellation.throwIfCancelled("scoring");
      score(batch, items, scores);
    }
    return Arrays.stream(scores).map(Objects::requireNonNull).toList();
  }

  private static void score(
      Batch batch, List<ScoringItem> items, @Nullable ContinuationScore[] scores) {
    long start = System.nanoTime();
    int[] labels =
        batch.items().stream().flatMapToInt(i -> items.get(i).continuation().stream()).toArray();
    Labelled labelled = batch.computation().apply(labels);
    Duration time = Duration.ofNanos(System.nanoTime() - start).dividedBy(batch.items().size());
    int row = 0;
    for (int i : batch.items()) {
      ScoringItem item = items.get(i);
      int n = item.continuation().size();
      scores[i] =
          new ContinuationScore(
              item.continuation(),
              LogProbs.of(Arrays.copyOfRange(labelled.logProbs(), row, row + n)),
              labelled.greedy(row, row + n),
              item.truncated(),
              Usage.ofScoring(item.prompt().size(), n, time));
      row += n;
    }
  }

  private Labelled plain(ScoringPlan.Batch batch, int[] labels, CancellationToken cancellation) {
    int width = config.hiddenSize();
    FloatBuffer hidden =
        batch.prefix() == null
            ? run(ScoringGraphs.blocks(model), batch, ScoringGraphs.HIDDEN)
            : afterPrefix(batch.prefix(), batch, cancellation);
    CompiledGraph head = ScoringGraphs.head(model);
    long fitting = Math.max(1, CHUNK_BYTES / Float.BYTES / config.vocabSize());
    int chunk = (int) Math.min(Math.min(CHUNK, fitting), labels.length);
    FloatBuffer out = memory.take((long) chunk * config.vocabSize());
    Labelled result = new Labelled(labels, config.vocabSize());
    float[] rows = new float[chunk * width];
    for (int from = 0; from < labels.length; from += chunk) {
      int n = Math.min(chunk, labels.length - from);
      hidden.get(rows, 0, n * width);
      FloatBuffer part = out.slice(0, n * config.vocabSize());
      try (Tensor in = Tensor.copyOf(runtime, Arrays.copyOf(rows, n * width), n, width);
          Tensor pinned = Tensor.of(runtime, part, n, config.vocabSize())) {
        head.run(
                model.feeds(Map.of(ScoringGraphs.HIDDEN, in)),
                Map.of(ScoringGraphs.LOG_PROBS, pinned),
                Set.of())
            .close();
      }
      result.read(from, n, part);
    }
    memory.leave(out);
    return result;
  }

  private Labelled whole(ScoringPlan.Batch batch, int[] labels) {
    NativeMemory.requireFloats(
        (long) labels.length * config.vocabSize(),
        "the log-probabilities of all "
            + config.vocabSize()
            + " tokens at "
            + labels.length
            + " positions, which an edited model gives,",
        "score shorter continuations");
    Labelled result = new Labelled(labels, config.vocabSize());
    try (GraphLease graph = ScoringGraphs.whole(model, instrumentation)) {
      result.read(0, labels.length, run(graph.graph(), batch, ScoringGraphs.LOG_PROBS));
    }
    return result;
  }

  private FloatBuffer run(CompiledGraph graph, ScoringPlan.Batch batch, String output) {
    try (OwnedTensors inputs = OwnedTensors.of(batch.tokens().tensors(model.engine()))) {
      inputs.put(GraphNames.ROWS, Tensor.copyOf(runtime, batch.columns(), batch.columns().length));
      Map<String, Tensor> feeds = model.feeds(inputs.asMap());
      try (RunResult result =
          instrumentation.run(graph, feeds, columns(batch), Map.of(), Set.of(output))) {
        return result.get(output).floats();
      }
    }
  }

  /** Rows of the last block, of tokens that follow a prefix. */
  private FloatBuffer afterPrefix(
      ScoringPlan.Prefix prefix, ScoringPlan.Batch batch, CancellationToken cancellation) {
    PrefixKeys keys = PrefixKeys.of(model, prefix, memory.prefix(), cancellation);
    memory.leave(keys);
    AfterPrefixBatch tokens = new AfterPrefixBatch(batch.tokens(), prefix.tokens().size());
    try (OwnedTensors inputs = OwnedTensors.of(tokens.tensors(model.engine()))) {
      inputs.putAll(keys.tensors(runtime));
      inputs.put(GraphNames.ROWS, Tensor.copyOf(runtime, batch.columns(), batch.columns().length));
      try (RunResult result =
          ScoringGraphs.blocksAfterPrefix(model)
              .run(model.feeds(inputs.asMap()), Map.of(), Set.of(ScoringGraphs.HIDDEN))) {
        return result.get(ScoringGraphs.HIDDEN).floats();
      }
    }
  }

  private static Columns columns(ScoringPlan.Batch batch) {
    TokenBatch tokens = batch.tokens();
    int rows = tokens.batch();
    int seq = tokens.seq();
    long[] positions = new long[rows * seq];
    int[] prompts = new int[rows];
    int[] sequences = new int[rows];
    for (int b = 0; b < rows; b++) {
      ScoringPlan.Row row = batch.rows().get(b);
      prompts[b] = row.prompt().size();
      sequences[b] = row.items().get(0);
      for (int t = 0; t < seq; t++) {
        positions[b * seq + t] = t < row.length() ? t : -1;
      }
    }
    return new Columns(rows, seq, seq, sequences, prompts, positions, positions);
  }
}

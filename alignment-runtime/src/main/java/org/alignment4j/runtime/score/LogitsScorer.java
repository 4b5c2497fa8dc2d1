package org.alignment4j.runtime.score;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.alignment4j.runtime.generate.PromptEncoder;
import org.alignment4j.runtime.tokenizer.ChatTemplate;

/**
 * Log-probabilities of given continuations by an engine that gives logits; each continuation is
 * computed with its prompt, in batches of like lengths. Thread-safe.
 */
public final class LogitsScorer {

  private static final int MAX_ROWS = 64;

  private final DecoderConfig config;
  private final ContinuationEncoder encoder;
  private final SequenceLogits logits;

  /**
   * A scorer.
   *
   * @param config vocabulary and context of the model
   * @param prompts encodes prompts
   * @param template renders conversations
   * @param logits computes
   */
  public LogitsScorer(
      DecoderConfig config, PromptEncoder prompts, ChatTemplate template, SequenceLogits logits) {
    this.config = config;
    this.encoder = new ContinuationEncoder(prompts, template, config.maxPositions());
    this.logits = logits;
  }

  /**
   * Scores every continuation.
   *
   * @param continuations what to score; may be empty
   * @param cancellation checked before every batch
   * @return one score per continuation, in order
   * @throws IllegalArgumentException if a continuation does not fit the context or vocabulary
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  public List<ContinuationScore> score(
      List<? extends Continuation> continuations, CancellationToken cancellation) {
    List<ScoringItem> items = continuations.stream().map(encoder::encode).toList();
    List<Integer> order =
        IntStream.range(0, items.size())
            .boxed()
            .sorted(Comparator.comparingInt(i -> length(items.get(i))))
            .toList();
    List<Scorer.Batch> batches = new ArrayList<>();
    int from = 0;
    while (from < order.size()) {
      int to = from + 1;
      while (to < order.size() && fits(to + 1 - from, length(items.get(order.get(to))))) {
        to++;
      }
      List<Integer> together = order.subList(from, to);
      batches.add(new Scorer.Batch(together, labels -> compute(items, together, labels)));
      from = to;
    }
    return Scorer.score(items, batches, cancellation);
  }

  /** Tokens that are read; the last one is predicted only. */
  private static int length(ScoringItem item) {
    return item.prompt().size() + item.columns();
  }

  private boolean fits(int rows, int longest) {
    return rows <= MAX_ROWS && (long) rows * longest <= logits.maxColumns();
  }

  private Labelled compute(List<ScoringItem> items, List<Integer> together, int[] labels) {
    List<int[]> sequences = new ArrayList<>();
    int[] from = new int[together.size()];
    int[] labelOf = new int[together.size()];
    int label = 0;
    for (int b = 0; b < from.length; b++) {
      ScoringItem item = items.get(together.get(b));
      int[] all = item.prompt().concat(item.continuation()).toArray();
      sequences.add(Arrays.copyOf(all, all.length - 1));
      from[b] = item.prompt().size() - 1;
      labelOf[b] = label - from[b];
      label += item.continuation().size();
    }
    Labelled result = new Labelled(labels, config.vocabSize());
    logits.read(sequences, from, (b, column, row) -> result.readLogits(labelOf[b] + column, row));
    return result;
  }
}

package org.alignment4j.runtime.generate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.BeamHypothesis;
import org.alignment4j.api.model.BeamSearchOptions;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.LogProbs;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Tokenizer;
import org.alignment4j.api.model.Usage;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Beam search over cached decoding; the beams of a prompt share the computation of what they have
 * in common. Thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class BeamSearch {

  private final DecodeSession.Factory sessions;
  private final DecoderConfig config;
  private final CompletionText texts;
  private final Set<Integer> eosTokenIds;

  /**
   * A search.
   *
   * @param sessions opens decoding sessions
   * @param config the model's configuration
   * @param tokenizer turns tokens into text; without one, completions have tokens only
   * @param eosTokenIds ids that end a sequence
   */
  public BeamSearch(
      DecodeSession.Factory sessions,
      DecoderConfig config,
      @Nullable Tokenizer tokenizer,
      Set<Integer> eosTokenIds) {
    this.sessions = sessions;
    this.config = config;
    this.texts = new CompletionText(new TokenText(tokenizer));
    this.eosTokenIds = Set.copyOf(eosTokenIds);
  }

  /**
   * Searches from every prompt.
   *
   * @param prompts token ids of the vocabulary, each shorter than the context and not empty
   * @param options how the search goes
   * @param cancellation checked before every token
   * @return the best hypotheses of each prompt, best first
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  public List<List<BeamHypothesis>> search(
      List<int[]> prompts, BeamSearchOptions options, CancellationToken cancellation) {
    List<List<BeamHypothesis>> results = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      results.add(search(i, prompts.get(i), options, cancellation));
    }
    return results;
  }

  private List<BeamHypothesis> search(
      int index, int[] prompt, BeamSearchOptions options, CancellationToken cancellation) {
    long start = System.nanoTime();
    cancellation.throwIfCancelled("beam search");
    int maxTokens = Math.min(options.maxNewTokens(), config.maxPositions() - prompt.length);
    BeamFrontier frontier =
        new BeamFrontier(prompt, options, eosTokenIds, penalties(options), maxTokens);
    int[] rows = new int[options.beams()];
    Arrays.fill(rows, index);
    long read = 0;
    try (DecodeSession session = sessions.open(rows, prompt.length + maxTokens, maxTokens - 1)) {
      // Before the first step all beams are one.
      float[] logits = session.prefill(List.of(prompt));
      while (true) {
        frontier.advance(split(logits, frontier.live().size()));
        read += frontier.live().size();
        if (frontier.done()) {
          break;
        }
        cancellation.throwIfCancelled("beam search");
        session.select(frontier.parents().stream().mapToInt(b -> b).toArray());
        logits =
            session.step(
                frontier.live().stream()
                    .mapToInt(beam -> beam.tokens()[beam.tokens().length - 1])
                    .toArray());
      }
    }
    Duration time = Duration.ofNanos(System.nanoTime() - start);
    Usage usage = Usage.ofGeneration(prompt.length, read, time);
    List<BeamHypothesis> found = new ArrayList<>();
    for (BeamHypotheses.Finished finished : frontier.result()) {
      found.add(hypothesis(prompt, finished, found.isEmpty() ? usage : Usage.NONE));
    }
    return found;
  }

  /** What options ask for, without the transforms of sampling. */
  private static LogitsPipeline penalties(BeamSearchOptions options) {
    SamplingOptions penalties =
        SamplingOptions.builder(options.maxNewTokens())
            .temperature(0)
            .repetitionPenalty(options.repetitionPenalty())
            .noRepeatNgramSize(options.noRepeatNgramSize())
            .build();
    return LogitsPipeline.of(penalties, Set.of());
  }

  private static List<float[]> split(float[] logits, int rows) {
    int vocab = logits.length / rows;
    List<float[]> parts = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      parts.add(Arrays.copyOfRange(logits, row * vocab, (row + 1) * vocab));
    }
    return parts;
  }

  private BeamHypothesis hypothesis(int[] prompt, BeamHypotheses.Finished finished, Usage usage) {
    Beam beam = finished.beam();
    int[] tokens = beam.completion();
    boolean ended = eosTokenIds.contains(tokens[tokens.length - 1]);
    int[] spoken = ended ? Arrays.copyOf(tokens, tokens.length - 1) : tokens;
    Completion completion =
        new Completion(
            texts.of(prompt, spoken),
            TokenIds.of(tokens),
            LogProbs.of(beam.logProbs()),
            LogProbs.of(beam.modelLogProbs()),
            List.of(),
            ended ? FinishReason.EOS : FinishReason.LENGTH,
            usage);
    return new BeamHypothesis(completion, finished.score());
  }
}

package org.alignment4j.runtime.generate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.GenerationOutcome;
import org.alignment4j.api.model.LogProbs;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.StreamedToken;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.TokenListener;
import org.alignment4j.api.model.TokenLogProb;
import org.alignment4j.api.model.Usage;
import org.alignment4j.runtime.tokenizer.IncrementalDecoder;
import org.jspecify.annotations.Nullable;

/** One completion under way. Used by one thread. */
final class Sequence {

  /** Tokens of the prompt that decide how the completion's first characters are written. */
  private static final int CONTEXT = 4;

  private final GenerationJob job;
  private final int promptLength;
  private final SamplingOptions options;
  private final StopConditions stop;
  private final SequenceRandom random;
  private final TokenText texts;
  private final @Nullable IncrementalDecoder decoder;
  private final StringBuilder text = new StringBuilder();
  private final List<List<TokenLogProb>> top = new ArrayList<>();
  private int[] tokens;
  private double[] logProbs = new double[16];
  private double[] modelLogProbs = new double[16];
  private int length;
  private int streamed;
  private String finalText = "";
  private int reused;
  private @Nullable FinishReason reason;
  private @Nullable ModelExecutionException failure;

  Sequence(GenerationJob job, SamplingOptions options, StopConditions stop, TokenText texts) {
    int[] prompt = job.prompt();
    this.job = job;
    this.promptLength = prompt.length;
    this.options = options;
    this.stop = stop;
    this.random = SequenceRandom.ofSample(options.seed().orElse(0), prompt, job.sample());
    this.texts = texts;
    this.tokens = Arrays.copyOf(prompt, prompt.length + 16);
    this.length = prompt.length;
    this.decoder = texts.tokenizer() == null ? null : new IncrementalDecoder(texts.tokenizer());
    if (decoder != null) {
      decoder.begin(
          Arrays.stream(prompt, Math.max(0, length - CONTEXT), length)
              .filter(texts::has)
              .toArray());
    }
  }

  /**
   * Takes the next token.
   *
   * @param logits raw logits after the prompt, {@code [vocabSize]}
   * @param negative raw logits after the negative prompt, or null without guidance
   * @throws ModelExecutionException when no token can be taken from this row
   */
  int next(
      float[] logits,
      float @Nullable [] negative,
      LogitsPipeline pipeline,
      @Nullable TokenListener listener) {
    if (options.topLogProbs() > 0) {
      top.add(candidates(logits));
    }
    int step = generated();
    double[] scores =
        negative == null
            ? pipeline.apply(logits, tokens, length)
            : pipeline.applyInPlace(GuidedLogits.of(logits, negative, job.scale()), tokens, length);
    TokenChoice choice =
        options.isGreedy()
            ? TokenSampler.greedy(scores)
            : TokenSampler.draw(scores, random.uniform(step));
    append(choice, options.logProbs() ? modelLogProb(logits, negative, pipeline, choice) : 0);
    boolean eos = stop.eosTokenIds().contains(choice.token());
    if (decoder != null && !eos && texts.has(choice.token())) {
      text.append(decoder.add(choice.token()));
    }
    StopDecision decision = stop.after(choice.token(), step + 1, text.toString());
    reason = decision.reason();
    String visible = decision.text();
    int releasable = decision.releasable();
    if (decision.ends()) {
      boolean cut = visible.length() < text.length();
      if (!cut && decoder != null) {
        text.append(decoder.finish());
        decision = stop.after(choice.token(), step + 1, text.toString());
        reason = decision.reason();
      }
      finalText = decision.text();
      visible = finalText;
      releasable = visible.length();
    }
    if (listener != null) {
      String piece = visible.substring(Math.min(streamed, releasable), releasable);
      streamed = Math.max(streamed, releasable);
      listener.onToken(
          new StreamedToken(
              job.index(),
              step,
              OptionalInt.of(choice.token()),
              piece,
              OptionalDouble.of(choice.logProb())));
    }
    return choice.token();
  }

  /** Where nothing changes the model's distribution, the choice was made from it. */
  private static double modelLogProb(
      float[] logits, float @Nullable [] negative, LogitsPipeline pipeline, TokenChoice choice) {
    return negative == null && pipeline.processors().isEmpty()
        ? choice.logProb()
        : Rows.logSoftmax(logits, choice.token());
  }

  private List<TokenLogProb> candidates(float[] logits) {
    double[] raw = new double[logits.length];
    for (int i = 0; i < raw.length; i++) {
      raw[i] = logits[i];
    }
    return TokenSampler.top(raw, options.topLogProbs()).stream()
        .map(c -> new TokenLogProb(texts.of(c.token()), OptionalInt.of(c.token()), c.logProb()))
        .toList();
  }

  private void append(TokenChoice choice, double modelLogProb) {
    int step = generated();
    if (length == tokens.length) {
      tokens = Arrays.copyOf(tokens, 2 * length);
    }
    tokens[length++] = choice.token();
    if (step == logProbs.length) {
      logProbs = Arrays.copyOf(logProbs, 2 * step);
      modelLogProbs = Arrays.copyOf(modelLogProbs, 2 * step);
    }
    logProbs[step] = choice.logProb();
    modelLogProbs[step] = modelLogProb;
  }

  private int generated() {
    return length - promptLength;
  }

  int index() {
    return job.index();
  }

  boolean ended() {
    return reason != null || failure != null;
  }

  /** Ends without a completion. */
  void fail(ModelExecutionException cause) {
    failure = cause;
  }

  /** Takes note that some of the prompt's tokens were computed for another sequence. */
  void reuse(int tokensOfPrompt) {
    reused = tokensOfPrompt;
  }

  /** What became of the sequence, once it has ended. */
  GenerationOutcome outcome(Duration time) {
    return failure != null
        ? new GenerationOutcome.Failed(failure)
        : new GenerationOutcome.Completed(completion(time));
  }

  private Completion completion(Duration time) {
    if (reason == null) {
      throw new IllegalStateException("the completion has not ended");
    }
    int prompts = promptLength + (job.negative() == null ? 0 : job.negative().length);
    return new Completion(
        finalText,
        TokenIds.of(Arrays.copyOfRange(tokens, promptLength, length)),
        options.logProbs() ? LogProbs.of(Arrays.copyOf(logProbs, generated())) : null,
        options.logProbs() ? LogProbs.of(Arrays.copyOf(modelLogProbs, generated())) : null,
        top,
        reason,
        new Usage(1, prompts, reused, generated(), 0, 0, time));
  }
}

package org.alignment4j.api.model;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.List;
import java.util.OptionalLong;
import org.apiguardian.api.API;

/**
 * How completions are sampled. Transforms act in the order in which Hugging Face's {@code generate}
 * applies them: repetition penalty, no-repeat n-grams, temperature, top-k, top-p, min-p, typical,
 * epsilon cutoff, eta cutoff.
 *
 * @param maxNewTokens most tokens to generate, at least 1
 * @param temperature divides the logits; 0 takes the most likely token (greedy)
 * @param topK keeps the k most likely tokens; 0 keeps all
 * @param topP keeps the smallest set of most likely tokens whose probabilities reach this sum; 1
 *     keeps all
 * @param minP keeps tokens at least this fraction as likely as the most likely one; 0 keeps all
 * @param typicalP keeps the tokens whose surprise is nearest the entropy, until their probabilities
 *     reach this sum (Meister et al. 2022); 1 keeps all
 * @param epsilonCutoff keeps tokens at least this probable, and the most likely one (Hewitt et al.
 *     2022, section 4.1); 0 keeps all
 * @param etaCutoff the epsilon of eta sampling, whose cutoff {@code min(epsilon, sqrt(epsilon) ·
 *     exp(-entropy))} falls where the model is unsure (Hewitt et al. 2022, section 4.2); 0 keeps
 *     all
 * @param repetitionPenalty divides positive and multiplies negative logits of tokens already seen
 *     (CTRL, Keskar et al. 2019); 1 leaves them
 * @param noRepeatNgramSize forbids tokens that would repeat an n-gram of this size; 0 allows all
 * @param stopStrings texts that end the completion, none empty
 * @param ignoreEos whether end-of-sequence tokens are forbidden, so that the limit or a stop string
 *     ends the text
 * @param seed where random numbers start; empty lets a remote model choose, a local one uses 0. A
 *     local model's sample depends on seed, prompt and number of the sample (see {@link
 *     GenerationRequest}), not on the rest of the call
 * @param logProbs whether completions carry the log-probabilities of their tokens
 * @param topLogProbs how many of the most likely candidates to report per position; 0 for none
 */
@API(status = API.Status.STABLE, since = "0.1")
public record SamplingOptions(
    int maxNewTokens,
    double temperature,
    int topK,
    double topP,
    double minP,
    double typicalP,
    double epsilonCutoff,
    double etaCutoff,
    double repetitionPenalty,
    int noRepeatNgramSize,
    List<String> stopStrings,
    boolean ignoreEos,
    OptionalLong seed,
    boolean logProbs,
    int topLogProbs) {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException when a value is outside its range
   */
  public SamplingOptions {
    require(maxNewTokens >= 1, "maxNewTokens must be at least 1 but was ", maxNewTokens);
    require(
        temperature >= 0 && temperature < Double.POSITIVE_INFINITY,
        "temperature must be finite and not negative but was ",
        temperature);
    require(topK >= 0, "topK must not be negative (0 keeps all) but was ", topK);
    require(topP > 0 && topP <= 1, "topP must be in (0, 1] but was ", topP);
    require(minP >= 0 && minP <= 1, "minP must be in [0, 1] but was ", minP);
    require(typicalP > 0 && typicalP <= 1, "typicalP must be in (0, 1] but was ", typicalP);
    require(
        epsilonCutoff >= 0 && epsilonCutoff < 1,
        "epsilonCutoff must be in [0, 1) but was ",
        epsilonCutoff);
    require(etaCutoff >= 0 && etaCutoff < 1, "etaCutoff must be in [0, 1) but was ", etaCutoff);
    require(
        repetitionPenalty > 0 && repetitionPenalty < Double.POSITIVE_INFINITY,
        "repetitionPenalty must be finite and positive but was ",
        repetitionPenalty);
    require(
        noRepeatNgramSize >= 0,
        "noRepeatNgramSize must not be negative (0 allows all) but was ",
        noRepeatNgramSize);
    require(topLogProbs >= 0, "topLogProbs must not be negative but was ", topLogProbs);
    stopStrings = List.copyOf(stopStrings);
    if (stopStrings.contains("")) {
      throw new IllegalArgumentException("stopStrings must not contain an empty string");
    }
  }

  private static void require(boolean holds, String rule, Number value) {
    if (!holds) {
      throw new IllegalArgumentException(rule + value);
    }
  }

  /**
   * Returns options that always take the most likely token.
   *
   * @param maxNewTokens most tokens to generate, at least 1
   * @return the options
   * @throws IllegalArgumentException when the limit is less than 1
   */
  public static SamplingOptions greedy(int maxNewTokens) {
    return builder(maxNewTokens).temperature(0).build();
  }

  /**
   * Returns options that sample from the model's own distribution, unchanged (temperature 1).
   *
   * @param maxNewTokens most tokens to generate, at least 1
   * @param seed where random numbers start
   * @return the options
   * @throws IllegalArgumentException when the limit is less than 1
   */
  public static SamplingOptions sampling(int maxNewTokens, long seed) {
    return builder(maxNewTokens).seed(seed).build();
  }

  /**
   * Returns a builder whose defaults sample from the model's own distribution, unchanged.
   *
   * @param maxNewTokens most tokens to generate, at least 1
   * @return the builder
   */
  public static Builder builder(int maxNewTokens) {
    return new Builder(maxNewTokens);
  }

  /**
   * Returns a builder that starts from these options.
   *
   * @return the builder
   */
  public Builder toBuilder() {
    Builder builder =
        new Builder(maxNewTokens)
            .temperature(temperature)
            .topK(topK)
            .topP(topP)
            .minP(minP)
            .typicalP(typicalP)
            .epsilonCutoff(epsilonCutoff)
            .etaCutoff(etaCutoff)
            .repetitionPenalty(repetitionPenalty)
            .noRepeatNgramSize(noRepeatNgramSize)
            .stopStrings(stopStrings)
            .ignoreEos(ignoreEos)
            .logProbs(logProbs)
            .topLogProbs(topLogProbs);
    builder.seed = seed;
    return builder;
  }

  /**
   * Returns whether the most likely token is always taken.
   *
   * @return true when the temperature is 0
   */
  public boolean isGreedy() {
    return temperature == 0;
  }

  /** Builds {@link SamplingOptions}; values are checked by {@link #build()}. Not thread-safe. */
  public static final class Builder {
    private int maxNewTokens;
    private double temperature = 1;
    private int topK;
    private double topP = 1;
    private double minP;
    private double typicalP = 1;
    private double epsilonCutoff;
    private double etaCutoff;
    private double repetitionPenalty = 1;
    private int noRepeatNgramSize;
    private List<String> stopStrings = List.of();
    private boolean ignoreEos;
    private OptionalLong seed = OptionalLong.empty();
    private boolean logProbs;
    private int topLogProbs;

    private Builder(int maxNewTokens) {
      this.maxNewTokens = maxNewTokens;
    }

    /**
     * Sets the limit on new tokens.
     *
     * @param maxNewTokens most tokens to generate, at least 1
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder maxNewTokens(int maxNewTokens) {
      this.maxNewTokens = maxNewTokens;
      return this;
    }

    /**
     * Sets the temperature.
     *
     * @param temperature divides the logits; 0 is greedy
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder temperature(double temperature) {
      this.temperature = temperature;
      return this;
    }

    /**
     * Sets top-k.
     *
     * @param topK how many of the most likely tokens to keep; 0 keeps all
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder topK(int topK) {
      this.topK = topK;
      return this;
    }

    /**
     * Sets top-p (nucleus).
     *
     * @param topP probability mass to keep, in (0, 1]
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder topP(double topP) {
      this.topP = topP;
      return this;
    }

    /**
     * Sets min-p.
     *
     * @param minP least fraction of the highest probability, in [0, 1]
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder minP(double minP) {
      this.minP = minP;
      return this;
    }

    /**
     * Sets typical sampling.
     *
     * @param typicalP probability mass to keep, nearest the entropy first, in (0, 1]
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder typicalP(double typicalP) {
      this.typicalP = typicalP;
      return this;
    }

    /**
     * Sets epsilon sampling.
     *
     * @param epsilonCutoff least probability, in [0, 1); published values are 3e-4 to 9e-4
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder epsilonCutoff(double epsilonCutoff) {
      this.epsilonCutoff = epsilonCutoff;
      return this;
    }

    /**
     * Sets eta sampling.
     *
     * @param etaCutoff its epsilon, in [0, 1); published values are 3e-4 to 4e-3
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder etaCutoff(double etaCutoff) {
      this.etaCutoff = etaCutoff;
      return this;
    }

    /**
     * Sets the repetition penalty.
     *
     * @param repetitionPenalty positive; 1 leaves logits as they are
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder repetitionPenalty(double repetitionPenalty) {
      this.repetitionPenalty = repetitionPenalty;
      return this;
    }

    /**
     * Sets the no-repeat n-gram size.
     *
     * @param noRepeatNgramSize size of the n-grams that must not repeat; 0 allows all
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder noRepeatNgramSize(int noRepeatNgramSize) {
      this.noRepeatNgramSize = noRepeatNgramSize;
      return this;
    }

    /**
     * Sets the stop strings.
     *
     * @param stopStrings texts that end the completion
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder stopStrings(List<String> stopStrings) {
      this.stopStrings = stopStrings;
      return this;
    }

    /**
     * Sets whether end-of-sequence tokens are forbidden.
     *
     * @param ignoreEos whether end-of-sequence tokens are forbidden
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder ignoreEos(boolean ignoreEos) {
      this.ignoreEos = ignoreEos;
      return this;
    }

    /**
     * Sets whether completions carry log-probabilities.
     *
     * @param logProbs whether completions carry log-probabilities
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder logProbs(boolean logProbs) {
      this.logProbs = logProbs;
      return this;
    }

    /**
     * Sets how many candidates to report per position.
     *
     * @param topLogProbs candidates per position; 0 for none
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder topLogProbs(int topLogProbs) {
      this.topLogProbs = topLogProbs;
      return this;
    }

    /**
     * Sets the stop strings.
     *
     * @param stopStrings texts that end the completion
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder stopStrings(String... stopStrings) {
      return stopStrings(List.of(stopStrings));
    }

    /**
     * Sets where random numbers start.
     *
     * @param seed any number
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder seed(long seed) {
      this.seed = OptionalLong.of(seed);
      return this;
    }

    /**
     * Returns the options.
     *
     * @return the options
     * @throws IllegalArgumentException when a value is outside its range
     */
    public SamplingOptions build() {
      return new SamplingOptions(
          maxNewTokens,
          temperature,
          topK,
          topP,
          minP,
          typicalP,
          epsilonCutoff,
          etaCutoff,
          repetitionPenalty,
          noRepeatNgramSize,
          stopStrings,
          ignoreEos,
          seed,
          logProbs,
          topLogProbs);
    }
  }
}

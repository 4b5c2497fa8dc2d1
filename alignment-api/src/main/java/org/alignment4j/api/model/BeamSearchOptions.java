package org.alignment4j.api.model;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * How beam search goes, with the meaning of Hugging Face's {@code generate}. Repetition penalty and
 * n-grams act on the log-probabilities, which are not normalised again.
 *
 * @param maxNewTokens most tokens of a hypothesis, at least 1
 * @param beams hypotheses kept at each step, at least 1; 1 is greedy search
 * @param returned how many of the best hypotheses to return, from 1 to {@code beams}
 * @param lengthPenalty exponent of the length, end-of-sequence token included, by which the sum of
 *     log-probabilities is divided: above 0 favours long hypotheses, below 0 short ones; finite
 * @param earlyStopping when the search ends before the limit
 * @param repetitionPenalty multiplies the log-probabilities of tokens already seen (CTRL, Keskar et
 *     al. 2019); 1 leaves them
 * @param noRepeatNgramSize forbids tokens that would repeat an n-gram of this size; 0 allows all
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record BeamSearchOptions(
    int maxNewTokens,
    int beams,
    int returned,
    double lengthPenalty,
    BeamSearchStopping earlyStopping,
    double repetitionPenalty,
    int noRepeatNgramSize) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when a value is outside its range
   */
  public BeamSearchOptions {
    Objects.requireNonNull(earlyStopping, "earlyStopping");
    require(maxNewTokens >= 1, "maxNewTokens must be at least 1 but was ", maxNewTokens);
    require(beams >= 1, "beams must be at least 1 but was ", beams);
    require(
        returned >= 1 && returned <= beams,
        "returned must be from 1 to beams (" + beams + ") but was ",
        returned);
    require(Double.isFinite(lengthPenalty), "lengthPenalty must be finite but was ", lengthPenalty);
    require(
        repetitionPenalty > 0 && repetitionPenalty < Double.POSITIVE_INFINITY,
        "repetitionPenalty must be finite and positive but was ",
        repetitionPenalty);
    require(
        noRepeatNgramSize >= 0,
        "noRepeatNgramSize must not be negative (0 allows all) but was ",
        noRepeatNgramSize);
  }

  private static void require(boolean holds, String rule, Number value) {
    if (!holds) {
      throw new IllegalArgumentException(rule + value);
    }
  }

  /**
   * Returns a search with Hugging Face's defaults: length penalty 1, heuristic stopping, the best
   * hypothesis returned, no penalties.
   *
   * @param maxNewTokens most tokens of a hypothesis, at least 1
   * @param beams hypotheses kept at each step, at least 1
   * @return the options
   * @throws IllegalArgumentException when a value is outside its range
   */
  public static BeamSearchOptions of(int maxNewTokens, int beams) {
    return new BeamSearchOptions(maxNewTokens, beams, 1, 1, BeamSearchStopping.HEURISTIC, 1, 0);
  }

  /**
   * Returns these options with another number of hypotheses returned.
   *
   * @param returned from 1 to {@code beams}
   * @return the options
   * @throws IllegalArgumentException when it is outside its range
   */
  public BeamSearchOptions returning(int returned) {
    return new BeamSearchOptions(
        maxNewTokens,
        beams,
        returned,
        lengthPenalty,
        earlyStopping,
        repetitionPenalty,
        noRepeatNgramSize);
  }

  /**
   * Returns these options with another length penalty and end of the search.
   *
   * @param lengthPenalty exponent of the length; finite
   * @param earlyStopping when the search ends before the limit
   * @return the options
   * @throws IllegalArgumentException when the penalty is not finite
   */
  public BeamSearchOptions lengths(double lengthPenalty, BeamSearchStopping earlyStopping) {
    return new BeamSearchOptions(
        maxNewTokens,
        beams,
        returned,
        lengthPenalty,
        earlyStopping,
        repetitionPenalty,
        noRepeatNgramSize);
  }

  /**
   * Returns these options with penalties of repetition.
   *
   * @param repetitionPenalty positive; 1 leaves log-probabilities as they are
   * @param noRepeatNgramSize size of the n-grams that must not repeat; 0 allows all
   * @return the options
   * @throws IllegalArgumentException when a value is outside its range
   */
  public BeamSearchOptions repetition(double repetitionPenalty, int noRepeatNgramSize) {
    return new BeamSearchOptions(
        maxNewTokens,
        beams,
        returned,
        lengthPenalty,
        earlyStopping,
        repetitionPenalty,
        noRepeatNgramSize);
  }
}

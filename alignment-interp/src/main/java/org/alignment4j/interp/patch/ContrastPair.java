package org.alignment4j.interp.patch;

import java.util.Objects;
import org.alignment4j.api.hook.LogitMetric;
import org.alignment4j.api.model.TokenIds;
import org.apiguardian.api.API;

/**
 * Two prompts that differ in what a behaviour depends on, and the number that shows the behaviour.
 * Position for position they are the same text otherwise, so that an activation of one has its
 * counterpart in the other.
 *
 * @param clean the prompt on which the behaviour shows
 * @param corrupted the prompt on which it does not, with as many tokens
 * @param metric the number, of a single row; read on either prompt
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ContrastPair(TokenIds clean, TokenIds corrupted, LogitMetric metric) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when a prompt is empty, the prompts have different numbers of
   *     tokens, or the metric has several rows
   */
  public ContrastPair {
    Objects.requireNonNull(clean, "clean");
    Objects.requireNonNull(corrupted, "corrupted");
    Objects.requireNonNull(metric, "metric");
    if (clean.isEmpty() || clean.size() != corrupted.size()) {
      throw new IllegalArgumentException(
          "clean and corrupted prompts must have equally many tokens, at least one, but have "
              + clean.size()
              + " and "
              + corrupted.size()
              + "; choose words of equal token count");
    }
    if (metric.rows().size() != 1) {
      throw new IllegalArgumentException(
          "the metric of a pair must have one row but has " + metric.rows().size());
    }
  }

  /**
   * Returns the number of tokens of either prompt.
   *
   * @return at least 1
   */
  public int length() {
    return clean.size();
  }

  /**
   * Returns the prompt that a patched run starts from.
   *
   * @param direction what is patched into what
   * @return the corrupted prompt when denoising, else the clean one
   */
  public TokenIds base(PatchDirection direction) {
    return direction == PatchDirection.DENOISING ? corrupted : clean;
  }

  /**
   * Returns the prompt that activations are taken from.
   *
   * @param direction what is patched into what
   * @return the clean prompt when denoising, else the corrupted one
   */
  public TokenIds source(PatchDirection direction) {
    return direction == PatchDirection.DENOISING ? clean : corrupted;
  }
}

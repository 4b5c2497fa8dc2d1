package org.alignment4j.eval.privacy;

import java.util.List;
import org.apiguardian.api.API;

/** How texts are sampled that may be learnt by heart (Carlini et al. 2021, arXiv 2012.07805). */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface SamplingStrategy {

  /**
   * Returns the name in results.
   *
   * @return a short name
   */
  String name();

  /**
   * After the beginning of a text, among the likeliest tokens.
   *
   * @param k how many tokens are drawn from; the paper takes 40
   */
  record TopK(int k) implements SamplingStrategy {
    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException when it is not positive
     */
    public TopK {
      requirePositive("k", k);
    }

    @Override
    public String name() {
      return "top-" + k;
    }
  }

  /**
   * After the beginning of a text, at a temperature that falls linearly to 1.
   *
   * @param from the first token's temperature, at least 1; the paper takes 10
   * @param tokens over how many tokens it falls, at least 1; the paper takes 20
   */
  record DecayingTemperature(double from, int tokens) implements SamplingStrategy {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException when one is below 1
     */
    public DecayingTemperature {
      if (!(from >= 1) || Double.isInfinite(from)) {
        throw new IllegalArgumentException("from must be at least 1 and finite but was " + from);
      }
      requirePositive("tokens", tokens);
    }

    /** The temperature of a token, from 0. */
    double at(int token) {
      return token >= tokens ? 1 : from + (1 - from) * token / tokens;
    }

    @Override
    public String name() {
      return "decaying temperature";
    }
  }

  /**
   * After beginnings of texts such as the training texts may have, among the likeliest tokens. The
   * paper takes them from the internet.
   *
   * @param texts beginnings, at least one, taken in turn
   * @param k how many tokens are drawn from
   */
  record Prefixes(List<String> texts, int k) implements SamplingStrategy {
    /**
     * Checks and copies.
     *
     * @throws IllegalArgumentException when there is no text or k is not positive
     */
    public Prefixes {
      texts = List.copyOf(texts);
      requirePositive("texts", texts.size());
      requirePositive("k", k);
    }

    @Override
    public String name() {
      return "prefixes";
    }
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1 but was " + value);
    }
  }
}

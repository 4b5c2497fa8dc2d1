package org.alignment4j.interp.head;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Tokenizer;
import org.apiguardian.api.API;

/**
 * Sequences of random tokens that come twice, {@code prefix + s + s}: only what came before tells
 * the second copy, so that what predicts it is induction. Immutable and thread-safe.
 *
 * @param prefix what each sequence begins with, such as the beginning-of-sequence token; may be
 *     empty
 * @param period tokens of {@code s}, at least 2
 * @param sequences the sequences
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RepeatedSequences(TokenIds prefix, int period, List<TokenIds> sequences) {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if the period is below 2 or a sequence is not of this form
   */
  public RepeatedSequences {
    Objects.requireNonNull(prefix, "prefix");
    requirePeriod(period);
    sequences = List.copyOf(sequences);
    for (int i = 0; i < sequences.size(); i++) {
      TokenIds tokens = sequences.get(i);
      int first = prefix.size();
      if (!tokens.startsWith(prefix)
          || tokens.size() != first + 2 * period
          || !tokens
              .slice(first, first + period)
              .equals(tokens.slice(first + period, first + 2 * period))) {
        throw new IllegalArgumentException(
            "sequences must be the prefix and "
                + period
                + " tokens twice but sequence "
                + i
                + " was "
                + tokens);
      }
    }
  }

  private static void requirePeriod(int period) {
    if (period < 2) {
      throw new IllegalArgumentException("period must be at least 2 but was " + period);
    }
  }

  /**
   * Random sequences of a tokenizer's ordinary tokens behind its beginning-of-sequence token, where
   * it has one. No token comes twice within {@code s}. A sequence depends on the seed and its
   * number only.
   *
   * @param tokenizer whose special tokens are left out
   * @param period tokens of {@code s}, at least 2
   * @param count how many sequences
   * @param seed of the draws
   * @throws IllegalArgumentException if the period is below 2, the count is negative or the
   *     vocabulary too small
   */
  public static RepeatedSequences random(Tokenizer tokenizer, int period, int count, long seed) {
    TokenIds prefix =
        tokenizer.bosId().isPresent()
            ? TokenIds.of(tokenizer.bosId().getAsInt())
            : TokenIds.empty();
    return random(tokenizer.vocabularySize(), tokenizer.specialIds(), prefix, period, count, seed);
  }

  /**
   * Random sequences of a vocabulary. No token comes twice within {@code s}. A sequence depends on
   * the seed and its number only.
   *
   * @param vocabulary number of tokens
   * @param excluded tokens that are not drawn
   * @param prefix what each sequence begins with; not drawn either
   * @param period tokens of {@code s}, at least 2
   * @param count how many sequences
   * @param seed of the draws
   * @throws IllegalArgumentException if the period is below 2, the count is negative or the
   *     vocabulary too small
   */
  public static RepeatedSequences random(
      int vocabulary, Set<Integer> excluded, TokenIds prefix, int period, int count, long seed) {
    requirePeriod(period);
    if (count < 0) {
      throw new IllegalArgumentException("count must not be negative but was " + count);
    }
    int[] pool =
        IntStream.range(0, vocabulary)
            .filter(id -> !excluded.contains(id) && prefix.stream().noneMatch(p -> p == id))
            .toArray();
    if (pool.length < period) {
      throw new IllegalArgumentException(
          "period must be at most the vocabulary's "
              + pool.length
              + " tokens that may be drawn, since none comes twice, but was "
              + period);
    }
    SplittableRandom seeds = new SplittableRandom(seed);
    List<TokenIds> sequences = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      TokenIds drawn = drawn(pool.clone(), period, seeds.split());
      sequences.add(prefix.concat(drawn).concat(drawn));
    }
    return new RepeatedSequences(prefix, period, sequences);
  }

  private static TokenIds drawn(int[] pool, int count, SplittableRandom random) {
    for (int i = 0; i < count; i++) {
      int other = random.nextInt(i, pool.length);
      int token = pool[other];
      pool[other] = pool[i];
      pool[i] = token;
    }
    return TokenIds.of(pool).slice(0, count);
  }
}

package org.alignment4j.interp.task;

import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableIntArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.alignment4j.api.hook.LogitMetric;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Tokenizer;
import org.alignment4j.interp.patch.ContrastPair;
import org.apiguardian.api.API;

/**
 * Greater-than (Hanna et al. 2023): after "The war lasted from the year 1732 to the year 17" comes
 * a year above 32. The corrupted prompt begins in the year 01, after which every year does. The
 * metric is {@code P(years above) - P(years not above)} over the two-digit continuations.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class GreaterThan {

  private static final int YEARS = 100;
  private static final int TRIES = 200;

  private static final List<String> NOUNS =
      List.of(
          "war",
          "siege",
          "reign",
          "voyage",
          "dispute",
          "journey",
          "conflict",
          "plague",
          "project",
          "campaign",
          "expedition",
          "rebellion");

  private GreaterThan() {}

  /**
   * Makes examples.
   *
   * @param tokenizer of the model; it must write two digits of a year as one token
   * @param count how many, positive
   * @param random chooses nouns and years
   * @return the examples; lengths may differ between them
   * @throws IllegalArgumentException when the count is not positive, or the tokenizer does not
   *     write the years so
   */
  public static List<TaskExample> examples(Tokenizer tokenizer, int count, RandomGenerator random) {
    if (count < 1) {
      throw new IllegalArgumentException("count must be positive but was " + count);
    }
    TaskTokens tokens = new TaskTokens(tokenizer);
    List<TaskExample> examples = new ArrayList<>();
    int failed = 0;
    while (examples.size() < count) {
      String noun = NOUNS.get(random.nextInt(NOUNS.size()));
      int century = random.nextInt(11, 18);
      int year = random.nextInt(2, YEARS - 1);
      Optional<TaskExample> example = example(tokens, noun, century, year);
      example.ifPresent(examples::add);
      failed = example.isPresent() ? 0 : failed + 1;
      if (failed == TRIES) {
        throw new IllegalArgumentException(
            "the tokenizer must write the last two digits of a year as one token of their own but"
                + " did so in none of "
                + TRIES
                + " examples in a row");
      }
    }
    return examples;
  }

  private static Optional<TaskExample> example(
      TaskTokens tokens, String noun, int century, int year) {
    String clean = text(noun, century, year);
    String corrupted = text(noun, century, 1);
    TokenIds first = tokens.prompt(clean);
    TokenIds second = tokens.prompt(corrupted);
    if (first.size() != second.size() || differences(first, second) != 1) {
      return Optional.empty();
    }
    int[] ids = new int[YEARS];
    double[] weights = new double[YEARS];
    for (int y = 0; y < YEARS; y++) {
      Optional<TokenIds> more = tokens.continuation(clean, digits(y));
      if (more.isEmpty() || more.get().size() != 1) {
        return Optional.empty();
      }
      ids[y] = more.get().get(0);
      weights[y] = y > year ? 1 : -1;
    }
    LogitMetric.Term term =
        new LogitMetric.Term(
            -1, ImmutableIntArray.copyOf(ids), ImmutableDoubleArray.copyOf(weights));
    LogitMetric metric =
        new LogitMetric(
            LogitMetric.Form.PROBABILITIES, List.of(new LogitMetric.Row(0, List.of(term))));
    return Optional.of(
        new TaskExample(
            new ContrastPair(first, second, metric),
            clean,
            corrupted,
            digits(year + 1),
            digits(year)));
  }

  private static int differences(TokenIds a, TokenIds b) {
    int count = 0;
    for (int i = 0; i < a.size(); i++) {
      count += a.get(i) == b.get(i) ? 0 : 1;
    }
    return count;
  }

  private static String text(String noun, int century, int year) {
    return "The "
        + noun
        + " lasted from the year "
        + century
        + digits(year)
        + " to the year "
        + century;
  }

  private static String digits(int year) {
    return String.format(Locale.ROOT, "%02d", year);
  }
}

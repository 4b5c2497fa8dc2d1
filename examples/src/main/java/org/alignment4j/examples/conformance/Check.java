package org.alignment4j.examples.conformance;

import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The comparisons of one case: keeps the worst deviation and the first failure. */
final class Check {

  private static final int EXCERPT = 40;

  private Deviation worst = Deviation.none();
  private String worstPlace = "";
  private @Nullable String firstFailure;
  private long comparisons;
  private long failures;

  /** Compares values that must be equal. */
  void equal(String what, @Nullable Object actual, @Nullable Object expected) {
    comparisons++;
    if (!Objects.equals(actual, expected)) {
      fail("%s must be %s but was %s".formatted(what, shortened(expected), shortened(actual)));
    }
  }

  /** Compares texts that must be equal; a failure shows where they part. */
  void sameText(String what, String actual, String expected) {
    comparisons++;
    if (actual.equals(expected)) {
      return;
    }
    int at = 0;
    int end = Math.min(actual.length(), expected.length());
    while (at < end && actual.charAt(at) == expected.charAt(at)) {
      at++;
    }
    fail(
        "%s differs at character %s: must go on with '%s' but goes on with '%s'"
            .formatted(what, at, excerpt(expected, at), excerpt(actual, at)));
  }

  /** Compares a number. */
  void close(String what, double actual, double expected, Tolerance tolerance) {
    comparisons++;
    Deviation deviation = tolerance.deviation(actual, expected);
    if (deviation.worse(worst) == deviation) {
      worst = deviation;
      worstPlace = what;
    }
    if (!deviation.holds()) {
      fail(differs(what, actual, expected, deviation));
    }
  }

  /** Compares as many numbers as the reference has. */
  void close(String what, double[] actual, double[] expected, Tolerance tolerance) {
    if (actual.length != expected.length) {
      equal("number of values of " + what, actual.length, expected.length);
      return;
    }
    for (int i = 0; i < expected.length; i++) {
      comparisons++;
      Deviation deviation = tolerance.deviation(actual[i], expected[i]);
      if (deviation.worse(worst) == deviation) {
        worst = deviation;
        worstPlace = what + "[" + i + "]";
      }
      if (!deviation.holds()) {
        fail(differs(what + "[" + i + "]", actual[i], expected[i], deviation));
      }
    }
  }

  /** Notes that something that had to happen did not. */
  void fail(String message) {
    failures++;
    if (firstFailure == null) {
      firstFailure = message;
    }
  }

  CaseResult result(String kind, String group, String name) {
    String failure = firstFailure;
    if (failure == null && comparisons == 0) {
      failure = "the case has nothing to compare";
    }
    if (failure == null) {
      return new CaseResult(kind, group, name, Outcome.PASSED, worst, worstPlace);
    }
    String more = failures > 1 ? " (and %s more)".formatted(failures - 1) : "";
    return new CaseResult(kind, group, name, Outcome.FAILED, worst, failure + more);
  }

  private static String differs(String what, double actual, double expected, Deviation deviation) {
    return String.format(
        Locale.ROOT,
        "%s must be %s within %.1e but was %s",
        what,
        expected,
        deviation.limit(),
        actual);
  }

  private static String excerpt(String text, int from) {
    return text.substring(from, Math.min(text.length(), from + EXCERPT))
        .replace("\n", "\\n")
        .replace("\r", "\\r");
  }

  private static String shortened(@Nullable Object value) {
    String text = String.valueOf(value);
    return text.length() <= 3 * EXCERPT ? text : excerpt(text, 0) + "…";
  }
}

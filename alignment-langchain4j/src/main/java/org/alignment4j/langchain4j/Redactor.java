package org.alignment4j.langchain4j;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Takes keys out of texts: those it was told of, and what has the form of one. Immutable. */
final class Redactor {
  private static final String HIDDEN = "***";

  /** Shorter words are none, and common. */
  private static final int SHORTEST_SECRET = 6;

  private static final Pattern KEY_FORM =
      Pattern.compile(
          "(?i)(?<=bearer\\s)[\\w.+/=-]{6,}"
              + "|(?<=[?&]key=)[^&\\s\"']+"
              + "|\\b(?:sk|pk|rk|key|api)[-_][\\w*.-]{6,}");

  private final List<String> secrets;

  Redactor(List<String> secrets) {
    for (String secret : secrets) {
      if (secret.length() < SHORTEST_SECRET) {
        throw new IllegalArgumentException(
            "a secret must have at least "
                + SHORTEST_SECRET
                + " characters to be told from common words but one has "
                + secret.length());
      }
    }
    this.secrets = List.copyOf(secrets);
  }

  String clean(String text) {
    String clean = text;
    for (String secret : secrets) {
      clean = clean.replace(secret, HIDDEN);
    }
    return KEY_FORM.matcher(clean).replaceAll(HIDDEN);
  }

  /** Whether no message of a failure, its causes and what they suppressed shows a key. */
  boolean isClean(Throwable failure) {
    return isClean(failure, new LinkedHashSet<>());
  }

  private boolean isClean(@Nullable Throwable failure, Set<Throwable> seen) {
    if (failure == null || !seen.add(failure)) {
      return true;
    }
    String message = String.valueOf(failure.getMessage());
    if (!clean(message).equals(message) || !isClean(failure.getCause(), seen)) {
      return false;
    }
    for (Throwable suppressed : failure.getSuppressed()) {
      if (!isClean(suppressed, seen)) {
        return false;
      }
    }
    return true;
  }
}

package org.alignment4j.eval.redteam.injection;

import java.util.Locale;
import org.apiguardian.api.API;

/** Where in a document a payload stands. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum InjectionPosition {
  /** Before the document. */
  START,
  /** After the sentence that ends nearest the middle; after the middle where no sentence ends. */
  MIDDLE,
  /** After the document. */
  END;

  /** Returns the name in reports. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns a document with a payload in it, the separator between the two, on both sides in the
   * middle.
   */
  public String inject(String document, String payload, String separator) {
    return switch (this) {
      case START -> payload + separator + document;
      case END -> document + separator + payload;
      case MIDDLE -> {
        int at = middle(document);
        yield document.substring(0, at).stripTrailing()
            + separator
            + payload
            + separator
            + document.substring(at).stripLeading();
      }
    };
  }

  private static int middle(String document) {
    int half = document.length() / 2;
    int best = -1;
    for (int i = 0; i + 1 < document.length(); i++) {
      char c = document.charAt(i);
      boolean ends =
          (c == '.' || c == '!' || c == '?') && Character.isWhitespace(document.charAt(i + 1));
      if (ends && (best < 0 || Math.abs(i + 1 - half) < Math.abs(best - half))) {
        best = i + 1;
      }
    }
    if (best >= 0) {
      return best;
    }
    return half > 0 && Character.isLowSurrogate(document.charAt(half)) ? half - 1 : half;
  }
}

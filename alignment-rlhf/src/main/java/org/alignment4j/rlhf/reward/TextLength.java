package org.alignment4j.rlhf.reward;

import java.util.StringTokenizer;
import org.apiguardian.api.API;

/** How long a text is. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum TextLength {
  /** Unicode code points. */
  CHARACTERS {
    @Override
    public int of(String text) {
      return text.codePointCount(0, text.length());
    }
  },
  /** Runs of characters other than white space. */
  WORDS {
    @Override
    public int of(String text) {
      return new StringTokenizer(text).countTokens();
    }
  };

  /**
   * Measures a text.
   *
   * @param text any text
   * @return its length, from 0
   */
  public abstract int of(String text);
}

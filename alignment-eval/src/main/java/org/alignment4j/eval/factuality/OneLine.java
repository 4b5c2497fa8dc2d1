package org.alignment4j.eval.factuality;

import java.util.regex.Pattern;
import org.apiguardian.api.API;

/**
 * Text of a model on one line, so that it cannot write the lines of the prompt it is put into. Pure
 * functions.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class OneLine {

  private static final Pattern BREAK = Pattern.compile("(?U)\\s*\\R\\s*|[\\p{Cntrl}&&[^\\t]]+");

  private OneLine() {}

  /**
   * Returns a text with a space for every line break and the blanks around it.
   *
   * @param text any text
   * @return it on one line, without outer white space
   */
  public static String of(String text) {
    return BREAK.matcher(text).replaceAll(" ").strip();
  }
}

package org.alignment4j.eval.factuality.factscore;

import java.util.Locale;
import java.util.Optional;

/** Reads a written verdict by the rules of FActScore's script, but for replies without one. */
final class FactReply {

  private FactReply() {}

  /**
   * Whether a reply says that a fact is true: with one of the two words that one; with both, true
   * when the first "true" comes after the first "false"; empty with neither, where the script
   * mostly says true.
   */
  static Optional<Boolean> parse(String reply) {
    String text = reply.toLowerCase(Locale.ROOT);
    int yes = text.indexOf("true");
    int no = text.indexOf("false");
    return yes < 0 && no < 0 ? Optional.empty() : Optional.of(yes >= 0 && yes > no);
  }
}

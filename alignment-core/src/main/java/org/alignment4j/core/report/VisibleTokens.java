package org.alignment4j.core.report;

import org.apiguardian.api.API;

/**
 * Makes the white space of single tokens visible, which in a table or beside a cell would not be
 * told from nothing. Stateless, thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class VisibleTokens {

  private VisibleTokens() {}

  /**
   * Returns a token's text with line feeds as {@code ↵}, tabs as {@code ⇥}, and spaces as {@code ␣}
   * where it has nothing else.
   *
   * @param text what the token reads like; empty for one that reads like nothing
   */
  public static String of(String text) {
    String marked = text.replace("\r\n", "↵").replace('\n', '↵').replace('\t', '⇥');
    return marked.isBlank() ? (marked.isEmpty() ? "∅" : marked.replace(' ', '␣')) : marked;
  }
}

package org.alignment4j.eval.general;

import java.util.ArrayList;
import java.util.List;

/** Cuts a text where words begin. Pure functions. */
final class TextWindows {

  private TextWindows() {}

  /**
   * A piece of a text and what stands before it.
   *
   * @param context the words before it, as many as are wanted; empty at the beginning
   * @param text the piece; blanks before a word belong to its piece
   */
  record Window(String context, String text) {}

  /**
   * Cuts a text into pieces that make it up again.
   *
   * @param text the text, not blank
   * @param words most words of a piece
   * @param context most words before a piece
   */
  static List<Window> of(String text, int words, int context) {
    List<Integer> starts = starts(text);
    List<Window> windows = new ArrayList<>();
    for (int first = 0; first < starts.size(); first += words) {
      int from = first == 0 ? 0 : starts.get(first);
      int next = first + words;
      int to = next < starts.size() ? starts.get(next) : text.length();
      int back = Math.max(0, first - context);
      int before = back == 0 ? 0 : starts.get(back);
      windows.add(new Window(text.substring(before, from), text.substring(from, to)));
    }
    return windows;
  }

  /** Words between blanks. */
  static int words(String text) {
    return starts(text).size();
  }

  /** Where words begin, with the blanks before them. */
  private static List<Integer> starts(String text) {
    List<Integer> starts = new ArrayList<>();
    int blank = 0;
    boolean inWord = false;
    for (int i = 0; i < text.length(); i++) {
      boolean isBlank = Character.isWhitespace(text.charAt(i));
      if (!isBlank && !inWord) {
        starts.add(blank);
      }
      if (isBlank && inWord) {
        blank = i;
      }
      inWord = !isBlank;
    }
    return starts;
  }
}

package org.alignment4j.eval.redteam.injection;

import java.util.Locale;

/** The longest common substring of two texts. Pure functions. */
final class CommonSubstring {

  private CommonSubstring() {}

  /** Returns a text in lower case with single spaces, so that layout does not hide a quotation. */
  static String normal(String text) {
    return text.toLowerCase(Locale.ROOT).replaceAll("\\s+", " ").strip();
  }

  /**
   * Returns the length in UTF-16 units of the longest run of characters that both texts have, by
   * dynamic programming in time of the product of the lengths.
   */
  static int longest(String first, String second) {
    int[] row = new int[second.length() + 1];
    int longest = 0;
    for (int i = 1; i <= first.length(); i++) {
      // From the right, so that the entry before is still the previous row's.
      for (int j = second.length(); j > 0; j--) {
        row[j] = first.charAt(i - 1) == second.charAt(j - 1) ? row[j - 1] + 1 : 0;
        longest = Math.max(longest, row[j]);
      }
    }
    return longest;
  }
}

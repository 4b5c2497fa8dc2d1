package org.alignment4j.eval;

/** Whether a name is another one with a slip of the pen. A pure function. */
final class Misspelling {
  private static final int MOST = 2;

  /** Of shorter names many are near each other. */
  private static final int SHORTEST = 5;

  private Misspelling() {}

  /**
   * Whether at most two letters were left out, added or replaced. Names whose digits differ are
   * different on purpose, and so are those of slices, after a slash, of one figure.
   */
  static boolean of(String written, String meant) {
    return !figure(written).equals(figure(meant)) && near(figure(written), figure(meant));
  }

  private static String figure(String name) {
    int slash = name.indexOf('/');
    return slash < 0 ? name : name.substring(0, slash);
  }

  private static boolean near(String written, String meant) {
    return Math.min(written.length(), meant.length()) >= SHORTEST
        && digits(written).equals(digits(meant))
        && distance(written, meant) <= MOST;
  }

  private static String digits(String name) {
    return name.replaceAll("\\D", "");
  }

  /** Levenshtein's distance. */
  private static int distance(String one, String other) {
    int[] row = new int[other.length() + 1];
    for (int j = 0; j <= other.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= other.length(); j++) {
        int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[other.length()];
  }
}

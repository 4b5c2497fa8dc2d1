package org.alignment4j.core.statistics;

/** Values by item index, of which some repeat. */
final class Selection {

  private Selection() {}

  static double[] of(double[] values, int[] items) {
    double[] selected = new double[items.length];
    for (int i = 0; i < items.length; i++) {
      selected[i] = values[items[i]];
    }
    return selected;
  }

  static boolean[] of(boolean[] values, int[] items) {
    boolean[] selected = new boolean[items.length];
    for (int i = 0; i < items.length; i++) {
      selected[i] = values[items[i]];
    }
    return selected;
  }

  static int[] of(int[] values, int[] items) {
    int[] selected = new int[items.length];
    for (int i = 0; i < items.length; i++) {
      selected[i] = values[items[i]];
    }
    return selected;
  }

  static int[][] of(int[][] rows, int[] items) {
    int[][] selected = new int[items.length][];
    for (int i = 0; i < items.length; i++) {
      selected[i] = rows[items[i]];
    }
    return selected;
  }
}

package org.alignment4j.interp.erase;

/** Rules of labels of any kind. */
final class Labels {

  private Labels() {}

  static void require(int rows, int labels, double[][] z) {
    if (z.length != rows) {
      throw new IllegalArgumentException(
          "every row must have labels but there are " + rows + " rows and " + z.length + " labels");
    }
    for (int i = 0; i < z.length; i++) {
      if (z[i].length != labels) {
        throw new IllegalArgumentException(
            "labels must be " + labels + " numbers a row but row " + i + " has " + z[i].length);
      }
      for (double label : z[i]) {
        if (!Double.isFinite(label)) {
          throw new IllegalArgumentException(
              "labels must be finite but row " + i + " has " + label);
        }
      }
    }
  }

  static double[][] oneHot(int[] classes, int count) {
    double[][] z = new double[classes.length][count];
    for (int i = 0; i < classes.length; i++) {
      if (classes[i] < 0 || classes[i] >= count) {
        throw new IllegalArgumentException(
            "class must be in [0, " + (count - 1) + "] but row " + i + " has " + classes[i]);
      }
      z[i][classes[i]] = 1;
    }
    return z;
  }
}

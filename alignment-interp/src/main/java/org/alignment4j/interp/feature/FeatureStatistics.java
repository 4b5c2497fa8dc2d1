package org.alignment4j.interp.feature;

import java.util.List;

/** Firings of some features and their correlations with all, over a stream of texts. Mutable. */
final class FeatureStatistics {
  private final List<Integer> selected;
  private final List<FeatureFirings> firings;
  private final double[] sums;
  private final double[] squares;
  private final double[][] products;
  private final int width;
  private long tokens;

  FeatureStatistics(List<Integer> selected, int width) {
    this.selected = List.copyOf(selected);
    this.firings = selected.stream().map(feature -> new FeatureFirings()).toList();
    this.sums = new double[width];
    this.squares = new double[width];
    this.products = new double[selected.size()][width];
    this.width = width;
  }

  void add(int text, float[] features, boolean[] counts) {
    int[] active = new int[width];
    for (int position = 0; position < counts.length; position++) {
      if (!counts[position]) {
        continue;
      }
      tokens++;
      int start = position * width;
      int size = 0;
      for (int j = 0; j < width; j++) {
        double f = features[start + j];
        if (f != 0) {
          active[size++] = j;
          sums[j] += f;
          squares[j] += f * f;
        }
      }
      for (int s = 0; s < products.length; s++) {
        float f = features[start + selected.get(s)];
        if (f > 0) {
          firings.get(s).add(text, position, f);
          for (int i = 0; i < size; i++) {
            products[s][active[i]] += (double) f * features[start + active[i]];
          }
        }
      }
    }
  }

  long tokens() {
    return tokens;
  }

  int feature(int index) {
    return selected.get(index);
  }

  FeatureFirings firings(int index) {
    return firings.get(index);
  }

  /** Pearson's correlation of a selected feature with each; NaN with one that is constant. */
  double[] correlations(int index) {
    int own = selected.get(index);
    double[] correlations = new double[width];
    for (int j = 0; j < width; j++) {
      double covariance = products[index][j] - sums[own] * sums[j] / tokens;
      double scale = Math.sqrt(variance(own)) * Math.sqrt(variance(j));
      correlations[j] = scale > 0 ? covariance / scale : Double.NaN;
    }
    return correlations;
  }

  private double variance(int j) {
    return Math.max(squares[j] - sums[j] * sums[j] / tokens, 0);
  }
}

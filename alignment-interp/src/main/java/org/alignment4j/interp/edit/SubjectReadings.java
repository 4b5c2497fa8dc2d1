package org.alignment4j.interp.edit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.hook.Values;
import org.alignment4j.interp.fact.FactPrompt;

/** Reads activations at subjects' last tokens. */
final class SubjectReadings {

  private SubjectReadings() {}

  /**
   * The vectors at some points in each of a request's prompts.
   *
   * @return {@code [point][prompt][width]}
   */
  static List<double[][]> read(
      HookedModel model,
      EditRequest request,
      List<HookPoint<?>> points,
      CancellationToken cancellation) {
    List<FactPrompt> prompts = request.rewrites();
    var cache =
        model
            .forward(prompts.stream().map(prompt -> prompt.prompt().tokens()).toList())
            .cache(points.toArray(HookPoint<?>[]::new))
            .execute(cancellation)
            .cache();
    List<double[][]> readings = new ArrayList<>();
    for (HookPoint<?> point : points) {
      Values values = cache.values(point);
      float[] data = values.toArray();
      int length = values.shape()[1];
      int width = values.shape()[2];
      double[][] rows = new double[prompts.size()][width];
      for (int row = 0; row < rows.length; row++) {
        int start = (row * length + prompts.get(row).prompt().subjectLast()) * width;
        for (int i = 0; i < width; i++) {
          rows[row][i] = data[start + i];
        }
      }
      readings.add(rows);
    }
    return readings;
  }

  static double[] mean(double[][] rows) {
    double[] mean = new double[rows[0].length];
    for (double[] row : rows) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += row[i] / rows.length;
      }
    }
    return mean;
  }

  /** The mean of the bare prompt's row, the first, and the mean of those in contexts. */
  static double[] meanByKind(double[][] rows) {
    if (rows.length == 1) {
      return rows[0].clone();
    }
    double[] contexts = mean(Arrays.copyOfRange(rows, 1, rows.length));
    Arrays.setAll(contexts, i -> (rows[0][i] + contexts[i]) / 2);
    return contexts;
  }

  static double[] sum(double[] a, double[] b) {
    double[] sum = a.clone();
    Arrays.setAll(sum, i -> a[i] + b[i]);
    return sum;
  }
}

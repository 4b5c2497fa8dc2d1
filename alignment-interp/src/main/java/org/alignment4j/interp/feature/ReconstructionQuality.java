package org.alignment4j.interp.feature;

import com.google.common.primitives.ImmutableDoubleArray;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apiguardian.api.API;

/**
 * How well features stand for activations, over the rows of {@link ReconstructionMetrics}.
 *
 * @param rows number of rows
 * @param l0 mean number of features above zero, {@code E Σ 1[f > 0]}
 * @param meanSquaredError {@code E ‖x − x̂‖²}
 * @param fractionVarianceUnexplained {@code Σ ‖x − x̂‖² / Σ ‖x − mean(x)‖²}; NaN where the rows are
 *     all equal
 * @param relativeBias {@code E ‖x̂‖² / E x·x̂}: 1 unless the reconstruction is shrunk or stretched
 *     (Rajamanoharan et al. 2024, equation 10 gives its inverse as a scale); NaN where {@code x̂}
 *     is 0
 * @param density share of rows at which each feature is above zero
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ReconstructionQuality(
    long rows,
    double l0,
    double meanSquaredError,
    double fractionVarianceUnexplained,
    double relativeBias,
    ImmutableDoubleArray density) {

  /** The numbers, the density of single features apart. */
  @Override
  public String toString() {
    return "ReconstructionQuality[rows=" + rows + ", " + values() + "]";
  }

  /**
   * Returns the explained variance, {@code 1 − FVU}: 0 for a reconstruction that is the mean of the
   * rows.
   *
   * @return at most 1
   */
  public double explainedVariance() {
    return 1 - fractionVarianceUnexplained;
  }

  /**
   * Returns the share of features that were zero at every row.
   *
   * @return in [0, 1]
   */
  public double deadShare() {
    return density.stream().filter(d -> d == 0).count() / (double) density.length();
  }

  /**
   * Returns the numbers, the density of single features apart.
   *
   * @return by name, in the order to show them
   */
  public Map<String, Double> values() {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("l0", l0);
    values.put("mse", meanSquaredError);
    values.put("fvu", fractionVarianceUnexplained);
    values.put("explained_variance", explainedVariance());
    values.put("relative_bias", relativeBias);
    values.put("dead_share", deadShare());
    return values;
  }
}

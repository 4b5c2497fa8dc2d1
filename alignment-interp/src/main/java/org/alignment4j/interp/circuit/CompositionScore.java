package org.alignment4j.interp.circuit;

import java.util.Random;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.interp.weights.Matrix;
import org.alignment4j.interp.weights.ThinSvd;
import org.apiguardian.api.API;

/**
 * How much of what one head writes another reads: {@code ‖OV₁·X‖/(‖OV₁‖·‖X‖)} in Frobenius norms
 * (Elhage et al. 2021, "Composition scores"), in row vectors. Stateless.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class CompositionScore {

  private CompositionScore() {}

  /**
   * The score of a head's output and what a later head does with it.
   *
   * @param ov {@code OV₁} of the earlier head, {@code [d, d]}
   * @param reader {@code X} of the later head, {@code [d, d]}, see {@link CompositionKind}
   * @return from 0 to 1, whatever the scale of both; 0 where one of them is zero
   * @throws IllegalArgumentException if the sizes do not fit or an element is not finite
   */
  public static double of(FactoredMatrix ov, FactoredMatrix reader) {
    if (ov.columns() != reader.rows()) {
      throw new IllegalArgumentException(
          "reader must have as many rows as ov has columns but they were " + reader + " and " + ov);
    }
    double norms = ov.norm() * reader.norm();
    if (norms == 0) {
      return 0;
    }
    // With OV₁ = U·S·Vᵀ and X = U'·S'·V'ᵀ the norm of the product is that of S·Vᵀ·U'·S'.
    ThinSvd first = ov.svd();
    ThinSvd second = reader.svd();
    double[] s = first.values();
    double[] t = second.values();
    Matrix overlap = first.right().transposed().times(second.left());
    Matrix core = Matrix.generate(s.length, t.length, (i, j) -> s[i] * overlap.get(i, j) * t[j]);
    return Math.min(1, core.norm() / norms);
  }

  /**
   * What matrices without any relation score: the mean over pairs of products of normal random
   * matrices. It is near {@code 1/√d}, and models of different widths are compared by what their
   * scores exceed it.
   *
   * @param width width of the stream, {@code d}
   * @param headWidth width of a head, {@code e}
   * @param pairs how many pairs are drawn
   * @param seed of the draws
   * @throws IllegalArgumentException if a size is not positive or there are fewer than two pairs
   */
  public static Estimate ofRandomMatrices(int width, int headWidth, int pairs, long seed) {
    if (pairs < 2) {
      throw new IllegalArgumentException("pairs must be at least 2 but was " + pairs);
    }
    double[] scores = new double[pairs];
    Random random = new Random(seed);
    for (int i = 0; i < pairs; i++) {
      FactoredMatrix ov = random(width, headWidth, random);
      scores[i] = of(ov, random(width, headWidth, random));
    }
    return Estimates.mean(scores);
  }

  private static FactoredMatrix random(int width, int headWidth, Random random) {
    return new FactoredMatrix(
        Matrix.generate(width, headWidth, (i, j) -> random.nextGaussian()),
        Matrix.generate(headWidth, width, (i, j) -> random.nextGaussian()));
  }
}

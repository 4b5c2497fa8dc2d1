package org.alignment4j.interp.circuit;

import java.util.List;
import org.apiguardian.api.API;

/**
 * How far a head raises the logit of the token it attends to: {@code Σλ/Σ|λ|} over the eigenvalues
 * {@code λ} of {@code W_E·OV·W_U} (Elhage et al. 2021, "Detecting copying behavior"). Stateless.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class CopyingScore {

  private CopyingScore() {}

  /**
   * The score of a circuit from tokens to tokens.
   *
   * @param fullOv {@code W_E·OV·W_U}, {@code [V, V]}
   * @return from −1 to 1, where all eigenvalues are positive; 0 where all are zero
   * @throws IllegalStateException if it is not square
   * @throws IllegalArgumentException if an element is not finite
   */
  public static double of(FactoredMatrix fullOv) {
    List<Eigenvalue> eigenvalues = fullOv.eigenvalues();
    double sum = 0;
    double magnitudes = 0;
    for (Eigenvalue eigenvalue : eigenvalues) {
      // Imaginary parts come in pairs that sum to zero.
      sum += eigenvalue.real();
      magnitudes += eigenvalue.magnitude();
    }
    return magnitudes == 0 ? 0 : sum / magnitudes;
  }
}

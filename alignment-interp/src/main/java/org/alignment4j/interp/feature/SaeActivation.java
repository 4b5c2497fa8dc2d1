package org.alignment4j.interp.feature;

import org.apiguardian.api.API;

/**
 * How a sparse autoencoder makes features of its encoder's pre-activations {@code pre = x̃·W_enc +
 * b_enc}. Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface SaeActivation {

  /** {@code f = relu(pre)} (Bricken et al. 2023). */
  record Relu() implements SaeActivation {}

  /**
   * {@code f = 1[x̃·W_enc + b_gate > 0] · relu(x̃·W_enc·exp(r_mag) + b_mag)} (Rajamanoharan et al.
   * 2024, "Improving Dictionary Learning with Gated Sparse Autoencoders", equations 6 to 9).
   */
  record Gated() implements SaeActivation {}

  /**
   * Keeps the {@code k} largest of {@code relu(pre)} of each row and sets the others to zero; of
   * equal ones the lowest index stays (Gao et al. 2024, "Scaling and evaluating sparse
   * autoencoders").
   *
   * @param k how many features stay at most, at least 1; all positive ones where it exceeds the
   *     width
   * @param rescaledByDecoderNorm whether the pre-activations are multiplied by the norms of their
   *     decoder rows before they are compared, as if these rows had norm 1
   */
  record TopK(int k, boolean rescaledByDecoderNorm) implements SaeActivation {
    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException when k is below 1
     */
    public TopK {
      if (k < 1) {
        throw new IllegalArgumentException("k must be at least 1 but was " + k);
      }
    }
  }

  /**
   * {@code f = relu(pre) · 1[pre > threshold]} (Rajamanoharan et al. 2024b, "Jumping Ahead",
   * equation 2).
   */
  record JumpRelu() implements SaeActivation {}
}

package org.alignment4j.interp.feature.train;

import java.util.List;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * Which sparse autoencoder is trained, and its loss. {@code x} is the normalised input, {@code pre
 * = (x − b_dec)·W_enc + b_enc}, {@code x̂ = f·W_dec + b_dec}; each loss has the reconstruction
 * {@code mean_N ‖x − x̂‖²}. Immutable; the text of a variant is the same in every process.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface SaeVariant {

  /**
   * {@code f = relu(pre)}, penalty {@code l1 · mean_N ‖f ⊙ ‖W_dec‖‖_p} (Bricken et al. 2023; norms
   * of the decoder within the penalty after Conerly et al. 2024).
   *
   * @param l1 weight of the penalty, not negative
   * @param p which norm, at least 1
   * @param warmUp steps over which the weight rises linearly from 0
   */
  record Standard(double l1, double p, long warmUp) implements SaeVariant {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException when one is out of range
     */
    public Standard {
      Checks.notNegative("l1", l1);
      Checks.notNegative("warmUp", warmUp);
      if (!(p >= 1) || Double.isInfinite(p)) {
        throw new IllegalArgumentException("p must be at least 1 and finite but was " + p);
      }
    }

    /**
     * Returns the L1 penalty without a warm-up.
     *
     * @param l1 weight of the penalty
     * @return the variant
     */
    public static Standard of(double l1) {
      return new Standard(l1, 1, 0);
    }
  }

  /**
   * {@code π = x̃·W_enc + b_gate}, {@code f = 1[π > 0]·relu(x̃·W_enc·e^{r_mag} + b_mag)}, penalty
   * {@code l1 · mean_N Σ relu(π)‖W_dec‖}, and the auxiliary {@code mean_N ‖x − (relu(π)·W_dec +
   * b_dec)‖²} in whose decoder {@code W_dec} and {@code b_dec} are constants (Rajamanoharan et al.
   * 2024, equation 11). The decoder's rows are to be of norm 1, as in the paper: the penalty would
   * shrink free ones without end, since the auxiliary loss does not hold them.
   *
   * @param l1 weight of the penalty, not negative
   * @param warmUp steps over which the weight rises linearly from 0
   */
  record Gated(double l1, long warmUp) implements SaeVariant {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException when one is out of range
     */
    public Gated {
      Checks.notNegative("l1", l1);
      Checks.notNegative("warmUp", warmUp);
    }
  }

  /**
   * The {@code k} largest of {@code relu(pre)} of each row stay; of equal ones the lowest index.
   * Dead features reconstruct what is left: {@code auxiliary · min(dead/k_aux, 1) · mean_N ‖(x −
   * x̂) − z·W_dec‖²} with the {@code min(k_aux, dead)} largest dead {@code pre} of each row,
   * negative ones too, as {@code z}, {@code k_aux = d/2} and {@code x − x̂} a constant (Gao et al.
   * 2024, appendix A.2; the decoder's bias is left out there, which SAELens adds).
   *
   * @param k features of a row, at least 1
   * @param auxiliary weight of the auxiliary loss, not negative
   * @param rescaledByDecoderNorm whether {@code pre} is compared as if decoder rows had norm 1
   */
  record TopK(int k, double auxiliary, boolean rescaledByDecoderNorm) implements SaeVariant {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException when one is out of range
     */
    public TopK {
      Checks.positive("k", k);
      Checks.notNegative("auxiliary", auxiliary);
    }

    /**
     * Returns the variant with an auxiliary weight of 1, rescaled by the decoder's norms.
     *
     * @param k features of a row
     * @return the variant
     */
    public static TopK of(int k) {
      return new TopK(k, 1, true);
    }
  }

  /**
   * As {@link TopK}, but the {@code k·N} largest of the whole batch stay (Bussmann et al. 2024,
   * "BatchTopK Sparse Autoencoders"). A running mean of the smallest that stays becomes the
   * threshold of the JumpReLU that it is exported as.
   *
   * @param k mean number of features of a row, positive
   * @param auxiliary weight of the auxiliary loss, not negative
   * @param rescaledByDecoderNorm whether {@code pre} is compared as if decoder rows had norm 1
   * @param thresholdRate weight of a batch in the running mean, in (0, 1]
   */
  record BatchTopK(double k, double auxiliary, boolean rescaledByDecoderNorm, double thresholdRate)
      implements SaeVariant {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException when one is out of range
     */
    public BatchTopK {
      Checks.positive("k", k);
      Checks.notNegative("auxiliary", auxiliary);
      if (!(thresholdRate > 0 && thresholdRate <= 1)) {
        throw new IllegalArgumentException(
            "thresholdRate must be in (0, 1] but was " + thresholdRate);
      }
    }

    /**
     * Returns the variant with an auxiliary weight of 1, rescaled by the decoder's norms, and a
     * rate of 0.01.
     *
     * @param k mean number of features of a row
     * @return the variant
     */
    public static BatchTopK of(double k) {
      return new BatchTopK(k, 1, true, 0.01);
    }
  }

  /**
   * {@link BatchTopK} whose reconstruction loss is the sum over nested prefixes of the features:
   * {@code Σ_w mean_N ‖x − (f[:w]·W_dec[:w] + b_dec)‖²} (Bussmann et al. 2025, "Learning
   * Multi-Level Features with Matryoshka Sparse Autoencoders").
   *
   * @param selection how features are chosen
   * @param widths sizes of the prefixes, strictly ascending; the last is the number of features
   */
  record Matryoshka(BatchTopK selection, List<Integer> widths) implements SaeVariant {
    /**
     * Checks and copies.
     *
     * @throws IllegalArgumentException when there is no width or they do not ascend from 1 on
     */
    public Matryoshka {
      Objects.requireNonNull(selection, "selection");
      widths = List.copyOf(widths);
      if (widths.isEmpty()) {
        throw new IllegalArgumentException("widths must not be empty");
      }
      int before = 0;
      for (int width : widths) {
        if (width <= before) {
          throw new IllegalArgumentException(
              "widths must be positive and strictly ascending but were " + widths);
        }
        before = width;
      }
    }
  }

  /**
   * {@code f = pre·1[pre > θ]} with {@code θ = e^{log θ}} trained through straight-through
   * estimates: {@code ∂f/∂θ = −(θ/ε)·rect((pre − θ)/ε)}, {@code rect(u) = 1[|u| < ½]}
   * (Rajamanoharan et al. 2024b, equation 11).
   *
   * @param initialThreshold θ at the start, positive
   * @param bandwidth ε, positive
   * @param sparsity the penalty
   * @param l0 weight of the penalty, not negative
   * @param warmUp steps over which the weight rises linearly from 0
   * @param preActivation weight of {@code mean_N Σ relu(θ − pre)·‖W_dec‖} over dead features, which
   *     brings them back; 0 for none
   */
  record JumpRelu(
      double initialThreshold,
      double bandwidth,
      Sparsity sparsity,
      double l0,
      long warmUp,
      double preActivation)
      implements SaeVariant {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException when one is out of range
     */
    public JumpRelu {
      Objects.requireNonNull(sparsity, "sparsity");
      Checks.positive("initialThreshold", initialThreshold);
      Checks.positive("bandwidth", bandwidth);
      Checks.notNegative("l0", l0);
      Checks.notNegative("warmUp", warmUp);
      Checks.notNegative("preActivation", preActivation);
    }

    /**
     * Returns the variant with the step penalty, θ of 0.01 at the start and ε of 0.05.
     *
     * @param l0 weight of the penalty
     * @return the variant
     */
    public static JumpRelu of(double l0) {
      return new JumpRelu(0.01, 0.05, new Step(), l0, 0, 0);
    }
  }

  /** The penalty of {@link JumpRelu}. */
  sealed interface Sparsity {}

  /**
   * {@code mean_N Σ 1[pre > θ]}, whose gradient is estimated as {@code ∂/∂θ = −(1/ε)·rect((pre −
   * θ)/ε)} (Rajamanoharan et al. 2024b, equation 12).
   */
  record Step() implements Sparsity {}

  /**
   * {@code mean_N Σ tanh(scale · f · ‖W_dec‖)} (Conerly et al. 2025).
   *
   * @param scale positive; 4 is usual
   */
  record Tanh(double scale) implements Sparsity {
    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException when it is not positive
     */
    public Tanh {
      Checks.positive("scale", scale);
    }
  }
}

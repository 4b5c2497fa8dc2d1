package org.alignment4j.rlhf.loss;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apiguardian.api.API;

/**
 * Losses of the family of direct preference optimisation that use a reference, beyond those that
 * {@link PreferenceLoss} makes. In formulas, c and r are the log ratios {@code log π − log π_ref}
 * of the preferred and the other answer, and {@code d = c − r}.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class DpoVariants {

  private DpoVariants() {}

  /**
   * Returns length-normalised direct preference optimisation (Tülu 3; {@code sigmoid_norm}).
   *
   * @param beta β, positive
   * @return {@code −log σ(β·(c/|y_w| − r/|y_l|))}
   * @throws IllegalArgumentException when β is not positive and finite
   */
  public static NormalisedDpoLoss normalised(double beta) {
    return new NormalisedDpoLoss(beta);
  }

  /**
   * Returns efficient exact optimisation on pairs (Ji et al. 2024) with a label smoothing of 0.001.
   *
   * @param beta β, positive
   * @return a divergence from the policy's preference to the label
   * @throws IllegalArgumentException when β is not positive and finite
   */
  public static ExoLoss exo(double beta) {
    return new ExoLoss(beta, 1e-3);
  }

  /**
   * Returns noise contrastive alignment on pairs (Chen et al. 2024).
   *
   * @param beta β, positive
   * @return {@code −log σ(βc) − ½·log σ(−βc) − ½·log σ(−βr)}
   * @throws IllegalArgumentException when β is not positive and finite
   */
  public static NcaLoss nca(double beta) {
    return new NcaLoss(beta);
  }

  /**
   * Returns binary classifier optimisation on pairs (Jung et al. 2024).
   *
   * @param beta β, positive
   * @return {@code −log σ(βc) − log σ(−βr)}
   * @throws IllegalArgumentException when β is not positive and finite
   */
  public static BcoPairLoss bcoPair(double beta) {
    return new BcoPairLoss(beta);
  }

  /**
   * Returns self-play preference optimisation with hard labels (Wu et al. 2024).
   *
   * @param beta β, positive
   * @return {@code (c − 1/(2β))² + (r + 1/(2β))²}
   * @throws IllegalArgumentException when β is not positive and finite
   */
  public static SppoLoss sppoHard(double beta) {
    return new SppoLoss(beta);
  }

  /**
   * Returns alignment by optimal transport (Melnyk et al. 2024) of margins over an update.
   *
   * @param beta β, positive
   * @return the sigmoid loss on the policy's sorted margins less the reference's
   * @throws IllegalArgumentException when β is not positive and finite
   */
  public static AotLoss aot(double beta) {
    return new AotLoss(beta, 0, AotLoss.Quantiles.MARGINS);
  }

  /**
   * Returns alignment by optimal transport (Melnyk et al. 2024) of log ratios over an update, as
   * for unpaired answers.
   *
   * @param beta β, positive
   * @return the sigmoid loss on sorted c less sorted r
   * @throws IllegalArgumentException when β is not positive and finite
   */
  public static AotLoss aotUnpaired(double beta) {
    return new AotLoss(beta, 0, AotLoss.Quantiles.RATIOS);
  }

  /**
   * Returns anchored preference optimisation, zero (D'Oosterlinck et al. 2024): for preferred
   * answers better than the model's own.
   *
   * @param beta β, positive
   * @return {@code 1 − σ(βc) + σ(βr)}
   * @throws IllegalArgumentException when β is not positive and finite
   */
  public static ApoZeroLoss apoZero(double beta) {
    return new ApoZeroLoss(beta);
  }

  /**
   * Returns anchored preference optimisation, down (D'Oosterlinck et al. 2024): for preferred
   * answers worse than the model's own.
   *
   * @param beta β, positive
   * @return {@code σ(βc) + 1 − σ(βd)}
   * @throws IllegalArgumentException when β is not positive and finite
   */
  public static ApoDownLoss apoDown(double beta) {
    return new ApoDownLoss(beta);
  }

  /**
   * Returns discovered preference optimisation (Lu et al. 2024) with the paper's temperature of
   * 0.05.
   *
   * @param beta β, positive
   * @return the logistic loss of pairs in the wrong order, the exponential one of the others
   * @throws IllegalArgumentException when β is not positive and finite
   */
  public static DiscoPopLoss discoPop(double beta) {
    return new DiscoPopLoss(beta, 0.05);
  }

  /**
   * Returns direct preference optimisation under another divergence (Wang et al. 2023).
   *
   * @param beta β, positive
   * @param divergence which, such as {@code new Divergence.Alpha(0.5)}
   * @return {@code −log σ(β·(s(c) − s(r)))}
   * @throws IllegalArgumentException when β is not positive and finite
   */
  public static FDpoLoss fDivergence(double beta, Divergence divergence) {
    return new FDpoLoss(beta, divergence);
  }

  /**
   * Returns length-desensitised direct preference optimisation (Liu et al. 2024), which discounts
   * the log-probabilities of policy and reference.
   *
   * @param beta β, positive
   * @param alpha factor of the tokens beyond the shorter answer's length, in [0, 1]
   * @return the sigmoid loss on discounted log ratios
   * @throws IllegalArgumentException when a value is out of range
   */
  public static LdDpoLoss lengthDesensitised(double beta, double alpha) {
    return new LdDpoLoss(beta, alpha, LdDpoLoss.Models.POLICY_AND_REFERENCE);
  }

  /**
   * Returns weighted preference optimisation (Zhou et al. 2024) with unaligned weights.
   *
   * @param loss a loss of single pairs, with or without reference
   * @return the loss times the policy's mean probabilities of both answers
   * @throws IllegalArgumentException when it is not one of single pairs, or has such weights
   */
  public static WpoLoss weighted(PreferenceLoss loss) {
    return new WpoLoss(loss);
  }

  /**
   * Returns a sum of losses, whose rewards are those of the first.
   *
   * @param weights weight of each loss, positive
   * @param losses as many, at least one
   * @return {@code Σ w_k·L_k}
   * @throws IllegalArgumentException when there are not as many weights as losses, there are none,
   *     or a weight is not positive and finite
   */
  public static MixedLoss mix(double[] weights, PreferenceLoss... losses) {
    if (weights.length != losses.length) {
      throw new IllegalArgumentException(
          "weights must be as many as losses, %s, but were %s"
              .formatted(losses.length, Arrays.toString(weights)));
    }
    List<MixedLoss.Term> terms = new ArrayList<>();
    for (int i = 0; i < weights.length; i++) {
      terms.add(new MixedLoss.Term(losses[i], weights[i]));
    }
    return new MixedLoss(terms);
  }
}

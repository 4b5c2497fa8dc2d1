package org.alignment4j.rlhf;

import java.util.Objects;
import org.alignment4j.rlhf.policy.AlolKlLoss;
import org.alignment4j.rlhf.policy.AlolLoss;
import org.alignment4j.rlhf.policy.GoldLoss;
import org.alignment4j.rlhf.policy.PolicyLoss;
import org.apiguardian.api.API;

/**
 * A way to learn from rated answers that others wrote: what an answer weighs, and the loss of its
 * tokens. All of Baheti et al. 2023 (arXiv 2305.14718). Losses are summed over the tokens of an
 * answer and averaged over the answers of an update.
 *
 * @param weight what an answer weighs
 * @param loss the loss of a token, whose advantages are these weights
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record AlolMethod(Weight weight, PolicyLoss loss) {

  /** What an answer weighs. Answers without a positive weight are left out. */
  public enum Weight {
    /** Its reward less what the prompt is worth: {@code A = R − V_ref(x)}. */
    ADVANTAGE,
    /** Its reward. */
    REWARD
  }

  private static final double EPSILON = 0.9;
  private static final double FLOOR = 0.1;

  /** Checks that nothing is missing. */
  public AlolMethod {
    Objects.requireNonNull(weight, "weight");
    Objects.requireNonNull(loss, "loss");
  }

  /**
   * Returns A-LoL: {@code A·sg(clip(π/π_ref, 1−ε, 1+ε))·NLL} with the ratio of the whole answer and
   * ε 0.9.
   *
   * @return the method
   */
  public static AlolMethod alol() {
    return new AlolMethod(Weight.ADVANTAGE, new AlolLoss(AlolLoss.RatioLevel.SEQUENCE, EPSILON));
  }

  /**
   * Returns A-LoL seq.: the same with the ratio of each token.
   *
   * @return the method
   */
  public static AlolMethod alolSequence() {
    return new AlolMethod(Weight.ADVANTAGE, new AlolLoss(AlolLoss.RatioLevel.TOKEN, EPSILON));
  }

  /**
   * Returns A-LoL ref. free: {@code A·NLL}. It reads no reference but that of the values.
   *
   * @return the method
   */
  public static AlolMethod referenceFree() {
    return new AlolMethod(Weight.ADVANTAGE, PolicyLoss.reinforce());
  }

  /**
   * Returns A-LoL KL: {@code A·NLL + β·mean_t(log π − log π_ref)}.
   *
   * @param beta β, finite and not negative
   * @return the method
   * @throws IllegalArgumentException when it is out of range
   */
  public static AlolMethod kl(double beta) {
    return new AlolMethod(Weight.ADVANTAGE, new AlolKlLoss(beta));
  }

  /**
   * Returns R-LoL: A-LoL with rewards for advantages.
   *
   * @return the method
   */
  public static AlolMethod rlol() {
    return new AlolMethod(Weight.REWARD, new AlolLoss(AlolLoss.RatioLevel.SEQUENCE, EPSILON));
  }

  /**
   * Returns GOLD with rewards: {@code R·Σ_t sg(max(π_t, 0.1))·(−log π_t)}.
   *
   * @return the method
   */
  public static AlolMethod gold() {
    return new AlolMethod(Weight.REWARD, new GoldLoss(FLOOR));
  }

  /**
   * Returns weighted behaviour cloning: {@code R·NLL}.
   *
   * @return the method
   */
  public static AlolMethod weightedCloning() {
    return new AlolMethod(Weight.REWARD, PolicyLoss.reinforce());
  }
}

package org.alignment4j.interp.feature;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apiguardian.api.API;

/**
 * What a model loses when activations are replaced by what an autoencoder makes of them, beside
 * what it loses when they are zero. Nats per predicted token.
 *
 * @param positions predicted tokens that were counted
 * @param crossEntropy of the model as it is
 * @param crossEntropyReplaced with activations replaced by reconstructions
 * @param crossEntropyAblated with activations set to zero
 * @param divergenceReplaced mean {@code KL(model ‖ replaced)}
 * @param divergenceAblated mean {@code KL(model ‖ ablated)}
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record LossRecovered(
    long positions,
    double crossEntropy,
    double crossEntropyReplaced,
    double crossEntropyAblated,
    double divergenceReplaced,
    double divergenceAblated) {

  /**
   * Returns the share of the loss of ablation that is recovered, {@code (CE_abl − CE_sae) / (CE_abl
   * − CE)}.
   *
   * @return 1 for a perfect reconstruction, 0 for one as bad as zero
   */
  public double crossEntropyScore() {
    return (crossEntropyAblated - crossEntropyReplaced) / (crossEntropyAblated - crossEntropy);
  }

  /**
   * Returns the share of the divergence of ablation that is recovered, {@code (KL_abl − KL_sae) /
   * KL_abl}.
   *
   * @return 1 for a perfect reconstruction, 0 for one as bad as zero
   */
  public double divergenceScore() {
    return (divergenceAblated - divergenceReplaced) / divergenceAblated;
  }

  /**
   * Returns the numbers.
   *
   * @return by name, in the order to show them
   */
  public Map<String, Double> values() {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("ce", crossEntropy);
    values.put("ce_sae", crossEntropyReplaced);
    values.put("ce_ablated", crossEntropyAblated);
    values.put("ce_score", crossEntropyScore());
    values.put("kl_sae", divergenceReplaced);
    values.put("kl_ablated", divergenceAblated);
    values.put("kl_score", divergenceScore());
    return values;
  }
}

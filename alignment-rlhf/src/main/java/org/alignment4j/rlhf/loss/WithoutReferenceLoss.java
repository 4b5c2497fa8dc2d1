package org.alignment4j.rlhf.loss;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.alignment4j.rlhf.data.PairInput;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * A preference loss whose reference finds all answers equally likely ("reference-free"): log ratios
 * are the policy's log-probabilities, of which implicit rewards are made too. Of {@link DpoLoss} it
 * is contrastive preference optimisation without its term of supervised fine-tuning.
 *
 * @param preference a loss that would use a reference
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record WithoutReferenceLoss(PreferenceLoss preference) implements PreferenceLoss {

  /**
   * Checks the loss.
   *
   * @throws IllegalArgumentException when it does not use a reference
   */
  public WithoutReferenceLoss {
    if (!preference.usesReference()) {
      throw new IllegalArgumentException(
          "preference must be a loss that uses a reference but was " + preference);
    }
  }

  @Override
  public double beta() {
    return preference.beta();
  }

  @Override
  public Set<PairInput> inputs() {
    Set<PairInput> inputs = EnumSet.copyOf(preference.inputs());
    inputs.remove(PairInput.REFERENCE);
    return Set.copyOf(inputs);
  }

  @Override
  public Value reward(Ops ops, PairLogProbs pairs) {
    return preference.reward(ops, pairs.withoutReference(ops));
  }

  @Override
  public Map<String, Value> metrics(Ops ops, PairLogProbs pairs) {
    return preference.metrics(ops, pairs.withoutReference(ops));
  }

  @Override
  public Value losses(Ops ops, PairLogProbs pairs) {
    return preference.losses(ops, pairs.withoutReference(ops));
  }
}

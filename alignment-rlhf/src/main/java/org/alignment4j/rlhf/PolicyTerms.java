package org.alignment4j.rlhf;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What updates of a policy minimise besides the loss of its method.
 *
 * @param entropy what is done with the policy's entropy
 * @param pretraining texts learned beside; null for none
 */
record PolicyTerms(EntropyUse entropy, @Nullable PretrainingMix pretraining) {

  static final PolicyTerms NONE = new PolicyTerms(EntropyUse.none(), null);

  PolicyTerms with(EntropyUse other) {
    return new PolicyTerms(other, pretraining);
  }

  PolicyTerms with(PretrainingMix other) {
    return new PolicyTerms(entropy, other);
  }

  /** By name, for the description of a run; nothing where there is none. */
  Map<String, String> describe() {
    Map<String, String> values = new TreeMap<>(entropy.describe());
    if (pretraining != null) {
      values.putAll(pretraining.describe());
    }
    return values;
  }
}

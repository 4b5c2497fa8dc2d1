package org.alignment4j.examples.privacy;

import java.util.List;
import java.util.Map;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.eval.privacy.MembershipReport;
import org.alignment4j.eval.privacy.SampledExtraction;

/**
 * What a run found.
 *
 * @param membership membership inference, by copies
 * @param fitted mean exposure of the whole code by copies, extrapolated from samples
 * @param ranked mean exposure of the last two digits by copies, exact
 * @param greedy share of codes that a prefix brings out greedily, by copies
 * @param beam the same by beam search
 * @param sampled what was found without looking for it
 */
public record PrivacyResult(
    MembershipReport membership,
    Map<String, Estimate> fitted,
    Map<String, Estimate> ranked,
    Map<String, Estimate> greedy,
    Map<String, Estimate> beam,
    SampledExtraction.Result sampled) {

  /** Copies that secrets were planted with, in ascending order. */
  public List<String> copies() {
    return List.copyOf(greedy.keySet());
  }
}

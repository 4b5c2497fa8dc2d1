package org.alignment4j.examples.align;

import java.util.List;
import java.util.Map;
import org.alignment4j.rlhf.reward.RewardEvaluation;
import org.alignment4j.runtime.train.Metrics;

/**
 * What the main job found.
 *
 * @param profiles of the base, the fine-tuned model and each aligned one, in this order
 * @param rewardModels how the reward models do on held-out pairs, by name
 * @param curves metrics of every update, by training
 * @param provenance what the figures come from
 */
record PocketResult(
    List<Profile> profiles,
    Map<String, RewardEvaluation> rewardModels,
    Map<String, List<Metrics>> curves,
    Map<String, String> provenance) {

  Profile base() {
    return profiles.get(0);
  }

  Profile sft() {
    return profiles.get(1);
  }

  /** The profiles of the aligned models, from all helpfulness to all harmlessness. */
  List<Profile> aligned() {
    return profiles.subList(2, profiles.size());
  }

  /** The aligned model trained on as many pairs of either kind. */
  Profile balanced() {
    return aligned().get(aligned().size() / 2);
  }
}

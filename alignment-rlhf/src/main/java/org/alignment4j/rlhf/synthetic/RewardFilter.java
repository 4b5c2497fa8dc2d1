package org.alignment4j.rlhf.synthetic;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.RewardModel;
import org.apiguardian.api.API;

/**
 * Drops pairs that a reward model does not agree with. Each answer is scored once.
 *
 * @param model scores answers
 * @param margin by how much more than this the better answer must score
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RewardFilter(RewardModel model, double margin) implements PairFilter {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when the margin is negative or not finite
   */
  public RewardFilter {
    Objects.requireNonNull(model, "model");
    if (!(margin >= 0) || Double.isInfinite(margin)) {
      throw new IllegalArgumentException(
          "margin must be finite and not negative but was " + margin);
    }
  }

  @Override
  public String reason() {
    return "reward model disagrees";
  }

  @Override
  public List<Boolean> keeps(List<SyntheticPair> pairs, CancellationToken cancellation) {
    Map<SyntheticResponse, Integer> places = new LinkedHashMap<>();
    for (SyntheticPair pair : pairs) {
      places.putIfAbsent(pair.better(), places.size());
      places.putIfAbsent(pair.worse(), places.size());
    }
    List<PromptCompletion> answers =
        places.keySet().stream().map(r -> new PromptCompletion(r.prompt(), r.text())).toList();
    List<Reward> rewards = model.score(answers, cancellation);
    if (rewards.size() != answers.size()) {
      throw new ModelExecutionException(
          "reward model %s must score each of %s answers but gave %s rewards"
              .formatted(model.id(), answers.size(), rewards.size()));
    }
    List<Boolean> kept = new ArrayList<>();
    for (SyntheticPair pair : pairs) {
      double better = rewards.get(Objects.requireNonNull(places.get(pair.better()))).value();
      double worse = rewards.get(Objects.requireNonNull(places.get(pair.worse()))).value();
      kept.add(better > worse + margin);
    }
    return kept;
  }
}

package org.alignment4j.rlhf.selection;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apiguardian.api.API;

/** The best answer to each prompt that has one; of equal rewards the first. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record BestPerPrompt() implements Selection {

  @Override
  public List<Integer> select(List<Candidate> candidates) {
    Map<Integer, Integer> best = new LinkedHashMap<>();
    for (int i = 0; i < candidates.size(); i++) {
      double reward = candidates.get(i).reward();
      best.merge(
          candidates.get(i).prompt(),
          i,
          (old, now) -> reward > candidates.get(old).reward() ? now : old);
    }
    return best.values().stream().sorted().toList();
  }
}

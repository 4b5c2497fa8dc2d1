package org.alignment4j.rlhf;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.rlhf.advantage.Advantages;
import org.alignment4j.rlhf.advantage.RewardComponent;
import org.alignment4j.rlhf.advantage.SequenceRewards;
import org.alignment4j.runtime.train.RunFolder;
import org.alignment4j.runtime.train.StepLog;
import org.jspecify.annotations.Nullable;

/**
 * The completions of steps with what they were worth, in {@value #FILE} of a run's folder. A run
 * that goes on drops the lines of steps that it makes again. Owned by one run.
 */
final class RolloutLog {

  static final String FILE = "rollouts.jsonl";
  static final String FORMAT = "alignment4j-rollouts";
  static final int VERSION = 1;

  private final StepLog log;
  private final int every;

  private RolloutLog(StepLog log, int every) {
    this.log = log;
    this.every = every;
  }

  /**
   * Opens the log of a run.
   *
   * @param every steps between two that are logged; 0 for no log
   * @return the log, closed with the folder; null for none
   */
  static @Nullable RolloutLog open(RunFolder folder, int every) {
    return every == 0 ? null : new RolloutLog(folder.log(FILE, FORMAT, VERSION), every);
  }

  /**
   * Writes the completions of a step before they are learned from, where it is one that is logged.
   *
   * @param steps of the whole run
   */
  void write(long step, long steps, ScoredStep scored, Advantages advantages) {
    if (step != 1 && step != steps && step % every != 0) {
      return;
    }
    double[] totals = scored.rewards().totals();
    List<Rollout> rollouts = scored.sampled().rollouts();
    for (int i = 0; i < rollouts.size(); i++) {
      Rollout rollout = rollouts.get(i);
      Map<String, @Nullable Object> line = new LinkedHashMap<>();
      line.put("prompt_index", rollout.prompt());
      line.put("sample", rollout.sample());
      line.put("prompt", LoggedPrompt.of(rollout.question()));
      line.put("completion", rollout.text());
      line.put("tokens", rollout.tokens().size());
      line.put("truncated", rollout.truncated());
      line.put("reward", scored.rewards().present(i) ? (Double) totals[i] : null);
      line.put("rewards", parts(scored.rewards(), i));
      SequenceRewards costs = scored.costs();
      if (costs != null) {
        line.put("cost", costs.totals()[i]);
      }
      line.put("advantage", mean(advantages, i));
      log.append(step, line);
    }
  }

  private static Map<String, @Nullable Double> parts(SequenceRewards rewards, int sequence) {
    Map<String, @Nullable Double> parts = new LinkedHashMap<>();
    for (RewardComponent component : rewards.components()) {
      parts.put(component.name(), component.values().get(sequence));
    }
    return parts;
  }

  /** The mean over the tokens that are learned from; null where none is. */
  private static @Nullable Double mean(Advantages advantages, int sequence) {
    List<Double> values = new ArrayList<>();
    for (int t = 0; t < advantages.mask().length(sequence); t++) {
      if (advantages.mask().scored(sequence, t)) {
        values.add(advantages.advantages().get(sequence, t));
      }
    }
    return values.isEmpty()
        ? null
        : (Double) values.stream().mapToDouble(d -> d).average().orElseThrow();
  }
}

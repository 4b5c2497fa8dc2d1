package org.alignment4j.rlhf;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.alignment4j.rlhf.selection.Candidate;
import org.alignment4j.rlhf.selection.Selection;
import org.jspecify.annotations.Nullable;

/**
 * The answers of an iteration and what is known of them.
 *
 * @param rollouts the answers
 * @param rewards of each answer; null where none applies
 * @param logRatios log π − log π₀ of each answer; empty where nothing reads them
 * @param metrics what rewards were like
 */
record RaftAnswers(
    List<Rollout> rollouts,
    List<@Nullable Double> rewards,
    List<Double> logRatios,
    Map<String, Double> metrics) {

  RaftAnswers {
    rollouts = List.copyOf(rollouts);
    rewards = Collections.unmodifiableList(new ArrayList<>(rewards));
    logRatios = List.copyOf(logRatios);
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
  }

  /** The answers to learn, by their places. */
  List<Integer> select(Selection selection, TruncatedAnswers truncated) {
    List<Integer> places = new ArrayList<>();
    List<Candidate> candidates = new ArrayList<>();
    for (int i = 0; i < rollouts.size(); i++) {
      Double reward = rewards.get(i);
      Rollout rollout = rollouts.get(i);
      if (reward != null && (truncated == TruncatedAnswers.KEEP || !rollout.truncated())) {
        places.add(i);
        double ratio = logRatios.isEmpty() ? 0 : logRatios.get(i);
        candidates.add(new Candidate(rollout.prompt(), reward, ratio));
      }
    }
    return selection.select(candidates).stream().map(places::get).toList();
  }

  /** Why no answer can be learned, and what helps. */
  String whyNone(int limit) {
    long unrewarded = rewards.stream().filter(Objects::isNull).count();
    long truncated = rollouts.stream().filter(Rollout::truncated).count();
    String remedy =
        unrewarded == rollouts.size()
            ? "give a reward that has an opinion of them"
            : truncated > 0
                ? "raise the limit, or keep truncated answers"
                : "take another selection";
    return ("none of %s was selected, of which %s have no reward and %s were cut by the limit of %s"
            + " tokens; %s")
        .formatted(rollouts.size(), unrewarded, truncated, limit, remedy);
  }

  /** What is reported of sampling and of what was selected. */
  Map<String, Double> report(List<Integer> selected) {
    Map<String, Double> report = new LinkedHashMap<>(metrics);
    Set<Integer> prompts = new HashSet<>();
    Set<Integer> covered = new HashSet<>();
    rollouts.forEach(r -> prompts.add(r.prompt()));
    selected.forEach(i -> covered.add(rollouts.get(i).prompt()));
    report.put(
        "completions/mean_length",
        rollouts.stream().mapToInt(r -> r.tokens().size()).average().orElse(0));
    report.put(
        "completions/clipped_ratio",
        rollouts.stream().mapToInt(r -> r.truncated() ? 1 : 0).average().orElse(0));
    if (!logRatios.isEmpty()) {
      report.put("kl", logRatios.stream().mapToDouble(d -> d).average().orElse(0));
    }
    report.put("selected/share", (double) selected.size() / rollouts.size());
    report.put("selected/coverage", (double) covered.size() / prompts.size());
    report.put(
        "selected/reward",
        selected.stream()
            .map(rewards::get)
            .mapToDouble(r -> r == null ? 0 : r)
            .average()
            .orElse(0));
    report.put(
        "selected/mean_length",
        selected.stream().mapToInt(i -> rollouts.get(i).tokens().size()).average().orElse(0));
    return report;
  }
}

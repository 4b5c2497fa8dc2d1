package org.alignment4j.rlhf;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.alignment4j.rlhf.advantage.EntropyController;
import org.alignment4j.rlhf.advantage.TokenValues;
import org.alignment4j.runtime.train.TrainingStep;
import org.jspecify.annotations.Nullable;

/**
 * Makes the updates of a step: several passes over its completions, in mini-batches, of the policy
 * and of every critic. Owned by one training.
 *
 * @param actor the policy
 * @param critics one for each of what the advantages give targets for
 * @param method how often and how far
 * @param schedule steps of the whole training
 */
record PolicyLearner(
    PolicyActor actor, List<PolicyCritic> critics, PolicyMethod method, PolicySchedule schedule) {

  /** The policy's part of a step, which may end before that of the critics. */
  private static final class PolicyPart {
    private final MeanMetrics means = new MeanMetrics();
    private int asked;
    private int skipped;
    private boolean stopped;
    private @Nullable EntropyController entropy;
  }

  /**
   * What was learned.
   *
   * @param metrics means over the updates that were made
   * @param old log-probabilities of all completions under the policy as it was before
   * @param entropy the weight of a bonus for entropy after the updates; null without one
   */
  record Learned(
      Map<String, Double> metrics, TokenValues old, @Nullable EntropyController entropy) {}

  /**
   * Learns.
   *
   * @param number of the step, from 1
   * @param entropy the weight of a bonus for entropy; null without one
   */
  Learned learn(
      long number,
      SampledStep sampled,
      PolicyAdvantages learned,
      @Nullable EntropyController entropy) {
    PolicyUpdates updates = method.updates();
    SplittableRandom random = new SplittableRandom(schedule.seed() ^ number);
    long total = schedule.steps() * updates.perStep();
    PolicyPart policy = new PolicyPart();
    policy.entropy = entropy;
    OldLogProbs old = OldLogProbs.of(actor, sampled, learned);
    List<MeanMetrics> values = new ArrayList<>();
    critics.forEach(c -> values.add(new MeanMetrics()));
    for (int epoch = 0; epoch < updates.epochs(); epoch++) {
      List<int[]> parts =
          PolicyBatches.parts(
              sampled.groups(), learned.advantages().mask(), updates.miniBatches(), random);
      for (int p = 0; p < parts.size(); p++) {
        long at = (number - 1) * updates.perStep() + (long) epoch * updates.miniBatches() + p;
        update(policy, old, sampled, learned, parts.get(p), at, total);
        for (int c = 0; c < critics.size(); c++) {
          Map<String, Double> told =
              critics.get(c).update(sampled, learned.targets().get(c), parts.get(p), at, total);
          if (!told.isEmpty()) {
            values.get(c).add(told);
          }
        }
      }
    }
    Map<String, Double> metrics = new LinkedHashMap<>(policy.means.values());
    if (policy.asked > 0) {
      metrics.put("skipped_updates", (double) policy.skipped / policy.asked);
    }
    values.forEach(v -> metrics.putAll(v.values()));
    return new Learned(metrics, old.values(), policy.entropy);
  }

  private void update(
      PolicyPart policy,
      OldLogProbs old,
      SampledStep sampled,
      PolicyAdvantages learned,
      int[] part,
      long at,
      long total) {
    PolicyBatches.Update laidOut =
        PolicyBatches.update(sampled, learned, method.weights(), actor.costs(), part);
    if (laidOut.batches().isEmpty()) {
      return;
    }
    policy.asked++;
    if (policy.stopped) {
      policy.skipped++;
      return;
    }
    PolicyUpdates bounds = method.updates();
    UpdateTerms.Whole whole = actor.terms().of(laidOut, learned, policy.entropy, at);
    Network.Update update =
        actor.update(
            whole.batches(),
            at,
            total,
            measured -> {
              TrainingStep.Outcome outcome = whole.told(measured);
              policy.stopped = told(outcome, "approx_kl") > bounds.maxApproxKl();
              return !policy.stopped && !(told(outcome, "ratio") > bounds.maxRatio());
            },
            whole.heard(old.of(laidOut)));
    if (!update.made()) {
      policy.skipped++;
      return;
    }
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("loss", update.outcome().loss());
    values.put("grad_norm", update.gradientNorm());
    values.put("learning_rate", actor.schedule().at(at, total));
    values.putAll(whole.told(update.outcome()).metrics());
    values.remove(PolicyObjective.LOG_PROBS);
    EntropyController bonus = policy.entropy;
    if (bonus != null) {
      values.put("entropy_coef", bonus.coefficient());
      policy.entropy = bonus.after(Math.max(0, values.getOrDefault(PolicyObjective.ENTROPY, 0.0)));
    }
    policy.means.add(values);
  }

  /** What a loss reports; nothing where it does not. */
  private static double told(TrainingStep.Outcome outcome, String name) {
    return outcome.metrics().getOrDefault(name, 0.0);
  }
}

package org.alignment4j.rlhf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.rlhf.advantage.SequenceRewards;
import org.alignment4j.rlhf.data.Epochs;
import org.alignment4j.rlhf.data.PreferenceExample;
import org.alignment4j.rlhf.data.PreferenceRows;
import org.alignment4j.rlhf.data.RowPlan;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.LoraAdapter;
import org.alignment4j.runtime.train.MicroBatch;
import org.alignment4j.runtime.train.PresentModel;
import org.alignment4j.runtime.train.UpdateSource;
import org.jspecify.annotations.Nullable;

/**
 * Updates over pairs of answers that the policy gives just before each. What an update samples
 * follows from the seed, its number and the policy, so that nothing is kept from one to the next
 * but what reward functions remember.
 *
 * @param base what the policy was before the first update; gives tokenizer and engine
 * @param reference what the loss compares with; null where it compares with none
 * @param plan rows that hold a prompt with two answers
 */
record OnlineSource(
    DecoderModel base,
    PreferenceLoss loss,
    RolloutSampler sampler,
    AnswerScoring scoring,
    Ties ties,
    RolloutWarnings warnings,
    @Nullable FrozenPolicy reference,
    RowPlan plan,
    Epochs epochs,
    CancellationToken cancellation)
    implements UpdateSource {

  @Override
  public long steps() {
    return epochs.steps();
  }

  @Override
  public Update at(long step, PresentModel policy) {
    return scoring.rewards().memory().undoingOnFailure(() -> update(step, policy));
  }

  private Update update(long step, PresentModel policy) {
    SampledStep sampled = sample(step, policy);
    SequenceRewards scores = scoring.score(step, sampled, cancellation);
    warnings.rewarded(step, scores);
    OnlinePairs pairs = OnlinePairs.of(sampled.rollouts(), sampled.groups(), scores, ties);
    warnings.paired(step, sampled, pairs);
    double[][] frozen =
        reference == null ? null : reference.logProbs(sampled.rollouts(), cancellation);
    Map<String, Double> report = OnlineReport.of(sampled, scores, pairs, frozen, loss.beta());
    return new Update(
        batches(sampled.rollouts(), pairs.pairs(), frozen),
        measured -> {
          Map<String, Double> all = new LinkedHashMap<>(measured);
          all.putAll(report);
          return all;
        });
  }

  private SampledStep sample(long step, PresentModel policy) {
    try (DecoderModel present = open(policy)) {
      return sampler.sample(present, epochs.batch(step), step, 0, cancellation);
    }
  }

  /** The policy as it is, which reads the trained weights where they lie. */
  private DecoderModel open(PresentModel policy) {
    Optional<LoraAdapter> adapter = policy.adapter();
    if (adapter.isPresent()) {
      return base.withAdapter(adapter.get());
    }
    try (DecoderModel plain = base.withoutAdapter()) {
      return plain.withWeights(policy.weights());
    }
  }

  private List<MicroBatch> batches(
      List<Rollout> answers, List<OnlinePairs.Pair> pairs, double @Nullable [][] frozen) {
    if (pairs.isEmpty()) {
      return List.of();
    }
    List<PreferenceRows.Pair> rows = new ArrayList<>();
    for (OnlinePairs.Pair pair : pairs) {
      Rollout chosen = answers.get(pair.chosen());
      Rollout rejected = answers.get(pair.rejected());
      PreferenceExample example =
          new PreferenceExample(
              chosen.prompt(), chosen.promptTokens(), chosen.tokens(), rejected.tokens(), 1);
      if (frozen == null) {
        rows.add(new PreferenceRows.Pair(example, 0, 0));
        continue;
      }
      double[] first = frozen[pair.chosen()];
      double[] second = frozen[pair.rejected()];
      int shared = example.sharedTokens();
      rows.add(
          new PreferenceRows.Pair(
              example,
              sum(first, first.length),
              sum(second, second.length),
              sum(first, shared),
              sum(second, shared)));
    }
    return PreferenceRows.microBatches(rows, plan, loss.inputs()).stream()
        .map(PreferenceRows.Batch::batch)
        .toList();
  }

  private static double sum(double[] logProbs, int count) {
    return Arrays.stream(logProbs, 0, count).sum();
  }

  @Override
  public Map<String, String> state() {
    return scoring.rewards().memory().values();
  }

  @Override
  public void resume(Map<String, String> state) {
    scoring.rewards().memory().resume(state);
  }

  @Override
  public Map<String, String> description() {
    Map<String, String> description = new LinkedHashMap<>(RowPlans.describe(plan, epochs));
    description.put("data", ContentHash.of(sampler.tokens().toString()).toString());
    description.put("model", base.id());
    description.put("sampling", sampler.describe());
    description.put("scoring", scoring.describe());
    description.put("ties", ties.toString());
    return description;
  }
}

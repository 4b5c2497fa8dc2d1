package org.alignment4j.rlhf;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.rlhf.data.Answers;
import org.alignment4j.rlhf.data.Epochs;
import org.alignment4j.rlhf.data.MismatchedAnswers;
import org.alignment4j.rlhf.data.RowPlan;
import org.alignment4j.rlhf.data.UnpairedExample;
import org.alignment4j.rlhf.data.UnpairedRows;
import org.alignment4j.rlhf.loss.UnpairedLoss;
import org.alignment4j.runtime.train.PresentModel;
import org.alignment4j.runtime.train.UpdateSource;
import org.jspecify.annotations.Nullable;

/**
 * The updates of a run over single answers. The reference point is that of the whole update under
 * the model before it, however the update is divided into micro-batches. Owned by one run.
 */
final class UnpairedSource implements UpdateSource {

  private final UnpairedLoss loss;
  private final List<UnpairedExample> examples;
  private final MismatchedAnswers mismatched;
  private final UnpairedReference reference;
  private final RowPlan plan;
  private final Epochs epochs;
  private final @Nullable DistributionMatching matching;
  private final RunningMean rewards = new RunningMean();

  UnpairedSource(
      UnpairedLoss loss,
      List<UnpairedExample> examples,
      MismatchedAnswers mismatched,
      UnpairedReference reference,
      RowPlan plan,
      Epochs epochs,
      @Nullable DistributionMatching matching) {
    this.loss = loss;
    this.examples = examples;
    this.mismatched = mismatched;
    this.reference = reference;
    this.plan = plan;
    this.epochs = epochs;
    this.matching = matching;
  }

  @Override
  public long steps() {
    return epochs.steps();
  }

  @Override
  public Update at(long step, PresentModel policy) {
    List<Integer> batch = epochs.batch(step);
    double[] own = reference.answers();
    double point = referencePoint(step, batch, policy);
    double[] weights = reference.weights();
    List<UnpairedRows.Entry> entries =
        batch.stream()
            .map(
                i ->
                    new UnpairedRows.Entry(
                        examples.get(i), own[i], weights == null ? 1 : weights[i]))
            .toList();
    return new Update(
        UnpairedRows.microBatches(entries, point, plan),
        measured -> report(measured, entries, point));
  }

  private double referencePoint(long step, List<Integer> batch, PresentModel policy) {
    return switch (loss.referencePoint()) {
      case NONE -> 0;
      case MISMATCHED_KL -> {
        List<Integer> pairs = mismatched.bySteps().get(Math.toIntExact(step - 1));
        double[] ratios =
            ratios(
                policy,
                pairs.stream().map(mismatched.pairs()::get).toList(),
                pairs,
                reference.mismatched());
        double sum = 0;
        for (double ratio : ratios) {
          sum += ratio;
        }
        yield Math.max(0, sum / ratios.length);
      }
      case RUNNING_REWARD -> {
        List<Answers> own = batch.stream().map(i -> examples.get(i).answers()).toList();
        double[] values = ratios(policy, own, batch, reference.answers());
        for (int i = 0; i < values.length; i++) {
          values[i] *= loss.beta();
        }
        rewards.add(values);
        yield rewards.value();
      }
    };
  }

  /** Log ratios of answers, of which the reference's are some of a list. */
  private double[] ratios(
      PresentModel policy, List<Answers> asked, List<Integer> some, double[] frozen) {
    double[] ratios =
        UnpairedReference.firsts(
            AnswerScores.of(policy::outputs, asked, plan, CancellationToken.none()));
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] -= frozen[some.get(i)];
    }
    return ratios;
  }

  /** Without means over answers of a kind that the update has none of. */
  private Map<String, Double> report(
      Map<String, Double> measured, List<UnpairedRows.Entry> entries, double point) {
    OptionalDouble good = mean(entries, true, e -> e.example().answer().size());
    OptionalDouble bad = mean(entries, false, e -> e.example().answer().size());
    Map<String, Double> reported = new LinkedHashMap<>(measured);
    reported
        .keySet()
        .removeIf(
            name ->
                (good.isEmpty() && !name.endsWith("/rejected"))
                    || (bad.isEmpty() && !name.endsWith("/chosen")));
    good.ifPresent(length -> reported.put("lengths/chosen", length));
    bad.ifPresent(length -> reported.put("lengths/rejected", length));
    switch (loss.referencePoint()) {
      case NONE -> {}
      case MISMATCHED_KL -> reported.put("kl", point);
      case RUNNING_REWARD -> reported.put("delta", point);
    }
    if (matching != null) {
      mean(entries, false, UnpairedRows.Entry::weight)
          .ifPresent(weight -> reported.put("weights/rejected", weight));
    }
    return reported;
  }

  private static OptionalDouble mean(
      List<UnpairedRows.Entry> entries,
      boolean desirable,
      ToDoubleFunction<UnpairedRows.Entry> value) {
    return entries.stream()
        .filter(e -> e.example().desirable() == desirable)
        .mapToDouble(value)
        .average();
  }

  @Override
  public Map<String, String> description() {
    StringBuilder content = new StringBuilder();
    for (UnpairedExample e : examples) {
      content.append(e.index()).append(e.prompt()).append(e.answer()).append(e.desirable());
      content.append('\n');
    }
    Map<String, String> description = new LinkedHashMap<>(RowPlans.describe(plan, epochs));
    description.put("data", ContentHash.of(content.toString()).toString());
    if (matching != null) {
      description.put("matching", matching.description());
    }
    return description;
  }

  @Override
  public Map<String, String> state() {
    return loss.referencePoint() == UnpairedLoss.ReferencePoint.RUNNING_REWARD
        ? rewards.state()
        : Map.of();
  }

  @Override
  public void resume(Map<String, String> state) {
    rewards.resume(state);
  }
}

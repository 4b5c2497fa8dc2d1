package org.alignment4j.rlhf;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.rlhf.advantage.SequenceRewards;
import org.alignment4j.rlhf.data.EncodingReport;
import org.alignment4j.rlhf.data.Epochs;
import org.alignment4j.rlhf.data.SftExample;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.Metrics;
import org.alignment4j.runtime.train.MetricsListener;
import org.jspecify.annotations.Nullable;

/**
 * One iteration: answers are sampled and rewarded, some selected, and those learned. With a folder,
 * it may be stopped anywhere and made again, with the same result.
 *
 * @param base the first model
 * @param number from 1
 * @param settings how
 * @param options of the supervised training
 * @param sampler gives answers
 * @param prompts all prompts of the run
 * @param warnings of the run
 * @param folder of the run; null keeps nothing
 */
record RaftIteration(
    DecoderModel base,
    int number,
    RaftSettings settings,
    FineTuningOptions options,
    RolloutSampler sampler,
    List<Prompt> prompts,
    RolloutWarnings warnings,
    @Nullable Path folder) {

  /** What an iteration gives; the model is a new one. */
  record Outcome(DecoderModel model, Metrics metrics) {}

  /** Makes the iteration with the model that the one before gave. */
  Outcome run(DecoderModel policy) {
    RaftAnswers answers = answers(policy);
    List<Integer> selected = answers.select(settings.selection(), settings.truncated());
    if (selected.isEmpty()) {
      throw new IllegalStateException(
          "iteration %s must have an answer to learn from but %s"
              .formatted(number, answers.whyNone(settings.rollouts().maxNewTokens())));
    }
    FineTuningResult trained =
        train(settings.start() == IterationStart.BASE ? base : policy, answers, selected);
    Map<String, Double> metrics = new LinkedHashMap<>(answers.report(selected));
    double[] losses =
        trained.metrics().stream()
            .filter(m -> m.values().containsKey("loss"))
            .mapToDouble(m -> m.values().getOrDefault("loss", 0.0))
            .toArray();
    metrics.put("loss", Arrays.stream(losses).average().orElse(0));
    metrics.put("loss/last", losses[losses.length - 1]);
    return new Outcome(trained.model(), new Metrics(number, metrics));
  }

  private @Nullable Path own() {
    return folder == null
        ? null
        : folder.resolve(String.format(Locale.ROOT, "iteration-%04d", number));
  }

  private RaftAnswers answers(DecoderModel policy) {
    Path own = own();
    if (own == null) {
      return sample(policy);
    }
    RaftJournal journal = new RaftJournal(own.resolve("answers.json"), prompts, sampler.tokens());
    Optional<RaftJournal.Kept> kept = journal.read();
    if (kept.isPresent()) {
      settings.rewards().memory().resume(kept.get().state());
      return kept.get().answers();
    }
    RaftAnswers sampled = sample(policy);
    journal.write(new RaftJournal.Kept(sampled, settings.rewards().memory().values()));
    return sampled;
  }

  private RaftAnswers sample(DecoderModel policy) {
    return settings.rewards().memory().undoingOnFailure(() -> scored(policy));
  }

  private RaftAnswers scored(DecoderModel policy) {
    SampledStep sampled = sampler.sample(policy, chosen(), number, 0, options.cancellation());
    List<Rollout> rollouts = sampled.rollouts();
    SequenceRewards scores = settings.rewards().score(number, rollouts, options.cancellation());
    warnings.rewarded(number, scores);
    warnings.sampled(number, sampled, scores, settings.selection());
    double[] totals = scores.totals();
    List<@Nullable Double> rewards = new ArrayList<>();
    for (int i = 0; i < totals.length; i++) {
      rewards.add(scores.present(i) ? (Double) totals[i] : null);
    }
    List<Double> ratios =
        settings.selection().usesLogRatios() ? ratios(policy, rollouts) : List.of();
    return new RaftAnswers(rollouts, rewards, ratios, RewardMetrics.of(scores, sampled.groups()));
  }

  /** The prompts of this iteration: all come in turn, in an order of each round's own. */
  private List<Integer> chosen() {
    int together = Math.min(settings.prompts(), prompts.size());
    int rounds = (prompts.size() + together - 1) / together;
    return new Epochs(prompts.size(), together, (number - 1) / rounds + 1, options.seed())
        .batch(number);
  }

  private List<Double> ratios(DecoderModel policy, List<Rollout> rollouts) {
    double[] now = sums(policy, rollouts);
    double[] first = sums(base, rollouts);
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < now.length; i++) {
      ratios.add(now[i] - first[i]);
    }
    return ratios;
  }

  private double[] sums(DecoderModel model, List<Rollout> rollouts) {
    try (FrozenPolicy policy = new FrozenPolicy(model, settings.rollouts().temperature())) {
      return Arrays.stream(policy.logProbs(rollouts, options.cancellation()))
          .mapToDouble(tokens -> Arrays.stream(tokens).sum())
          .toArray();
    }
  }

  private FineTuningResult train(DecoderModel from, RaftAnswers answers, List<Integer> selected) {
    List<SftExample> examples = new ArrayList<>();
    for (int i : selected) {
      Rollout rollout = answers.rollouts().get(i);
      BitSet learnt = new BitSet();
      int start = rollout.promptTokens().size();
      learnt.set(start, start + rollout.tokens().size());
      examples.add(new SftExample(i, rollout.promptTokens().concat(rollout.tokens()), learnt));
    }
    Path own = own();
    FineTuningOptions training =
        options
            .withRunFolder(own == null ? null : own.resolve("training"))
            .withMetrics(MetricsListener.none())
            .withMonitoring(Monitoring.none());
    int count = examples.size();
    Epochs epochs =
        new Epochs(count, options.batchSize(), options.epochs(), options.seed() + number);
    return new TrainingRun("raft, iteration " + number, from, training)
        .train(
            new SftObjective(),
            new SftSource(examples, RowPlans.ofSequences(examples), epochs),
            new EncodingReport(count, count, 0, 0, 0, List.of()));
  }
}

package org.alignment4j.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.rlhf.FineTuningOptions;
import org.alignment4j.rlhf.Optimisation;
import org.alignment4j.rlhf.PolicyMethod;
import org.alignment4j.rlhf.PolicyTrainer;
import org.alignment4j.rlhf.PolicyTraining;
import org.alignment4j.rlhf.RewardFunction;
import org.alignment4j.rlhf.Rollout;
import org.alignment4j.rlhf.RolloutOptions;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.ModelOptions;
import org.alignment4j.runtime.session.DevicePolicy;
import org.alignment4j.runtime.train.LearningRateSchedule;
import org.alignment4j.runtime.train.Metrics;
import org.alignment4j.runtime.train.TrainingStep;
import org.jspecify.annotations.Nullable;

/**
 * This library's training of policies as it is used: {@link PolicyTraining#step}. Its reward
 * function ends the generation; the update begins where {@link TrainingStep#run} is entered.
 */
final class TrainerGrpoContender implements RewardFunction, AutoCloseable {

  private final GrpoCase which;
  private final DecoderModel base;
  private final PolicyTraining training;
  private List<Rollout> sampled = List.of();
  private long scoring;
  private @Nullable EntryWatch updating;

  private TrainerGrpoContender(GrpoCase which) {
    this.which = which;
    this.base =
        DecoderShape.of(which.shape()).model(ModelOptions.defaults().device(DevicePolicy.CPU));
    List<Prompt> prompts = new ArrayList<>();
    which.allPrompts().forEach(tokens -> prompts.add(Prompt.tokens(tokens)));
    PolicyMethod method =
        PolicyMethod.grpo().withGroupSize(which.group()).withLoss(GrpoCase.loss());
    this.training =
        PolicyTrainer.of(base, method)
            .options(options(which))
            .rollouts(RolloutOptions.of(which.newTokens()))
            .reward(this)
            .begin(prompts);
  }

  /** Without clipping of gradients, and with the same learning rate throughout. */
  private static FineTuningOptions options(GrpoCase which) {
    return FineTuningOptions.of(GrpoCase.LEARNING_RATE)
        .withEpochs(GrpoCase.ITERATIONS)
        .withBatchSize(which.prompts())
        .withStability(0, Double.POSITIVE_INFINITY)
        .withOptimisation(
            Optimisation.standard()
                .withSchedule(LearningRateSchedule.constant(GrpoCase.LEARNING_RATE)));
  }

  /** Serves iterations, each with the tokens that were sampled, of the case of the arguments. */
  public static void main(String[] args) throws IOException {
    GrpoCase which = GrpoCase.parse(Arrays.asList(args));
    try (TrainerGrpoContender contender = new TrainerGrpoContender(which)) {
      GrpoServer.serve(EngineGradients.ENGINE, tokens -> contender.iterate());
    }
  }

  private String iterate() {
    long start = System.nanoTime();
    Metrics metrics = training.step();
    long end = System.nanoTime();
    GrpoIteration iteration =
        GrpoIteration.of(
            start,
            scoring,
            Objects.requireNonNull(updating).end(),
            end,
            figure(metrics, "loss"),
            figure(metrics, "grad_norm"));
    return iteration.line() + " " + tokens().line();
  }

  private static double figure(Metrics metrics, String name) {
    return Objects.requireNonNull(metrics.values().get(name), name);
  }

  private GrpoTokens tokens() {
    List<int[]> prompts = new ArrayList<>();
    List<int[]> completions = new ArrayList<>();
    for (Rollout rollout : sampled) {
      prompts.add(rollout.promptTokens().toArray());
      completions.add(rollout.tokens().toArray());
    }
    return new GrpoTokens(prompts, completions);
  }

  @Override
  public String name() {
    return "mean token";
  }

  @Override
  public List<OptionalDouble> score(List<Rollout> answers, CancellationToken cancellation) {
    scoring = System.nanoTime();
    updating = EntryWatch.start(TrainingStep.class, "run");
    sampled = answers;
    return answers.stream()
        .map(answer -> OptionalDouble.of(which.reward(answer.tokens().toArray())))
        .toList();
  }

  @Override
  public void close() {
    training.close();
    base.close();
  }
}

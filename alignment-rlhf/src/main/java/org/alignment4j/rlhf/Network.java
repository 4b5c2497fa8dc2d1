package org.alignment4j.rlhf;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.alignment4j.api.TrainingDivergedException;
import org.alignment4j.runtime.engine.DecoderEngine;
import org.alignment4j.runtime.train.CheckpointPart;
import org.alignment4j.runtime.train.MetricValues;
import org.alignment4j.runtime.train.MicroBatch;
import org.alignment4j.runtime.train.Objective;
import org.alignment4j.runtime.train.Optimizer;
import org.alignment4j.runtime.train.StateTensor;
import org.alignment4j.runtime.train.Trainable;
import org.alignment4j.runtime.train.TrainingCheckpoint;
import org.alignment4j.runtime.train.TrainingContext;
import org.alignment4j.runtime.train.TrainingStep;

/**
 * One of the networks that reinforcement learning trains side by side, such as policy and critic:
 * its parameters, gradients and optimiser. Mutable and owned by one run.
 */
final class Network implements AutoCloseable {

  /**
   * What one update did.
   *
   * @param outcome loss and what the objective measured
   * @param gradientNorm before it is bounded; 0 where the update was not made
   * @param made whether the parameters changed
   */
  record Update(TrainingStep.Outcome outcome, double gradientNorm, boolean made) {}

  private final String name;
  private final Trainable trainable;
  private final TrainingStep step;
  private final Optimizer optimizer;
  private final double maxGradientNorm;

  Network(
      String name,
      DecoderEngine engine,
      Trainable trainable,
      Objective objective,
      FineTuningOptions options) {
    this.name = name;
    this.trainable = trainable;
    this.maxGradientNorm = options.maxGradientNorm();
    Optimisation optimisation = options.optimisation();
    if (optimisation.adversary() != null) {
      throw new IllegalArgumentException(
          "an adversary is of training on given examples but "
              + name
              + " learns from what it samples; leave it out");
    }
    TrainingContext execution = options.execution();
    Opened opened = new Opened();
    this.step =
        opened.with(
            new TrainingStep(
                engine,
                trainable,
                objective,
                optimisation.noise(),
                optimisation.recomputation(),
                execution.executor(),
                execution.threads()));
    try {
      this.optimizer =
          optimisation
              .optimizer()
              .create(step.parameters(), execution.executor(), execution.threads());
    } catch (RuntimeException | Error e) {
      opened.close(e);
      throw e;
    }
  }

  /** What is trained, as it was when training began. */
  Trainable trainable() {
    return trainable;
  }

  /** The parameters as they are; they change with every update. */
  TrainingStep step() {
    return step;
  }

  /** Updates made, over all resumptions. */
  long updates() {
    return optimizer.steps();
  }

  /** What the head gives for a batch, with the parameters as they are. */
  float[] outputs(MicroBatch batch) {
    return step.outputs(batch);
  }

  /** What checkpoints and messages call it. */
  String name() {
    return name;
  }

  /**
   * Makes one update.
   *
   * @throws TrainingDivergedException when loss or gradients are not finite; nothing has changed
   */
  Update update(List<MicroBatch> batches, double learningRate) {
    return update(batches, learningRate, outcome -> true);
  }

  /**
   * Makes one update, unless what it would be made of speaks against it.
   *
   * @param wanted whether it is made
   * @throws TrainingDivergedException when loss or gradients are not finite; nothing has changed
   */
  Update update(
      List<MicroBatch> batches, double learningRate, Predicate<TrainingStep.Outcome> wanted) {
    return update(batches, learningRate, wanted, (batch, metric, values) -> {});
  }

  /**
   * Makes one update, unless what it would be made of speaks against it.
   *
   * @param wanted whether it is made
   * @param measured hears what the objective measured, whether or not it is made
   * @throws TrainingDivergedException when loss or gradients are not finite; nothing has changed
   */
  Update update(
      List<MicroBatch> batches,
      double learningRate,
      Predicate<TrainingStep.Outcome> wanted,
      MetricValues measured) {
    long number = optimizer.steps() + 1;
    TrainingStep.Outcome outcome = step.run(batches, number, measured);
    if (!Double.isFinite(outcome.loss())) {
      throw new TrainingDivergedException(
          number,
          "the loss of the "
              + name
              + " must be finite but was "
              + outcome.loss()
              + " in update "
              + number
              + "; lower the learning rate or look at the rewards of this step");
    }
    if (!wanted.test(outcome)) {
      return new Update(outcome, 0, false);
    }
    Optimizer.Update done = optimizer.update(step.gradients(), 1, learningRate, maxGradientNorm);
    return new Update(outcome, done.gradientNorm(), true);
  }

  /** The files in which a checkpoint keeps this network. */
  List<CheckpointPart> parts() {
    List<CheckpointPart> parts = new ArrayList<>();
    parts.add(CheckpointPart.tensors(parametersFile(), parameters()));
    parts.add(CheckpointPart.tensors(optimizerFile(), optimizer.state()));
    return parts;
  }

  /** The name under which a checkpoint keeps the number of updates. */
  String updatesKey() {
    return name + ".updates";
  }

  /** Continues from a checkpoint. */
  void restore(TrainingCheckpoint checkpoint) {
    long updates = Long.parseLong(checkpoint.values().getOrDefault(updatesKey(), "0"));
    checkpoint.read(parametersFile(), parameters());
    checkpoint.read(optimizerFile(), optimizer.state());
    optimizer.resumeAt(updates);
  }

  /** Writable views of what is trained. */
  List<StateTensor> parameters() {
    return StateTensor.of(name, step.parameters());
  }

  /** Takes what is trained, and nothing else, from a checkpoint. */
  void restoreParameters(TrainingCheckpoint checkpoint) {
    checkpoint.read(parametersFile(), parameters());
  }

  private String parametersFile() {
    return name + "-parameters.safetensors";
  }

  private String optimizerFile() {
    return name + "-optimizer.safetensors";
  }

  @Override
  public void close() {
    step.close();
  }
}

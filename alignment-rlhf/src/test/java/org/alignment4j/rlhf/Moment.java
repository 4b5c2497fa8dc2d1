package org.alignment4j.rlhf;

import java.util.List;
import java.util.SplittableRandom;

/** What a training does, told by the methods that do it, and at which of their calls to end it. */
enum Moment {
  /** A token is drawn, for learning or for the log of samples. */
  GENERATION(6, 16, "org.alignment4j.runtime.generate.TokenSampler.draw"),
  /** An answer is rewarded or judged. */
  SCORING(
      2,
      7,
      "org.alignment4j.rlhf.SamplingTrainings.scored",
      "org.alignment4j.rlhf.SamplingTrainings.judge",
      "org.alignment4j.rlhf.feedback.RefinementChoice.add"),
  /** Log-probabilities and values of models that do not change meanwhile. */
  REFERENCE(
      1,
      4,
      "org.alignment4j.rlhf.AnswerLogProbs.score",
      "org.alignment4j.rlhf.FrozenPolicy.logProbs",
      "org.alignment4j.rlhf.PolicyActor.referenceLogProbs",
      "org.alignment4j.rlhf.PolicyCritic.values",
      "org.alignment4j.rlhf.AttentionBaseline.values"),
  /** There are gradients, and parameters are about to change, or some of them have. */
  UPDATE(2, 6, "org.alignment4j.runtime.train.AdamW.apply"),
  /** The update is made, and its metrics or samples are about to be written. */
  LOG(2, 8, "org.alignment4j.runtime.train.StepLog.append"),
  EVALUATION(1, 3, "org.alignment4j.rlhf.Looking.evaluate"),
  /** A file of a checkpoint is about to be written, others are. */
  CHECKPOINT(4, 12, "org.alignment4j.runtime.train.CheckpointStore.write"),
  /** A checkpoint is whole, and older ones are not yet removed. */
  PUBLISHED(1, 3, "org.alignment4j.runtime.train.CheckpointStore.prune"),
  /** A file that is replaced whole is written and has not yet its name. */
  FILE(1, 2, "org.alignment4j.core.files.AtomicFiles.move");

  private static final int MORE = 4;

  private final int from;
  private final int to;
  private final List<String> methods;

  Moment(int from, int to, String... methods) {
    this.from = from;
    this.to = to;
    this.methods = List.of(methods);
  }

  /** Full names of the methods. */
  List<String> methods() {
    return methods;
  }

  /** At which call a process is to end; trainings that sample make many more of some. */
  int draw(SplittableRandom random, Training training) {
    boolean many = this == GENERATION || this == SCORING || this == UPDATE;
    return random.nextInt(from, to + 1) * (many && training.sampling() ? MORE : 1);
  }
}

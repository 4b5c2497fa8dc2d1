package org.alignment4j.rlhf;

import java.util.Arrays;
import java.util.List;

/** What a training is doing, told by what is on its thread's stack. */
enum Moment {
  /** Sampling, for learning or for the log of samples. */
  GENERATION("org.alignment4j.runtime.generate."),
  /** Rewards or a judge. */
  SCORING(
      SamplingTrainings.class.getName() + ".scored",
      SamplingTrainings.class.getName() + ".judge",
      "org.alignment4j.rlhf.feedback.RefinementChoice"),
  /** Log-probabilities and values of models that do not change meanwhile. */
  REFERENCE(
      "org.alignment4j.rlhf.AnswerLogProbs",
      "org.alignment4j.rlhf.FrozenPolicy",
      "org.alignment4j.rlhf.RankingReference",
      "org.alignment4j.rlhf.UnpairedReference",
      "org.alignment4j.rlhf.AttentionBaseline",
      "org.alignment4j.rlhf.PolicyActor.referenceLogProbs",
      "org.alignment4j.rlhf.PolicyCritic.values"),
  /** Gradients and the optimiser's step. */
  UPDATE("org.alignment4j.runtime.train.TrainingStep.run", "org.alignment4j.runtime.train.AdamW"),
  EVALUATION("org.alignment4j.rlhf.Looking.evaluate"),
  /** A checkpoint being written, published, or an old one removed. */
  CHECKPOINT("org.alignment4j.runtime.train.CheckpointStore.save"),
  /** A file that is replaced whole, such as references and sampled answers. */
  FILE("org.alignment4j.core.files.AtomicFiles");

  private final List<String> places;

  Moment(String... places) {
    this.places = Arrays.asList(places);
  }

  boolean holds(StackTraceElement frame) {
    String name = frame.getClassName() + "." + frame.getMethodName();
    return places.stream().anyMatch(name::startsWith);
  }
}

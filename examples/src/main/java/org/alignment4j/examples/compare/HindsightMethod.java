package org.alignment4j.examples.compare;

import java.nio.file.Path;
import java.util.Map;
import org.alignment4j.rlhf.HindsightTrainer;

/**
 * Chain of Hindsight. It is asked with the marker of good answers.
 *
 * @param rate the highest learning rate
 */
record HindsightMethod(double rate) implements AlignmentMethod {

  @Override
  public String name() {
    return "CoH";
  }

  @Override
  public String paper() {
    return "Liu et al. 2023, arXiv 2302.02676";
  }

  @Override
  public Objective objective() {
    return new TextLossObjective(HeldOutTexts.HINDSIGHT);
  }

  @Override
  public Map<String, String> settings() {
    return Tuning.of(rate).settings();
  }

  @Override
  public Policy train(MethodContext context, Path folder) {
    HindsightTrainer trainer = HindsightTrainer.of(context.start().model());
    return DecoderPolicy.merged(
        context.settings(trainer, Tuning.of(rate), folder).train(context.data().pairs()).model(),
        trainer.hindsight()::prompt);
  }
}

package org.alignment4j.examples.compare;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.alignment4j.rlhf.UnpairedTrainer;
import org.alignment4j.rlhf.loss.UnpairedLoss;

/**
 * A loss over single answers labelled good or bad: both answers of each preference pair.
 *
 * @param name what tables call it
 * @param paper where it was published
 * @param loss what is minimised
 * @param rate the highest learning rate
 */
record LabelMethod(String name, String paper, UnpairedLoss loss, double rate)
    implements AlignmentMethod {

  @Override
  public Objective objective() {
    return new LabelLossObjective(loss);
  }

  @Override
  public Map<String, String> settings() {
    return Tuning.of(rate).settings("loss", loss);
  }

  @Override
  public Policy train(MethodContext context, Path folder) {
    UnpairedTrainer trainer = UnpairedTrainer.of(context.start().model(), loss);
    return DecoderPolicy.merged(
        context.settings(trainer, Tuning.of(rate), folder).train(context.data().labels()).model(),
        UnaryOperator.identity());
  }
}

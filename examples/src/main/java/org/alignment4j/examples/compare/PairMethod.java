package org.alignment4j.examples.compare;

import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.alignment4j.rlhf.PreferenceTrainer;
import org.alignment4j.rlhf.loss.PreferenceLoss;

/**
 * A loss over preference pairs.
 *
 * @param name what tables call it
 * @param paper where it was published
 * @param loss what is minimised
 * @param rate the highest learning rate
 * @param variant changes the trainer, such as by a reference that follows
 */
record PairMethod(
    String name,
    String paper,
    PreferenceLoss loss,
    double rate,
    UnaryOperator<PreferenceTrainer> variant)
    implements AlignmentMethod {

  PairMethod(String name, String paper, PreferenceLoss loss, double rate) {
    this(name, paper, loss, rate, UnaryOperator.identity());
  }

  @Override
  public Objective objective() {
    return new PairLossObjective(loss);
  }

  @Override
  public Policy train(MethodContext context, Path folder) {
    PreferenceTrainer trainer = variant.apply(PreferenceTrainer.of(context.start().model(), loss));
    return DecoderPolicy.merged(
        context.settings(trainer, rate, folder).train(context.data().pairs()).model(),
        UnaryOperator.identity());
  }
}

package org.alignment4j.examples.compare;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.alignment4j.rlhf.PreferenceTrainer;
import org.alignment4j.rlhf.ReferenceSync;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.jspecify.annotations.Nullable;

/**
 * A loss over preference pairs.
 *
 * @param name what tables call it
 * @param paper where it was published
 * @param loss what is minimised
 * @param rate the highest learning rate
 * @param sync has the reference follow; null leaves it where it was
 */
record PairMethod(
    String name, String paper, PreferenceLoss loss, double rate, @Nullable ReferenceSync sync)
    implements AlignmentMethod {

  PairMethod(String name, String paper, PreferenceLoss loss, double rate) {
    this(name, paper, loss, rate, null);
  }

  @Override
  public Objective objective() {
    return new PairLossObjective(loss);
  }

  @Override
  public Map<String, String> settings() {
    return sync == null
        ? tuning().settings("loss", loss)
        : tuning().settings("loss", loss, "reference", sync);
  }

  @Override
  public Policy train(MethodContext context, Path folder) {
    PreferenceTrainer trainer = PreferenceTrainer.of(context.start().model(), loss);
    return DecoderPolicy.merged(
        context
            .settings(sync == null ? trainer : trainer.referenceSync(sync), tuning(), folder)
            .train(context.data().pairs())
            .model(),
        UnaryOperator.identity());
  }

  private Tuning tuning() {
    return Tuning.of(rate);
  }
}

package org.alignment4j.examples.compare;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.alignment4j.rlhf.RankingTrainer;
import org.alignment4j.rlhf.loss.RankingLoss;

/**
 * A loss over rankings: three or four answers to a prompt, ranked by the world's truth.
 *
 * @param name what tables call it
 * @param paper where it was published
 * @param loss what is minimised
 * @param rate the highest learning rate
 */
record RankingMethod(String name, String paper, RankingLoss loss, double rate)
    implements AlignmentMethod {

  @Override
  public Objective objective() {
    return new RankingLossObjective(loss);
  }

  @Override
  public Map<String, String> settings() {
    return Tuning.of(rate).settings("loss", loss);
  }

  @Override
  public Policy train(MethodContext context, Path folder) {
    RankingTrainer trainer = RankingTrainer.of(context.start().model(), loss);
    return DecoderPolicy.merged(
        context.settings(trainer, Tuning.of(rate), folder).train(context.data().rankings()).model(),
        UnaryOperator.identity());
  }
}

package org.alignment4j.examples.compare;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.alignment4j.rlhf.CringeTrainer;
import org.alignment4j.rlhf.FineTuningResult;
import org.alignment4j.rlhf.loss.PairGate;

/**
 * The Cringe loss, of single answers or of pairs.
 *
 * @param name what tables call it
 * @param paper where it was published
 * @param gate open for single answers
 * @param rate the highest learning rate
 */
record CringeMethod(String name, String paper, CringeObjective.Gate gate, double rate)
    implements AlignmentMethod {

  @Override
  public Objective objective() {
    return new CringeObjective(gate);
  }

  @Override
  public Map<String, String> settings() {
    return Tuning.of(rate).settings("gate", gate);
  }

  @Override
  public Policy train(MethodContext context, Path folder) {
    CringeTrainer trainer =
        context.settings(CringeTrainer.of(context.start().model()), Tuning.of(rate), folder);
    FineTuningResult result =
        switch (gate) {
          case OPEN -> trainer.train(context.data().labels());
          case BY_MARGIN ->
              trainer.trainPairs(
                  context.data().pairs(),
                  PairGate.of(CringeObjective.Gate.OFFSET, CringeObjective.Gate.TEMPERATURE));
        };
    return DecoderPolicy.merged(result.model(), UnaryOperator.identity());
  }
}

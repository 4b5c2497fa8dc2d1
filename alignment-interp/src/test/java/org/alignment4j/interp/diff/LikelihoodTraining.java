package org.alignment4j.interp.diff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.fact.Cloze;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.engine.TokenBatch;
import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;
import org.alignment4j.runtime.train.AdamWConfig;
import org.alignment4j.runtime.train.FloatInput;
import org.alignment4j.runtime.train.LearningRateSchedule;
import org.alignment4j.runtime.train.MicroBatch;
import org.alignment4j.runtime.train.MicroBatchSource;
import org.alignment4j.runtime.train.Objective;
import org.alignment4j.runtime.train.ObjectiveGraph;
import org.alignment4j.runtime.train.Trainable;
import org.alignment4j.runtime.train.Trainer;
import org.alignment4j.runtime.train.TrainingContext;
import org.alignment4j.runtime.train.TrainingOptions;

/** Supervised fine-tuning of every weight on answers, as small as can be. */
final class LikelihoodTraining {

  private LikelihoodTraining() {}

  /** A new model; the caller closes it. */
  static DecoderModel tuned(DecoderModel model, List<Cloze> examples, int batch, double rate) {
    return model.withWeights(
        new Trainer(
                model.engine(),
                "sft",
                TrainingOptions.of(LearningRateSchedule.constant(rate))
                    .optimizer(AdamWConfig.defaults())
                    .maxGradientNorm(1),
                new TrainingContext(
                    Runnable::run, 1, progress -> {}, () -> false, System::nanoTime))
            .run(Trainable.all(model.weights()), new Loss(), new Batches(examples, batch))
            .weights());
  }

  private record Loss() implements Objective {
    @Override
    public Object key() {
      return this;
    }

    @Override
    public ObjectiveGraph build(Ops ops, Value outputs) {
      Dim rows = outputs.dim(0);
      Value weights = ops.graph().parameter("weights", Shape.of(rows), false);
      return new ObjectiveGraph(
          ops.neg(ops.sumAll(ops.mul(weights, outputs))), Map.of("log_prob", outputs));
    }
  }

  private record Batches(List<Cloze> examples, int batch) implements MicroBatchSource {
    @Override
    public long steps() {
      return examples.size() / batch;
    }

    @Override
    public List<MicroBatch> at(long step) {
      int from = (int) (step - 1) * batch;
      List<Cloze> some = examples.subList(from, from + batch);
      TokenBatch tokens =
          TokenBatch.rightPadded(some.stream().map(e -> array(e.sequence())).toList());
      List<Long> rows = new ArrayList<>();
      List<Long> labels = new ArrayList<>();
      for (int b = 0; b < batch; b++) {
        TokenIds sequence = some.get(b).sequence();
        for (int t = some.get(b).prompt().size(); t < sequence.size(); t++) {
          rows.add((long) b * tokens.seq() + t - 1);
          labels.add((long) sequence.get(t));
        }
      }
      float[] weights = new float[rows.size()];
      Arrays.fill(weights, 1f / weights.length);
      return List.of(
          new MicroBatch(
              tokens,
              rows.stream().mapToLong(x -> x).toArray(),
              labels.stream().mapToLong(x -> x).toArray(),
              Map.of("weights", new FloatInput(weights, weights.length))));
    }

    @Override
    public Map<String, String> description() {
      return Map.of("examples", Integer.toString(examples.size()));
    }
  }

  private static int[] array(TokenIds tokens) {
    int[] ids = new int[tokens.size()];
    Arrays.setAll(ids, tokens::get);
    return ids;
  }
}

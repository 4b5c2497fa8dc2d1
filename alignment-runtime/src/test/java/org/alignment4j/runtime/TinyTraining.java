package org.alignment4j.runtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.engine.TokenBatch;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;
import org.alignment4j.runtime.train.FloatInput;
import org.alignment4j.runtime.train.MicroBatch;
import org.alignment4j.runtime.train.MicroBatchSource;
import org.alignment4j.runtime.train.Objective;
import org.alignment4j.runtime.train.ObjectiveGraph;

/** For tests: decoders so small that their training can be repeated in float64. */
abstract class TinyTraining {

  static final int VOCAB = 13;
  private static final int CONTEXT = 12;

  record Nll() implements Objective {
    @Override
    public Object key() {
      return this;
    }

    @Override
    public ObjectiveGraph build(Ops ops, Value labelLogProbs) {
      Value weights = ops.graph().parameter("weights", Shape.of(labelLogProbs.dim(0)), false);
      return new ObjectiveGraph(ops.neg(ops.sumAll(ops.mul(weights, labelLogProbs))), Map.of());
    }
  }

  static ConfigJson config(boolean gpt2) {
    return RandomModels.config(
        gpt2
            ? RandomModels.gpt2(VOCAB, 8, 1, 2, CONTEXT)
            : RandomModels.llama(VOCAB, 16, 2, 2, 12, CONTEXT));
  }

  static HookedDecoder reference(boolean gpt2, Weights weights) {
    return (gpt2
            ? new HookedDecoder(true, 8, 2, 1, 1, 8, 32, VOCAB)
            : new HookedDecoder(false, 16, 2, 2, 1, 8, 12, VOCAB))
        .load(weights);
  }

  static double loss(HookedDecoder d, List<int[]> sequences, int total) {
    double sum = 0;
    for (int[] s : sequences) {
      for (double lp : d.logProbs(s)) {
        sum -= lp / total;
      }
    }
    return sum;
  }

  static MicroBatch micro(List<int[]> sequences, int total) {
    TokenBatch tokens = TokenBatch.rightPadded(sequences);
    List<Long> rows = new ArrayList<>();
    List<Long> labels = new ArrayList<>();
    for (int b = 0; b < sequences.size(); b++) {
      for (int t = 1; t < sequences.get(b).length; t++) {
        rows.add((long) b * tokens.seq() + t - 1);
        labels.add((long) sequences.get(b)[t]);
      }
    }
    float[] w = new float[rows.size()];
    Arrays.fill(w, 1f / total);
    return new MicroBatch(
        tokens,
        rows.stream().mapToLong(x -> x).toArray(),
        labels.stream().mapToLong(x -> x).toArray(),
        Map.of("weights", new FloatInput(w, w.length)));
  }

  static MicroBatchSource source(long steps, LongFunction<List<MicroBatch>> batches) {
    return new MicroBatchSource() {
      @Override
      public long steps() {
        return steps;
      }

      @Override
      public List<MicroBatch> at(long step) {
        return batches.apply(step);
      }

      @Override
      public Map<String, String> description() {
        return Map.of();
      }
    };
  }
}

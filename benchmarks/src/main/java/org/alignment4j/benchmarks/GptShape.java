package org.alignment4j.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.alignment4j.rlhf.loss.SftLoss;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.alignment4j.runtime.architecture.DecoderConfig.Activation;
import org.alignment4j.runtime.architecture.DecoderConfig.LearnedPositions;
import org.alignment4j.runtime.architecture.DecoderConfig.LinearLayout;
import org.alignment4j.runtime.architecture.DecoderConfig.Norm;
import org.alignment4j.runtime.architecture.DecoderConfig.QkvArrangement;
import org.alignment4j.runtime.engine.TokenBatch;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.alignment4j.runtime.train.FloatInput;
import org.alignment4j.runtime.train.MicroBatch;
import org.alignment4j.runtime.train.Objective;
import org.alignment4j.runtime.train.ObjectiveGraph;

/**
 * A shape of GPT-2 form to measure, with random weights and tokens.
 *
 * @param name what tables call it
 * @param gigaflop floating-point operations of the matrix products of one step, forward and
 *     backward, in 10⁹: {@code 6·parameters-of-matrices·tokens} plus attention, head included
 */
record GptShape(
    String name, int layers, int width, int heads, int vocab, int seq, int batch, double gigaflop) {

  private static final String WEIGHTS = "weights";

  static GptShape small() {
    return new GptShape("S", 4, 256, 4, 4096, 128, 16, 54.8);
  }

  static GptShape medium() {
    return new GptShape("M", 12, 768, 12, 50257, 256, 2, 394);
  }

  Architecture architecture() {
    DecoderConfig config =
        new DecoderConfig(
            "gpt2",
            vocab,
            width,
            layers,
            heads,
            heads,
            width / heads,
            4 * width,
            Math.max(seq, 128),
            Norm.LAYER_NORM,
            1e-5,
            Activation.GELU_TANH,
            false,
            new LearnedPositions(),
            false,
            QkvArrangement.FUSED_THIRDS,
            LinearLayout.IN_OUT,
            true,
            true,
            true,
            true,
            1 / Math.sqrt((double) width / heads),
            false,
            null,
            Set.of(),
            null);
    return Architecture.of(config);
  }

  /** One full batch of random tokens, every position scored. */
  List<MicroBatch> batch(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<int[]> rows = new ArrayList<>();
    int scored = batch * (seq - 1);
    long[] at = new long[scored];
    long[] labels = new long[scored];
    int n = 0;
    for (int b = 0; b < batch; b++) {
      int[] tokens = random.ints(seq, 0, vocab).toArray();
      rows.add(tokens);
      for (int t = 1; t < seq; t++) {
        at[n] = (long) b * seq + t - 1;
        labels[n++] = tokens[t];
      }
    }
    float[] weights = new float[scored];
    java.util.Arrays.fill(weights, 1f / scored);
    Map<String, FloatInput> inputs = new LinkedHashMap<>();
    inputs.put(WEIGHTS, new FloatInput(weights, scored));
    return List.of(new MicroBatch(TokenBatch.rightPadded(rows), at, labels, inputs));
  }

  /** The mean cross-entropy. */
  static Objective objective() {
    return new Objective() {
      @Override
      public Object key() {
        return "cross-entropy";
      }

      @Override
      public ObjectiveGraph build(Ops ops, Value labelLogProbs) {
        Value weights = ops.graph().parameter(WEIGHTS, labelLogProbs.shape(), false);
        return new ObjectiveGraph(SftLoss.weightedSum(ops, labelLogProbs, weights), Map.of());
      }
    };
  }
}

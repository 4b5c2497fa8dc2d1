package org.alignment4j.benchmarks;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.alignment4j.rlhf.loss.DpoLoss;
import org.alignment4j.rlhf.loss.PairLogProbs;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.DecoderFamilies;
import org.alignment4j.runtime.architecture.Parameter;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.engine.Segments;
import org.alignment4j.runtime.engine.TokenBatch;
import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;
import org.alignment4j.runtime.train.FloatInput;
import org.alignment4j.runtime.train.MicroBatch;
import org.alignment4j.runtime.train.Objective;
import org.alignment4j.runtime.train.ObjectiveGraph;

/**
 * One preference pair on the shape of Qwen2.5-0.5B, with random weights and tokens. A quarter of
 * each sequence is the prompt; every token of the answers is scored.
 *
 * @param length tokens of each of the two sequences, prompt included
 * @param shared whether both answers follow one copy of the prompt in one row; otherwise each
 *     sequence has a row of its own
 */
record QwenPair(int length, boolean shared) {

  private static final int VOCAB = 151_936;
  private static final double STANDARD_DEVIATION = 0.02;
  private static final String CHOSEN = "chosen_tokens";
  private static final String REJECTED = "rejected_tokens";
  private static final double BETA = 0.1;

  static ConfigJson config() {
    Map<String, Object> keys = new HashMap<>();
    keys.put("model_type", "qwen2");
    keys.put("vocab_size", VOCAB);
    keys.put("hidden_size", 896);
    keys.put("num_hidden_layers", 24);
    keys.put("num_attention_heads", 14);
    keys.put("num_key_value_heads", 2);
    keys.put("intermediate_size", 4864);
    keys.put("max_position_embeddings", 32_768);
    keys.put("rms_norm_eps", 1e-6);
    keys.put("rope_theta", 1e6);
    keys.put("tie_word_embeddings", true);
    return ConfigJson.of("qwen2.5-0.5b", keys);
  }

  static Architecture architecture() {
    return DecoderFamilies.read(config(), null, Set.of());
  }

  /** Random weights written straight to direct memory, where those of a checkpoint would be. */
  static Weights weights(Architecture architecture, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<WeightTensor> tensors = new ArrayList<>();
    for (Parameter parameter : architecture.parameters()) {
      int bytes = Math.multiplyExact(Math.toIntExact(parameter.size()), Float.BYTES);
      FloatBuffer values =
          ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder()).asFloatBuffer();
      boolean gain = parameter.role() == Parameter.Role.NORM_WEIGHT;
      double spread = STANDARD_DEVIATION * Math.sqrt(12);
      for (int i = 0; i < values.capacity(); i++) {
        values.put(i, gain ? 1 : (float) (spread * (random.nextDouble() - 0.5)));
      }
      tensors.add(new WeightTensor(parameter.name(), parameter.shape(), values));
    }
    return Weights.of(tensors);
  }

  List<MicroBatch> batch(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int prompt = length / 4;
    int answer = length - prompt;
    int[] asked = random.ints(prompt, 0, VOCAB).toArray();
    int[] first = random.ints(answer, 0, VOCAB).toArray();
    int[] second = random.ints(answer, 0, VOCAB).toArray();
    TokenBatch tokens =
        shared
            ? TokenBatch.of(
                List.of(
                    new Segments().add(asked).addContinuation(first, 0).addContinuation(second, 0)),
                prompt + 2 * answer)
            : TokenBatch.rightPadded(List.of(joined(asked, first), joined(asked, second)));
    long[] rows = new long[2 * answer];
    long[] labels = new long[2 * answer];
    for (int i = 0; i < answer; i++) {
      rows[i] = prompt + i - 1;
      rows[answer + i] =
          !shared ? length + prompt + i - 1 : i == 0 ? prompt - 1 : prompt + answer + i - 1;
      labels[i] = first[i];
      labels[answer + i] = second[i];
    }
    float[] chosen = new float[2 * answer];
    float[] rejected = new float[2 * answer];
    Arrays.fill(chosen, 0, answer, 1);
    Arrays.fill(rejected, answer, 2 * answer, 1);
    return List.of(
        new MicroBatch(
            tokens,
            rows,
            labels,
            Map.of(
                CHOSEN, new FloatInput(chosen, 1, chosen.length),
                REJECTED, new FloatInput(rejected, 1, rejected.length))));
  }

  private static int[] joined(int[] first, int[] second) {
    int[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  /** Direct preference optimisation against a reference that finds both answers equally likely. */
  static Objective objective() {
    return new Objective() {
      @Override
      public Object key() {
        return "dpo";
      }

      @Override
      public ObjectiveGraph build(Ops ops, Value labelLogProbs) {
        Dim rows = labelLogProbs.dim(0);
        Shape one = Shape.of(1);
        Value chosen = ops.graph().parameter(CHOSEN, Shape.of(Dim.of(1), rows), false);
        Value rejected = ops.graph().parameter(REJECTED, Shape.of(Dim.of(1), rows), false);
        Value column = ops.reshape(labelLogProbs, rows, Dim.of(1));
        Value equal = ops.vector(0);
        PairLogProbs pair =
            new PairLogProbs(
                ops.reshape(ops.matMul(chosen, column), one),
                ops.reshape(ops.matMul(rejected, column), one),
                equal,
                equal,
                ops.sum(chosen, 1),
                ops.sum(rejected, 1));
        return new ObjectiveGraph(ops.sumAll(new DpoLoss(BETA, 0).losses(ops, pair)), Map.of());
      }
    };
  }
}

package org.alignment4j.runtime.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.InitialWeights;
import org.alignment4j.runtime.architecture.LlamaConfigs;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.engine.DecoderEngine;
import org.alignment4j.runtime.engine.TokenBatch;
import org.alignment4j.runtime.session.DevicePolicy;
import org.alignment4j.runtime.session.OrtRuntime;

/**
 * A training run in a process of its own, to be killed: a model from nothing, random tokens, a
 * checkpoint every third update. Prints the hash of the trained weights when it ends.
 */
final class KilledTraining {

  static final int STEPS = 24;

  private static final float[] WEIGHTS = new float[16];

  static {
    java.util.Arrays.fill(WEIGHTS, 1f / 32);
  }

  private KilledTraining() {}

  public static void main(String[] args) {
    Architecture architecture = LlamaConfigs.create(64, 32, 2, 4, 2, 48, 64, 0, 0);
    Weights initial = InitialWeights.create(architecture, 3);
    DecoderEngine engine = new DecoderEngine(OrtRuntime.create(DevicePolicy.CPU, 1), architecture);
    Trainable trainable =
        args[1].equals("lora")
            ? Trainable.adapter(initial, architecture, Lora.rank(4))
            : Trainable.all(initial);
    TrainingOptions options =
        TrainingOptions.of(LearningRateSchedule.cosine(1e-2, 0.1).warmUp(4)).checkpoints(3, 2);
    if (args[1].equals("bytes and noise")) {
      options =
          options
              .optimizer(new AdamW8BitConfig(AdamWConfig.defaults(), 256, 256))
              .noise(TrainingNoise.none().dropout(0.1).neftune(5));
    }
    TrainingResult result =
        new Trainer(engine, "killed", options, TrainingContext.defaults())
            .run(trainable, new MeanLoss(), new RandomTokens(), Path.of(args[0]));
    String hash =
        result
            .adapter()
            .map(a -> a.mergedInto(initial, architecture.config().linear()))
            .orElse(result.weights())
            .contentHash();
    System.out.println("hash " + hash);
    System.exit(0);
  }

  private record RandomTokens() implements MicroBatchSource {

    @Override
    public long steps() {
      return STEPS;
    }

    @Override
    public Map<String, String> description() {
      return Map.of("data", "random tokens");
    }

    @Override
    public List<MicroBatch> at(long step) {
      SplittableRandom random = new SplittableRandom(step);
      List<MicroBatch> batches = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        int[] tokens = random.ints(17, 0, 64).toArray();
        long[] rows = new long[16];
        long[] labels = new long[16];
        for (int t = 0; t < 16; t++) {
          rows[t] = t;
          labels[t] = tokens[t + 1];
        }
        batches.add(
            new MicroBatch(
                TokenBatch.rightPadded(List.of(tokens)),
                rows,
                labels,
                Map.of("weights", new FloatInput(WEIGHTS, 16))));
      }
      return batches;
    }
  }
}

package org.alignment4j.rlhf.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Random;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.rlhf.TestModels;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.train.FlatParameters;
import org.alignment4j.runtime.train.LoraAdapter;
import org.alignment4j.runtime.train.LoraConfig;
import org.alignment4j.runtime.train.Trainable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** For tests: a small model and two that differ from it everywhere. */
abstract class SmallMembers {

  static final ConfigJson CONFIG = TestModels.config("llama", 12, 8, 2, 16);

  private final List<Continuation> texts =
      List.of(Continuation.of(Prompt.tokens(1, 2, 3), TokenIds.of(4, 5, 6, 7)));

  DecoderModel base;
  DecoderModel one;
  DecoderModel two;

  @BeforeEach
  void models() {
    base = TestModels.of(CONFIG, TestModels.weights(CONFIG, 0.4, 11));
    one = base.withWeights(moved(base.weights(), 1));
    two = base.withWeights(moved(base.weights(), 2));
  }

  @AfterEach
  void close() {
    base.close();
    one.close();
    two.close();
  }

  private static Weights moved(Weights weights, long seed) {
    Random random = new Random(seed);
    return Weights.of(
        weights.tensors().stream()
            .map(
                t -> {
                  float[] values = new float[t.size()];
                  t.data().get(values);
                  for (int i = 0; i < values.length; i++) {
                    values[i] += (float) (0.1 * random.nextGaussian());
                  }
                  return WeightTensor.of(t.name(), t.shape(), values);
                })
            .toList());
  }

  /** An adapter both of whose factors are far from zero. */
  static DecoderModel adapted(DecoderModel model, LoraConfig config, long seed) {
    Trainable.Adapter start = Trainable.adapter(model.weights(), model.architecture(), config);
    LoraAdapter initial = start.start();
    FlatParameters parameters = initial.toParameters();
    Random random = new Random(seed);
    for (String weight : initial.matrices().keySet()) {
      for (String name : List.of(LoraAdapter.aName(weight), LoraAdapter.bName(weight))) {
        FloatBuffer data = parameters.slice(name);
        for (int i = 0; i < data.limit(); i++) {
          data.put(i, data.get(i) + (float) (0.2 * random.nextGaussian()));
        }
      }
    }
    return model.withAdapter(initial.withParameters(parameters));
  }

  double[] logProbs(DecoderModel model) {
    return model.logProbabilities(texts).get(0).logProbs().toArray();
  }

  static void assertClose(Weights found, Weights expected, double tolerance) {
    assertThat(found.names()).isEqualTo(expected.names());
    for (String name : expected.names()) {
      WeightTensor a = found.get(name);
      WeightTensor b = expected.get(name);
      for (int i = 0; i < b.size(); i++) {
        assertThat((double) a.data().get(i)).isCloseTo(b.data().get(i), within(tolerance));
      }
    }
  }
}

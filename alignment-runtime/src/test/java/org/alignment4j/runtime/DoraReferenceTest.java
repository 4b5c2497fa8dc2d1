package org.alignment4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.alignment4j.api.hook.Edits;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.engine.BoundWeights;
import org.alignment4j.runtime.train.FlatParameters;
import org.alignment4j.runtime.train.LabelLogProbs;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.LoraAdapter;
import org.alignment4j.runtime.train.LoraMatrices;
import org.alignment4j.runtime.train.MicroBatch;
import org.alignment4j.runtime.train.Trainable;
import org.alignment4j.runtime.train.TrainingNoise;
import org.alignment4j.runtime.train.TrainingStep;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Training of weight-decomposed adapters against float64 and finite differences. */
class DoraReferenceTest extends TinyTraining {

  private static final List<int[]> SEQUENCES =
      List.of(
          new int[] {1, 5, 3, 2, 9, 11, 4}, new int[] {7, 2, 12, 6}, new int[] {3, 3, 10, 8, 1});
  private static final int TOTAL = 13;

  private static LoraAdapter filled(LoraAdapter start, Random r) {
    Map<String, LoraMatrices> out = new LinkedHashMap<>();
    start
        .matrices()
        .forEach(
            (name, pair) -> {
              WeightTensor m = Objects.requireNonNull(pair.magnitude());
              out.put(
                  name,
                  new LoraMatrices(
                      pair.a(), moved(pair.b(), 0.3, r), pair.scale(), moved(m, 0.2, r)));
            });
    return new LoraAdapter(start.config(), out);
  }

  private static WeightTensor moved(WeightTensor t, double by, Random r) {
    float[] values = new float[t.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = t.data().get(i) + (float) (by * r.nextGaussian());
    }
    return WeightTensor.of(t.name(), t.shape(), values);
  }

  /** One adapted weight in float64; the norms are constants of it, as PEFT detaches them. */
  private static final class Adapted {
    private final double[] w;
    private final double[] a;
    private final double[] b;
    private final double[] m;
    private final double scale;
    private final boolean gpt2;
    private final int in;
    private final int out;
    private final int rank;
    private final double[] norms;

    Adapted(WeightTensor w, LoraMatrices pair, double scale, boolean gpt2) {
      this.w = doubles(w);
      this.a = doubles(pair.a());
      this.b = doubles(pair.b());
      this.m = doubles(Objects.requireNonNull(pair.magnitude()));
      this.scale = scale;
      this.gpt2 = gpt2;
      this.in = pair.in();
      this.out = pair.out();
      this.rank = pair.rank();
      this.norms = new double[out];
      for (int o = 0; o < out; o++) {
        double squares = 0;
        for (int i = 0; i < in; i++) {
          squares += row(o, i) * row(o, i);
        }
        norms[o] = Math.sqrt(squares);
      }
    }

    private double row(int o, int i) {
      double sum = 0;
      for (int k = 0; k < rank; k++) {
        sum += b[o * rank + k] * a[k * in + i];
      }
      return w[gpt2 ? i * out + o : o * in + i] + scale * sum;
    }

    double[] effective() {
      double[] all = new double[w.length];
      for (int o = 0; o < out; o++) {
        for (int i = 0; i < in; i++) {
          all[gpt2 ? i * out + o : o * in + i] = m[o] / norms[o] * row(o, i);
        }
      }
      return all;
    }
  }

  private static double[] doubles(WeightTensor t) {
    double[] v = new double[t.size()];
    for (int i = 0; i < v.length; i++) {
      v[i] = t.data().get(i);
    }
    return v;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void gradientsHoldTheNormsConstant(boolean gpt2) {
    Weights weights = RandomModels.weights(config(gpt2), 0.25);
    try (DecoderModel model = DecoderModel.of(config(gpt2), weights, null, TestModels.CPU)) {
      Trainable.Adapter trainable =
          Trainable.adapter(
              model.weights(), model.architecture(), Lora.rank(3).alpha(2).weightDecomposed());
      LoraAdapter adapter = filled(trainable.start(), new Random(3));
      HookedDecoder d = reference(gpt2, weights);
      Map<String, Adapted> adapted = new LinkedHashMap<>();
      adapter
          .matrices()
          .forEach(
              (name, pair) -> {
                Adapted one = new Adapted(weights.get(name), pair, adapter.scale(name), gpt2);
                adapted.put(name, one);
                d.weights.put(name, one.effective());
              });
      try (TrainingStep step =
          new TrainingStep(
              model.engine(),
              new Trainable.Adapter(model.weights(), adapter),
              new Nll(),
              Runnable::run,
              1)) {
        double l =
            step.run(
                    List.of(
                        micro(SEQUENCES.subList(0, 2), TOTAL),
                        micro(SEQUENCES.subList(2, 3), TOTAL)))
                .loss();
        assertThat(l).isCloseTo(loss(d, SEQUENCES, TOTAL), within(1e-5));
        FlatParameters g = step.gradients();
        for (String name : adapter.matrices().keySet()) {
          Adapted one = Objects.requireNonNull(adapted.get(name));
          check(d, name, one, one.a, g.slice(LoraAdapter.aName(name)));
          check(d, name, one, one.b, g.slice(LoraAdapter.bName(name)));
          check(d, name, one, one.m, g.slice(LoraAdapter.magnitudeName(name)));
        }
      }
    }
  }

  private static void check(
      HookedDecoder d, String name, Adapted one, double[] x, FloatBuffer gradient) {
    for (int i = 0; i < x.length; i += 1 + x.length / 10) {
      double old = x[i];
      x[i] = old + 1e-5;
      d.weights.put(name, one.effective());
      double plus = loss(d, SEQUENCES, TOTAL);
      x[i] = old - 1e-5;
      d.weights.put(name, one.effective());
      double fd = (plus - loss(d, SEQUENCES, TOTAL)) / 2e-5;
      x[i] = old;
      d.weights.put(name, one.effective());
      assertThat((double) gradient.get(i))
          .as(name + " " + i)
          .isCloseTo(fd, within(1e-5 + 1e-4 * Math.abs(fd)));
    }
  }

  /** What the weight itself reads is not dropped: at the start dropout changes nothing. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void dropoutReachesTheChangeOnly(boolean gpt2) {
    Weights weights = RandomModels.weights(config(gpt2), 0.25);
    try (DecoderModel model = DecoderModel.of(config(gpt2), weights, null, TestModels.CPU)) {
      Trainable.Adapter start =
          Trainable.adapter(model.weights(), model.architecture(), Lora.rank(3).weightDecomposed());
      LoraAdapter changed = filled(start.start(), new Random(3));
      double plain = loss(model, start, TrainingNoise.none());
      TrainingNoise dropout = TrainingNoise.none().adapterDropout(0.5);
      assertThat(loss(model, start, dropout)).isCloseTo(plain, within(1e-5));
      Trainable.Adapter moved = new Trainable.Adapter(model.weights(), changed);
      assertThat(Math.abs(loss(model, moved, dropout) - loss(model, moved, TrainingNoise.none())))
          .isGreaterThan(1e-3);
    }
  }

  /** What new magnitudes add reads what the low-rank part reads, as in PEFT. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void dropoutReachesWhatMagnitudesAdd(boolean gpt2) {
    Weights weights = RandomModels.weights(config(gpt2), 0.25);
    try (DecoderModel model = DecoderModel.of(config(gpt2), weights, null, TestModels.CPU)) {
      LoraAdapter start =
          Trainable.adapter(model.weights(), model.architecture(), Lora.rank(3).weightDecomposed())
              .start();
      Random r = new Random(3);
      Map<String, LoraMatrices> matrices = new LinkedHashMap<>();
      start
          .matrices()
          .forEach(
              (name, pair) -> {
                WeightTensor m = moved(Objects.requireNonNull(pair.magnitude()), 0.2, r);
                matrices.put(name, new LoraMatrices(pair.a(), pair.b(), null, m));
              });
      Trainable.Adapter rescaled =
          new Trainable.Adapter(model.weights(), new LoraAdapter(start.config(), matrices));
      double dropped = loss(model, rescaled, TrainingNoise.none().adapterDropout(0.5));
      assertThat(Math.abs(dropped - loss(model, rescaled, TrainingNoise.none())))
          .isGreaterThan(1e-3);
    }
  }

  private static double loss(DecoderModel model, Trainable trainable, TrainingNoise noise) {
    try (TrainingStep step =
        new TrainingStep(model.engine(), trainable, new Nll(), noise, Runnable::run, 1)) {
      return step.run(List.of(micro(SEQUENCES, TOTAL))).loss();
    }
  }

  /** Where weights are bound already, the graph finds the norms itself. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void referenceScoresEqualThoseOfTheMergedWeights(boolean gpt2) {
    Weights weights = RandomModels.weights(config(gpt2), 0.25);
    try (DecoderModel model = DecoderModel.of(config(gpt2), weights, null, TestModels.CPU)) {
      LoraAdapter start =
          Trainable.adapter(model.weights(), model.architecture(), Lora.rank(3).weightDecomposed())
              .start();
      LoraAdapter adapter = filled(start, new Random(3));
      try (DecoderModel merged = model.withAdapter(adapter).merged();
          BoundWeights base = BoundWeights.of(model.engine().runtime(), model.weights());
          BoundWeights bound = BoundWeights.of(model.engine().runtime(), merged.weights())) {
        MicroBatch batch = micro(SEQUENCES, TOTAL);
        float[] expected = LabelLogProbs.of(model.engine(), bound, batch);
        float[] found = LabelLogProbs.of(model.engine(), base, adapter, batch);
        assertThat(found).containsExactly(expected, within(1e-5f));
        assertThat(LabelLogProbs.of(model.engine(), base, start, batch))
            .containsExactly(LabelLogProbs.of(model.engine(), base, batch), within(1e-5f));
      }
    }
  }

  /** Heads that read streams of their own multiply with the adapted matrices themselves. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void editedHeadInputsSeeTheSameWeights(boolean gpt2) {
    Weights weights = RandomModels.weights(config(gpt2), 0.25);
    try (DecoderModel model = DecoderModel.of(config(gpt2), weights, null, TestModels.CPU)) {
      LoraAdapter start =
          Trainable.adapter(model.weights(), model.architecture(), Lora.rank(3).weightDecomposed())
              .start();
      try (DecoderModel view = model.withAdapter(filled(start, new Random(3)));
          DecoderModel merged = view.merged()) {
        TokenIds tokens = TokenIds.of(SEQUENCES.get(0));
        float[] expected = edited(merged, tokens);
        float[] found = edited(view, tokens);
        assertThat(Arrays.equals(expected, edited(model, tokens))).isFalse();
        for (int i = 0; i < expected.length; i++) {
          assertThat(found[i]).isCloseTo(expected[i], within(1e-5f));
        }
      }
    }
  }

  private static float[] edited(DecoderModel model, TokenIds tokens) {
    return model
        .forward(tokens)
        .at(HookPoints.qInput(1), Edits.scale(0.5))
        .cache(HookPoints.result(0))
        .execute()
        .logits(0, -1);
  }
}

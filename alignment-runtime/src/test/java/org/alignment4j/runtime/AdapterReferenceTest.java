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
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.train.FlatParameters;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.LoraAdapter;
import org.alignment4j.runtime.train.LoraConfig;
import org.alignment4j.runtime.train.LoraMatrices;
import org.alignment4j.runtime.train.Trainable;
import org.alignment4j.runtime.train.TrainingStep;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Log-probabilities, merging and gradients of adapters against float64 and finite differences. */
class AdapterReferenceTest extends TinyTraining {

  /** The adapter with random numbers in place of the zeros it starts with. */
  static LoraAdapter filled(LoraAdapter start, Random r) {
    Map<String, LoraMatrices> out = new LinkedHashMap<>();
    start
        .matrices()
        .forEach(
            (name, pair) -> {
              float[] b = new float[pair.b().size()];
              for (int i = 0; i < b.length; i++) {
                b[i] = 0.3f * (float) r.nextGaussian();
              }
              out.put(
                  name,
                  new LoraMatrices(
                      pair.a(), WeightTensor.of(pair.b().name(), pair.b().shape(), b)));
            });
    return new LoraAdapter(start.config(), out);
  }

  /** W + s·B·A in float64, from A and B that can be changed. */
  private static void effective(
      HookedDecoder d,
      Weights base,
      boolean gpt2,
      double scale,
      Map<String, double[]> a,
      Map<String, double[]> b,
      LoraAdapter adapter) {
    adapter
        .matrices()
        .forEach(
            (name, pair) -> {
              double[] w = new double[pair.in() * pair.out()];
              FloatBuffer start = base.get(name).data();
              double[] aa = Objects.requireNonNull(a.get(name));
              double[] bb = Objects.requireNonNull(b.get(name));
              for (int o = 0; o < pair.out(); o++) {
                for (int i = 0; i < pair.in(); i++) {
                  int at = gpt2 ? i * pair.out() + o : o * pair.in() + i;
                  double sum = 0;
                  for (int k = 0; k < pair.rank(); k++) {
                    sum += bb[o * pair.rank() + k] * aa[k * pair.in() + i];
                  }
                  w[at] = start.get(at) + scale * sum;
                }
              }
              d.weights.put(name, w);
            });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void adapters(boolean gpt2) {
    ConfigJson config = config(gpt2);
    Weights weights = RandomModels.weights(config, 0.25);
    Random r = new Random(9);
    List<int[]> sequences =
        List.of(
            r.ints(9, 0, VOCAB).toArray(),
            r.ints(4, 0, VOCAB).toArray(),
            r.ints(12, 0, VOCAB).toArray());
    int total = 22;
    double worstLp = 0;
    double worstMerged = 0;
    int inexact = 0;
    try (DecoderModel model = DecoderModel.of(config, weights, null, TestModels.CPU)) {
      List<Continuation> items =
          sequences.stream()
              .map(
                  s ->
                      Continuation.of(
                          Prompt.tokens(s[0]), TokenIds.of(Arrays.copyOfRange(s, 1, s.length))))
              .toList();
      for (LoraConfig c :
          List.of(
              Lora.rank(3).alpha(1),
              Lora.rank(4).alpha(5).rankStabilised(),
              Lora.rank(20).alpha(0.5))) {
        Trainable.Adapter trainable =
            (Trainable.Adapter) Trainable.adapter(model.weights(), model.architecture(), c);
        double s = c.alpha() / (c.rsLora() ? Math.sqrt(c.rank()) : c.rank());
        try (DecoderModel initial = model.withAdapter(trainable.start())) {
          for (int i = 0; i < 3; i++) {
            float[] base = model.forward(TokenIds.of(sequences.get(i))).execute().logits(0, -1);
            float[] with = initial.forward(TokenIds.of(sequences.get(i))).execute().logits(0, -1);
            inexact += Arrays.equals(base, with) ? 0 : 1;
            inexact +=
                Arrays.equals(
                        model.logProbabilities(items).get(i).logProbs().toArray(),
                        initial.logProbabilities(items).get(i).logProbs().toArray())
                    ? 0
                    : 1;
          }
        }
        LoraAdapter adapter = filled(trainable.start(), r);
        HookedDecoder d = reference(gpt2, weights);
        Map<String, double[]> a = new LinkedHashMap<>();
        Map<String, double[]> b = new LinkedHashMap<>();
        adapter
            .matrices()
            .forEach(
                (name, pair) -> {
                  a.put(name, doubles(pair.a()));
                  b.put(name, doubles(pair.b()));
                });
        effective(d, weights, gpt2, s, a, b, adapter);
        try (DecoderModel adapted = model.withAdapter(adapter);
            DecoderModel merged = adapted.merged()) {
          for (int i = 0; i < 3; i++) {
            double[] lp = d.logProbs(sequences.get(i));
            for (int t = 0; t < lp.length; t++) {
              worstLp =
                  Math.max(
                      worstLp,
                      Math.abs(lp[t] - adapted.logProbabilities(items).get(i).logProbs().get(t)));
              worstMerged =
                  Math.max(
                      worstMerged,
                      Math.abs(lp[t] - merged.logProbabilities(items).get(i).logProbs().get(t)));
            }
          }
          for (String name : adapter.matrices().keySet()) {
            double[] w = Objects.requireNonNull(d.weights.get(name));
            for (int i = 0; i < w.length; i++) {
              assertThat(merged.weights().get(name).data().get(i)).isEqualTo((float) w[i]);
            }
          }
        }
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
                          micro(sequences.subList(0, 2), total),
                          micro(sequences.subList(2, 3), total)))
                  .loss();
          assertThat(l).isCloseTo(loss(d, sequences, total), within(1e-5));
          FlatParameters g = step.gradients();
          for (String name : adapter.matrices().keySet()) {
            for (boolean first : new boolean[] {true, false}) {
              double[] x = Objects.requireNonNull((first ? a : b).get(name));
              FloatBuffer got = g.slice(first ? LoraAdapter.aName(name) : LoraAdapter.bName(name));
              for (int i = 0; i < x.length; i += 1 + x.length / 12) {
                double old = x[i];
                x[i] = old + 1e-5;
                effective(d, weights, gpt2, s, a, b, adapter);
                double plus = loss(d, sequences, total);
                x[i] = old - 1e-5;
                effective(d, weights, gpt2, s, a, b, adapter);
                double fd = (plus - loss(d, sequences, total)) / 2e-5;
                x[i] = old;
                assertThat((double) got.get(i))
                    .as(name + first + i)
                    .isCloseTo(fd, within(1e-5 + 1e-4 * Math.abs(fd)));
              }
              effective(d, weights, gpt2, s, a, b, adapter);
            }
          }
        }
      }
    }
    assertThat(inexact).as("an adapter that starts at zero changes no bit").isZero();
    assertThat(worstLp).isLessThan(1e-4);
    assertThat(worstMerged).isLessThan(1e-4);
  }

  private static double[] doubles(WeightTensor t) {
    double[] v = new double[t.size()];
    for (int i = 0; i < v.length; i++) {
      v[i] = t.data().get(i);
    }
    return v;
  }
}

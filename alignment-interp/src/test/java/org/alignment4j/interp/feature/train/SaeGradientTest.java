package org.alignment4j.interp.feature.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.interp.feature.SaeSite;
import org.alignment4j.interp.feature.train.SaeVariant.BatchTopK;
import org.alignment4j.interp.feature.train.SaeVariant.Gated;
import org.alignment4j.interp.feature.train.SaeVariant.JumpRelu;
import org.alignment4j.interp.feature.train.SaeVariant.Matryoshka;
import org.alignment4j.interp.feature.train.SaeVariant.Standard;
import org.alignment4j.interp.feature.train.SaeVariant.Step;
import org.alignment4j.interp.feature.train.SaeVariant.Tanh;
import org.alignment4j.interp.feature.train.SaeVariant.TopK;
import org.alignment4j.runtime.session.DevicePolicy;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.train.FlatLayout;
import org.alignment4j.runtime.train.FlatParameters;
import org.alignment4j.runtime.train.TrainingContext;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every loss and every gradient against a naive loss in double and its central differences. */
class SaeGradientTest {
  private static final int ROWS = 21;
  private static final int INPUT = 6;
  private static final int OUTPUT = 5;
  private static final int WIDTH = 37;
  private static final double STEP = 1e-6;

  private static final OrtRuntime RUNTIME = OrtRuntime.create(DevicePolicy.CPU);

  static Stream<Arguments> designs() {
    Map<String, SaeVariant> variants = new LinkedHashMap<>();
    variants.put("standard", Standard.of(0.3));
    variants.put("standard without penalty", Standard.of(0));
    variants.put("standard with p = 2", new Standard(0.3, 2, 0));
    variants.put("standard with p = 1.5", new Standard(0.3, 1.5, 0));
    variants.put("gated", new Gated(0.3, 0));
    variants.put("topk", new TopK(4, 0.7, true));
    variants.put("topk, norms not compared", new TopK(4, 0.7, false));
    variants.put("topk without auxiliary loss", new TopK(4, 0, true));
    variants.put("topk of all", new TopK(WIDTH + 3, 0.7, true));
    variants.put("batchtopk", new BatchTopK(3.5, 0.7, true, 0.01));
    variants.put("batchtopk, norms not compared", new BatchTopK(3.5, 0.7, false, 0.01));
    variants.put(
        "matryoshka", new Matryoshka(new BatchTopK(3.5, 0.7, true, 0.01), List.of(3, 11, WIDTH)));
    variants.put("jumprelu, step", new JumpRelu(0.3, 0.4, new Step(), 0.2, 0, 0));
    variants.put("jumprelu, tanh", new JumpRelu(0.3, 0.4, new Tanh(4), 0.2, 0, 0));
    variants.put("jumprelu, pre-activations", new JumpRelu(0.3, 0.4, new Tanh(4), 0.2, 0, 0.1));
    SaeSite site = SaeSite.of("m", HookPoints.residPost(0));
    SaeSite through = SaeSite.transcoder("m", HookPoints.mlpIn(0), HookPoints.mlpOut(0));
    return variants.entrySet().stream()
        .flatMap(
            e ->
                Stream.of(
                    Arguments.of(
                        e.getKey(), SaeDesign.autoencoder(site, INPUT, WIDTH, e.getValue())),
                    Arguments.of(
                        e.getKey() + " transcoder",
                        SaeDesign.transcoder(through, INPUT, OUTPUT, WIDTH, e.getValue(), false)),
                    Arguments.of(
                        e.getKey() + " skip transcoder",
                        SaeDesign.transcoder(through, INPUT, OUTPUT, WIDTH, e.getValue(), true))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("designs")
  void lossAndGradients(String name, SaeDesign design) {
    FlatParameters parameters = random(design, 3);
    FlatParameters gradients = FlatParameters.zeros(parameters.layout());
    SaeBatch batch = batch(design, 4);
    boolean[] dead = new boolean[WIDTH];
    for (int j = 0; j < WIDTH; j += 9) {
      dead[j] = true;
    }
    double warmth = 0.75;
    SaeLoss.Outcome outcome;
    try (SaeLoss loss = SaeTrainer.loss(design, ROWS, RUNTIME, TrainingContext.defaults())) {
      outcome = loss.evaluate(batch, new SaeLoss.Setting(warmth, dead), parameters, gradients);
    }
    Map<String, double[]> p = doubles(parameters);
    NaiveSae naive =
        new NaiveSae(design, doubles(batch.inputs()), doubles(batch.targets()), ROWS, warmth, dead);
    Map<String, Double> expected = naive.terms(p, p);
    assertThat(outcome.terms().keySet()).isEqualTo(expected.keySet());
    expected.forEach(
        (term, value) ->
            assertThat(outcome.terms().get(term)).as(term).isCloseTo(value, within(value)));
    Map<String, double[]> frozen = doubles(parameters);
    for (FlatLayout.Slot slot : parameters.layout().slots()) {
      double[] difference =
          slot.name().equals("log_threshold")
              ? naive.thresholdGradient(p)
              : differences(naive, p, frozen, slot.name());
      double[] own = doubles(gradients.slice(slot.name()));
      double scale = 0;
      for (double value : difference) {
        scale = Math.max(scale, Math.abs(value));
      }
      for (int i = 0; i < own.length; i++) {
        assertThat(own[i]).as(slot.name() + "[" + i + "]").isCloseTo(difference[i], within(scale));
      }
    }
  }

  /** Sums of few hundred float32 products. */
  private static Offset<Double> within(double scale) {
    return Offset.offset(2e-5 * Math.max(Math.abs(scale), 1e-2));
  }

  private static double[] differences(
      NaiveSae naive, Map<String, double[]> p, Map<String, double[]> frozen, String name) {
    double[] values = p.get(name);
    double[] gradient = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      double before = values[i];
      values[i] = before + STEP;
      double above = naive.loss(p, frozen);
      values[i] = before - STEP;
      double below = naive.loss(p, frozen);
      values[i] = before;
      gradient[i] = (above - below) / (2 * STEP);
    }
    return gradient;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("designs")
  void threadsChangeNoBit(String name, SaeDesign design) {
    FlatParameters parameters = random(design, 5);
    SaeBatch batch = batch(design, 6);
    boolean[] dead = new boolean[WIDTH];
    dead[1] = true;
    dead[7] = true;
    float[][] seen = new float[2][];
    ExecutorService executor = Executors.newFixedThreadPool(4);
    try {
      for (int i = 0; i < 2; i++) {
        FlatParameters gradients = FlatParameters.zeros(parameters.layout());
        TrainingContext context = TrainingContext.defaults().executor(executor, i == 0 ? 1 : 5);
        try (SaeLoss loss = SaeTrainer.loss(design, ROWS, RUNTIME, context)) {
          loss.evaluate(batch, new SaeLoss.Setting(1, dead), parameters, gradients);
        }
        FloatBuffer all = gradients.buffer(0);
        seen[i] = new float[all.remaining()];
        all.get(seen[i]);
      }
    } finally {
      executor.shutdown();
    }
    assertThat(seen[1]).isEqualTo(seen[0]);
  }

  static FlatParameters random(SaeDesign design, long seed) {
    Random random = new Random(seed);
    FlatParameters parameters = FlatParameters.zeros(SaeParameters.layout(design));
    for (FlatLayout.Slot slot : parameters.layout().slots()) {
      FloatBuffer slice = parameters.slice(slot.name());
      boolean logarithm = slot.name().equals("log_threshold");
      while (slice.hasRemaining()) {
        slice.put((float) (0.4 * random.nextGaussian() - (logarithm ? 1 : 0)));
      }
    }
    return parameters;
  }

  static SaeBatch batch(SaeDesign design, long seed) {
    Random random = new Random(seed);
    SaeBatch batch = SaeBatch.allocate(design, ROWS);
    for (FloatBuffer buffer : List.of(batch.inputs(), batch.targets())) {
      while (buffer.hasRemaining()) {
        buffer.put((float) random.nextGaussian());
      }
    }
    return batch;
  }

  static Map<String, double[]> doubles(FlatParameters parameters) {
    Map<String, double[]> all = new HashMap<>();
    for (FlatLayout.Slot slot : parameters.layout().slots()) {
      all.put(slot.name(), doubles(parameters.slice(slot.name())));
    }
    return all;
  }

  static double[] doubles(FloatBuffer buffer) {
    double[] values = new double[buffer.limit()];
    for (int i = 0; i < values.length; i++) {
      values[i] = buffer.get(i);
    }
    return values;
  }
}

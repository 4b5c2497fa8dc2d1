package org.alignment4j.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.Edits;
import org.alignment4j.api.hook.ForwardResult;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.hook.Intervention;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingModel;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.ModelOptions;
import org.alignment4j.runtime.Quantisation;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.InitialWeights;
import org.alignment4j.runtime.architecture.LlamaConfigs;
import org.alignment4j.runtime.session.DevicePolicy;
import org.junit.jupiter.api.Test;

/** Studies of many points keep few compiled graphs. */
class HookedGraphsTest {

  private static final TokenIds TOKENS = TokenIds.of(1, 2, 3);
  private static final ModelOptions CPU = ModelOptions.defaults().device(DevicePolicy.CPU);

  private static DecoderModel model(int layers, ModelOptions options) {
    Architecture small = LlamaConfigs.create(97, 32, layers, 4, 2, 32, 48, 1, 2);
    return DecoderModel.of(
        LlamaConfigs.json(small.config()), InitialWeights.create(small, 5), null, options);
  }

  @Test
  void aSweepKeepsAsManyGraphsAsTheBound() {
    try (DecoderModel model = model(4, CPU)) {
      float[] plain = model.forward(TOKENS).execute().logits(0, 2);
      List<HookPoint<?>> points = model.hookPoints();
      int runs = 0;
      for (HookPoint<?> point : points) {
        read(model, plain, point);
        read(model, plain, point, points.get(0));
        read(model, plain, point, points.get(1));
        runs += 3;
      }
      assertThat(runs).isGreaterThan(250);
      assertThat(model.engine().openGraphs()).isEqualTo(DecoderEngine.HOOKED_GRAPHS);
    }
  }

  private static void read(DecoderModel model, float[] plain, HookPoint<?>... points) {
    ForwardResult result = model.forward(TOKENS).cache(points).execute();
    assertThat(result.logits(0, 2)).containsExactly(plain, within(1e-5f));
    assertThat(model.engine().openGraphs())
        .as("after %s", List.of(points))
        .isLessThanOrEqualTo(DecoderEngine.HOOKED_GRAPHS);
  }

  @Test
  void threadsOfDifferentPointsGetTheirOwnActivations() throws Exception {
    try (DecoderModel model = model(4, CPU)) {
      List<HookPoint<?>> points = model.hookPoints();
      assertThat(points).hasSizeGreaterThan(DecoderEngine.HOOKED_GRAPHS);
      List<Float> expected = new ArrayList<>();
      points.forEach(point -> expected.add(sum(model, point)));
      ExecutorService pool = Executors.newFixedThreadPool(3);
      try {
        List<Future<?>> sweeps = new ArrayList<>();
        for (int step : new int[] {1, 7, 7}) {
          sweeps.add(
              pool.submit(
                  () -> {
                    for (int i = 0; i < points.size(); i++) {
                      int p = i * step % points.size();
                      assertThat(sum(model, points.get(p))).isEqualTo(expected.get(p));
                    }
                  }));
        }
        for (Future<?> sweep : sweeps) {
          sweep.get(120, TimeUnit.SECONDS);
        }
      } finally {
        pool.shutdownNow();
      }
      assertThat(model.engine().openGraphs()).isLessThanOrEqualTo(DecoderEngine.HOOKED_GRAPHS);
    }
  }

  private static float sum(DecoderModel model, HookPoint<?> point) {
    return model.forward(TOKENS).cache(point).execute().cache().get(point).sumNumber().floatValue();
  }

  /** Generates and scores by models that each change one point. */
  private static void steer(DecoderModel model) {
    for (int layer = 0; layer < model.layerCount(); layer++) {
      steer(model, Edits.scale(HookPoints.residPost(layer), 2));
      steer(model, Edits.zero(HookPoints.mlpPost(layer)));
      steer(model, Edits.zero(HookPoints.z(layer)));
      steer(model, Edits.zero(HookPoints.v(layer)));
      steer(model, Edits.zero(HookPoints.mlpOut(layer)));
      steer(model, Edits.scale(HookPoints.residPre(layer), 2));
    }
  }

  private static void steer(DecoderModel model, Intervention<?> intervention) {
    Prompt prompt = Prompt.tokens(TOKENS);
    HookedModel edited = model.with(intervention);
    ((SamplingModel) edited)
        .generate(List.of(prompt), SamplingOptions.greedy(2), CancellationToken.none());
    edited.logProbabilities(List.of(Continuation.of(prompt, TOKENS)));
  }

  @Test
  void editedModelsKeepAsManyGraphsAsTheBound() {
    try (DecoderModel model = model(6, CPU)) {
      steer(model);
      assertThat(model.instance().openGraphs()).isEqualTo(DecoderEngine.HOOKED_GRAPHS);
    }
  }

  @Test
  void graphsWithPackedWeightsAreFewer() {
    try (DecoderModel model = model(2, CPU.quantised(Quantisation.int8(32)))) {
      steer(model);
      assertThat(model.instance().openGraphs() - model.engine().openGraphs())
          .isEqualTo(SharedWeights.HOOKED_GRAPHS);
    }
  }
}

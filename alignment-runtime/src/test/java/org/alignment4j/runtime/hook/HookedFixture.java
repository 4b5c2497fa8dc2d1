package org.alignment4j.runtime.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.hook.Edit;
import org.alignment4j.api.hook.ForwardResult;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.Intervention;
import org.alignment4j.api.hook.Selection;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.SharedFiles;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.DecoderFamilies;
import org.alignment4j.runtime.checkpoint.CheckpointFolder;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.engine.DecoderEngine;
import org.alignment4j.runtime.engine.DecoderInstance;
import org.alignment4j.runtime.engine.LoraInputs;
import org.alignment4j.runtime.session.DevicePolicy;
import org.alignment4j.runtime.session.OrtRuntime;

/** A reference model whose forward runs are hooked, for tests. */
final class HookedFixture implements AutoCloseable {

  static final TokenIds PROMPT = TokenIds.of(357, 447, 503, 99, 300, 65, 179, 151, 298, 495);
  static final TokenIds SHORT = TokenIds.of(12, 500, 7, 7, 31, 262);

  final Weights weights;
  final DecoderInstance instance;
  final Interventions none;

  private HookedFixture(Architecture architecture, Weights all) {
    weights = architecture.adopt(all);
    DecoderEngine engine = new DecoderEngine(OrtRuntime.create(DevicePolicy.CPU), architecture);
    instance = DecoderInstance.bind(engine, weights, LoraInputs.none());
    engine.release();
    none = Interventions.none(instance.engine());
  }

  static HookedFixture load(String name) {
    CheckpointFolder folder = CheckpointFolder.open(SharedFiles.require("fixtures/models/" + name));
    return new HookedFixture(DecoderFamilies.read(folder), folder.weights());
  }

  static HookedFixture of(ConfigJson config, Weights weights) {
    return new HookedFixture(DecoderFamilies.read(config, null, weights.names()), weights);
  }

  HookedRun run(TokenIds... sequences) {
    return HookedRun.of(instance, none, List.of(sequences));
  }

  float[] logits(Intervention<?>... interventions) {
    return flat(run(PROMPT, SHORT).with(List.of(interventions)).execute());
  }

  /** The logits of every real token. */
  static float[] flat(ForwardResult result) {
    List<float[]> rows = new ArrayList<>();
    for (int row = 0; row < result.cache().tokens().size(); row++) {
      for (int p = 0; p < result.cache().tokens().get(row).size(); p++) {
        rows.add(result.logits(row, p));
      }
    }
    float[] all = new float[rows.size() * rows.get(0).length];
    for (int i = 0; i < rows.size(); i++) {
      System.arraycopy(rows.get(i), 0, all, i * rows.get(0).length, rows.get(0).length);
    }
    return all;
  }

  static void same(String name, float[] actual, float[] expected) {
    assertThat(actual).as(name).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      float allowed = 1e-5f * Math.max(1, Math.abs(expected[i]));
      if (!(Math.abs(actual[i] - expected[i]) <= allowed)) {
        assertThat(actual[i]).as("%s[%d]", name, i).isCloseTo(expected[i], within(allowed));
      }
    }
  }

  static Intervention<?> everywhere(HookPoint<?> point, Edit edit) {
    return new Intervention<>(point, Selection.ALL, edit);
  }

  static float[] ramp(int n) {
    float[] v = new float[n];
    for (int i = 0; i < n; i++) {
      v[i] = (float) Math.sin(0.7 * i + 0.3);
    }
    return v;
  }

  @Override
  public void close() {
    instance.close();
  }
}

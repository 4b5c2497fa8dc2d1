package org.alignment4j.runtime.hook;

import static org.alignment4j.api.hook.Edits.patchFrom;
import static org.alignment4j.api.hook.Edits.replace;
import static org.alignment4j.api.hook.HookPoints.residMid;
import static org.alignment4j.api.hook.HookPoints.residPost;
import static org.alignment4j.api.hook.HookPoints.residPre;
import static org.alignment4j.api.hook.Selectors.pos;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.util.List;
import org.alignment4j.api.hook.ActivationCache;
import org.alignment4j.api.hook.ForwardResult;
import org.alignment4j.api.hook.HookKind;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.SharedFiles;
import org.alignment4j.runtime.checkpoint.SafetensorsFile;
import org.alignment4j.runtime.engine.DecoderFixture;
import org.junit.jupiter.api.Test;

/** Activations, logit lens and patching against TransformerLens. */
class HookFixturesTest {

  private static final float TOLERANCE = 1e-4f;

  private static JsonNode json(String name) throws Exception {
    return new ObjectMapper()
        .readTree(Files.readString(SharedFiles.require("fixtures/interp/" + name)));
  }

  private static SafetensorsFile tensors(String name) {
    return SafetensorsFile.open(SharedFiles.require("fixtures/interp/" + name));
  }

  private static TokenIds ids(JsonNode node) {
    int[] ids = new int[node.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = node.get(i).intValue();
    }
    return TokenIds.of(ids);
  }

  private static void close(String name, float[] actual, float[] expected) {
    assertThat(actual).as(name).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).as("%s[%d]", name, i).isCloseTo(expected[i], within(TOLERANCE));
    }
  }

  @Test
  void everyActivation() throws Exception {
    try (HookedFixture model = HookedFixture.load("gpt2-tiny");
        SafetensorsFile file = tensors("gpt2-tiny.activations_raw.safetensors")) {
      TokenIds tokens = ids(json("gpt2-tiny.json").get("tokens"));
      List<HookPoint<?>> points = model.none.catalog().points();
      ForwardResult result = model.run(tokens).cache(points.toArray(HookPoint<?>[]::new)).execute();
      int compared = 0;
      for (String name : file.tensors().keySet()) {
        float[] expected = DecoderFixture.read(file, name);
        if (name.equals("logits")) {
          close(name, HookedFixture.flat(result), expected);
        } else {
          HookPoint<?> point = HookPoint.parse(name);
          float[] actual = result.cache().values(point).toArray();
          if (point.kind() == HookKind.ATTN_SCORES) {
            unmask(actual, tokens.size());
          }
          if (name.endsWith("hook_normalized")) {
            // The reference's version takes it after weight and bias, later ones before.
            scaleAndShift(model, name, actual);
          }
          close(name, actual, expected);
          assertThat(result.cache().values(point).shape()[0]).isEqualTo(1);
          assertThat(result.cache().values(point).rank()).isEqualTo(point.kind().axes().size());
        }
        compared++;
      }
      assertThat(compared).isEqualTo(56);
    }
  }

  private static void scaleAndShift(HookedFixture model, String name, float[] rows) {
    String norm =
        name.startsWith("ln_final")
            ? "transformer.ln_f"
            : "transformer.h." + name.charAt(7) + (name.contains("ln1") ? ".ln_1" : ".ln_2");
    FloatBuffer weight = model.weights.get(norm + ".weight").data();
    FloatBuffer bias = model.weights.get(norm + ".bias").data();
    for (int i = 0; i < rows.length; i++) {
      rows[i] = rows[i] * weight.get(i % 64) + bias.get(i % 64);
    }
  }

  /** The reference stores masked scores as 0; runs give negative infinity. */
  private static void unmask(float[] scores, int n) {
    for (int i = 0; i < scores.length; i++) {
      if (i % n > i / n % n) {
        assertThat(scores[i]).isEqualTo(Float.NEGATIVE_INFINITY);
        scores[i] = 0;
      }
    }
  }

  @Test
  void logitLens() throws Exception {
    try (HookedFixture model = HookedFixture.load("gpt2-tiny");
        SafetensorsFile file = tensors("gpt2-tiny.logit_lens.safetensors")) {
      JsonNode about = json("gpt2-tiny.json");
      TokenIds tokens = ids(about.get("tokens"));
      ActivationCache cache =
          model
              .run(tokens)
              .cache(residPre(0), residMid(0), residPre(1), residMid(1))
              .cache(residPre(2), residMid(2), residPost(2))
              .execute()
              .cache();
      for (JsonNode node : about.get("logit_lens_labels")) {
        String label = node.textValue();
        HookPoint<?> point =
            label.equals("final_post")
                ? residPost(2)
                : HookPoint.parse("blocks." + label.replace("_", ".hook_resid_"));
        // The last residual stream replaced by an earlier one passes the final norm and the head.
        ForwardResult lens =
            model.run(tokens).at(residPost(2), replace(cache.values(point))).execute();
        close(
            label, HookedFixture.flat(lens), DecoderFixture.read(file, "logit_lens.raw." + label));
      }
    }
  }

  @Test
  void patchingGrid() throws Exception {
    try (HookedFixture model = HookedFixture.load("gpt2-tiny")) {
      JsonNode grid = json("patching.json");
      TokenIds clean = ids(grid.get("clean"));
      TokenIds corrupted = ids(grid.get("corrupted"));
      int answer = grid.get("answer").intValue();
      int wrong = grid.get("wrong").intValue();
      ForwardResult cleanRun =
          model.run(clean).cache(residPre(0), residPre(1), residPre(2)).execute();
      float cleanDifference = difference(cleanRun, answer, wrong);
      float corruptedDifference = difference(model.run(corrupted).execute(), answer, wrong);
      assertThat(cleanDifference)
          .isCloseTo(grid.get("clean_logit_diff").floatValue(), within(TOLERANCE));
      assertThat(corruptedDifference)
          .isCloseTo(grid.get("corrupted_logit_diff").floatValue(), within(TOLERANCE));
      for (int layer = 0; layer < 3; layer++) {
        for (int p = 0; p < clean.size(); p++) {
          ForwardResult patched =
              model
                  .run(corrupted)
                  .at(residPre(layer), patchFrom(cleanRun.cache(), pos(p)))
                  .execute();
          float metric =
              (difference(patched, answer, wrong) - corruptedDifference)
                  / (cleanDifference - corruptedDifference);
          assertThat(metric)
              .as("layer %d, position %d", layer, p)
              .isCloseTo(grid.get("resid_pre").get(layer).get(p).floatValue(), within(1e-3f));
        }
      }
    }
  }

  private static float difference(ForwardResult result, int answer, int wrong) {
    float[] last = result.logits(0, -1);
    return last[answer] - last[wrong];
  }
}

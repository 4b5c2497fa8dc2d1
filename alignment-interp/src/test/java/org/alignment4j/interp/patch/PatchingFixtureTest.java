package org.alignment4j.interp.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.stream.IntStream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.Axis;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.Layers;
import org.alignment4j.api.hook.LogitMetric;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.SharedFiles;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.Test;

class PatchingFixtureTest {

  @Test
  void residualSweepIsThatOfTransformerLens() throws Exception {
    JsonNode fixture =
        new ObjectMapper().readTree(SharedFiles.require("fixtures/interp/patching.json").toFile());
    ContrastPair pair =
        new ContrastPair(
            tokens(fixture.get("clean")),
            tokens(fixture.get("corrupted")),
            LogitMetric.logitDifference(
                fixture.get("answer").asInt(), fixture.get("wrong").asInt()));
    try (DecoderModel model = DecoderModel.load(SharedFiles.require("fixtures/models/gpt2-tiny"))) {
      PatchGrid grid =
          ActivationPatching.run(
              model,
              PatchSweep.of(
                  HookPoints.residPre(Layers.all()), PatchDirection.DENOISING, Axis.POSITION),
              List.of(pair),
              CancellationToken.none());
      assertThat(grid.clean().value())
          .isCloseTo(fixture.get("clean_logit_diff").asDouble(), within(1e-4));
      assertThat(grid.corrupted().value())
          .isCloseTo(fixture.get("corrupted_logit_diff").asDouble(), within(1e-4));
      JsonNode expected = fixture.get("resid_pre");
      for (int layer = 0; layer < expected.size(); layer++) {
        for (int position = 0; position < expected.get(layer).size(); position++) {
          assertThat(grid.effect(layer, position).value())
              .as("layer %s, position %s", layer, position)
              .isCloseTo(expected.get(layer).get(position).asDouble(), within(1e-3));
        }
      }
      assertThat(grid.effects()).hasSize(expected.size() * expected.get(0).size());
    }
  }

  private static TokenIds tokens(JsonNode array) {
    return TokenIds.of(IntStream.range(0, array.size()).map(i -> array.get(i).asInt()).toArray());
  }
}

package org.alignment4j.runtime.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.alignment4j.api.hook.Edits;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.Intervention;
import org.alignment4j.api.hook.Values;
import org.alignment4j.runtime.GptFamilies;
import org.alignment4j.runtime.engine.DecoderFixture;
import org.alignment4j.runtime.engine.DecoderInstance;
import org.alignment4j.runtime.engine.LoraInputs;
import org.alignment4j.runtime.graph.Producers;
import org.alignment4j.runtime.hook.Interventions;
import org.junit.jupiter.api.Test;

/**
 * A prompt's logits are as large as its tokens times the vocabulary, where the next token needs
 * those of one row.
 */
class DecodeGraphsTest {

  private static final String SELECTION = "Gather";

  /** The operator that makes the logits of a model with linear biases and edits. */
  private static String last(Intervention<?>... edits) {
    String name = "bloom, three heads";
    try (DecoderFixture fixture =
        DecoderFixture.of(GptFamilies.config(name), GptFamilies.weights(name))) {
      DecoderInstance model =
          DecoderInstance.bind(fixture.engine, fixture.weights, LoraInputs.none());
      Interventions interventions = Interventions.none(fixture.engine).with(List.of(edits));
      String operator =
          Producers.of(
              DecodeGraphs.cachedGraph(fixture.architecture, model, interventions),
              DecodeGraphs.LOGITS);
      model.close();
      return operator;
    }
  }

  @Test
  void rowsAreTakenBeforeTheHead() {
    assertThat(last()).isNotEqualTo(SELECTION);
    assertThat(last(Edits.scale(HookPoints.residPost(0), 2))).isNotEqualTo(SELECTION);
    assertThat(last(Edits.scale(HookPoints.lnFinal(), 2))).isNotEqualTo(SELECTION);
  }

  @Test
  void editedLogitsAreThoseOfEveryColumn() {
    assertThat(last(Edits.add(HookPoints.unembedOut(), Values.scalar(5), 1))).isEqualTo(SELECTION);
  }
}

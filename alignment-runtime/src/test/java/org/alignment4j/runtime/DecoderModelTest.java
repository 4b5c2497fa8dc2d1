package org.alignment4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.alignment4j.api.CheckpointException;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.runtime.architecture.InitialWeights;
import org.alignment4j.runtime.architecture.LlamaConfigs;
import org.alignment4j.runtime.architecture.ParameterNames.Part;
import org.alignment4j.runtime.train.FlatParameters;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.LoraAdapter;
import org.alignment4j.runtime.train.LoraAdapter.LinearShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a model becomes by editing, adapting, saving and loading. */
class DecoderModelTest {

  @TempDir Path folder;

  @Test
  void anEditedWeightChangesTheNextTokenAndTheBaseStays() {
    try (DecoderModel base = TestModels.small()) {
      SamplingOptions top = SamplingOptions.builder(1).temperature(0).topLogProbs(5).build();
      Prompt prompt = Prompt.tokens(5, 6, 7);
      Completion before = base.generate(prompt, top);
      String id = base.id();
      String name = TestModels.SMALL.names().weight(1, Part.DOWN);
      try (DecoderModel edited =
          base.edit(
              name,
              values -> {
                for (int i = 0; i < values.length; i++) {
                  values[i] = (i % 3 - 1) * 2f;
                }
                return values;
              })) {
        Completion after = edited.generate(prompt, top);
        assertThat(after.topLogProbs()).isNotEqualTo(before.topLogProbs());
        assertThat(edited.id()).isNotEqualTo(id);
        assertThat(edited.weights().get(TestModels.SMALL.names().tokenEmbedding()))
            .isSameAs(base.weights().get(TestModels.SMALL.names().tokenEmbedding()));
      }
      assertThat(base.generate(prompt, top).topLogProbs()).isEqualTo(before.topLogProbs());
      assertThat(base.id()).isEqualTo(id);
      assertThatThrownBy(() -> base.edit(name, values -> new float[3]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("must give 2048 values but gave 3");
    }
  }

  @Test
  void anAdapterActsAsItsMergedWeights() {
    String weight = TestModels.SMALL.names().weight(0, Part.QUERY);
    LoraAdapter zero = LoraAdapter.initial(Lora.rank(3), Map.of(weight, new LinearShape(32, 32)));
    FlatParameters parameters = zero.toParameters();
    FloatBuffer b = parameters.slice(LoraAdapter.bName(weight));
    for (int i = 0; i < b.limit(); i++) {
      b.put(i, 0.3f * (i % 5 - 2));
    }
    LoraAdapter trained = zero.withParameters(parameters);
    try (DecoderModel base = TestModels.small();
        DecoderModel same = base.withAdapter(zero);
        DecoderModel adapted = base.withAdapter(trained);
        DecoderModel merged = adapted.merged()) {
      assertThat(TestModels.logProb(same, 9)).isEqualTo(TestModels.logProb(base, 9));
      assertThat(TestModels.logProb(adapted, 9))
          .isNotCloseTo(TestModels.logProb(base, 9), within(1e-3));
      assertThat(TestModels.logProb(merged, 9))
          .isCloseTo(TestModels.logProb(adapted, 9), within(1e-5));
      assertThat(merged.generate(Prompt.tokens(5, 6, 7), SamplingOptions.greedy(8)).tokens())
          .isEqualTo(adapted.generate(Prompt.tokens(5, 6, 7), SamplingOptions.greedy(8)).tokens());
      assertThat(adapted.id()).isNotEqualTo(base.id());
      assertThatThrownBy(() -> adapted.save(folder.resolve("a")))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("merged()");
      LoraAdapter wide = LoraAdapter.initial(Lora.rank(3), Map.of(weight, new LinearShape(16, 32)));
      assertThatThrownBy(() -> base.withAdapter(wide))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("must fit its shape [32, 32] but is of a weight of shape [32, 16]");
    }
  }

  @Test
  void aSavedModelComesBack() {
    try (DecoderModel model = TestModels.stories()) {
      model.save(folder.resolve("copy"));
      try (DecoderModel copy = DecoderModel.load(folder.resolve("copy"), TestModels.CPU)) {
        assertThat(copy.id()).isEqualTo(model.id());
        assertThat(copy.generate(Prompt.text("Once"), SamplingOptions.greedy(10)).text())
            .isEqualTo(model.generate(Prompt.text("Once"), SamplingOptions.greedy(10)).text());
      }
    }
  }

  @Test
  void refusesATokenizerBeyondTheEmbedding() throws Exception {
    Path stories = SharedFiles.require("models/stories260K");
    Path target = folder.resolve("disagree");
    Files.createDirectories(target);
    Files.copy(stories.resolve("tokenizer.json"), target.resolve("tokenizer.json"));
    assertThatThrownBy(
            () ->
                DecoderModel.of(
                    LlamaConfigs.json(TestModels.SMALL.config()),
                    InitialWeights.create(TestModels.SMALL, 5),
                    target,
                    TestModels.CPU))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("token ids up to 511 but the model's embedding has only 120 rows");
  }
}

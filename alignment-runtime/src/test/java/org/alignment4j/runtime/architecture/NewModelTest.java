package org.alignment4j.runtime.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Set;
import org.alignment4j.runtime.checkpoint.CheckpointFolder;
import org.alignment4j.runtime.checkpoint.CheckpointWriter;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.DType;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NewModelTest {

  private static final Architecture NEW = LlamaConfigs.create(300, 64, 4, 4, 2, 176, 128, 1, 2);

  @TempDir Path folder;

  @Test
  void configurationComesBack() {
    ConfigJson json = LlamaConfigs.json(NEW.config());

    assertThat(DecoderFamilies.read(json, null, Set.of())).isEqualTo(NEW);
  }

  @Test
  void savedModelComesBack() {
    Weights weights = InitialWeights.create(NEW, 3);
    Path target = folder.resolve("new");
    CheckpointWriter.save(
        target,
        LlamaConfigs.json(NEW.config()),
        LlamaConfigs.generationJson(NEW.config()),
        weights,
        DType.F32,
        null);

    CheckpointFolder back = CheckpointFolder.open(target);

    assertThat(DecoderFamilies.read(back)).isEqualTo(NEW);
    assertThat(NEW.adopt(back.weights()).contentHash()).isEqualTo(weights.contentHash());
  }

  @Test
  void refusesOtherForms() {
    ConfigJson gpt2 =
        ConfigJson.parse(
            "config.json",
            "{\"model_type\":\"gpt2\",\"vocab_size\":20,\"n_embd\":8,\"n_layer\":1,\"n_head\":2}");
    DecoderConfig config = DecoderFamilies.read(gpt2, null, Set.of()).config();

    assertThatThrownBy(() -> LlamaConfigs.json(config))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("config must be in Llama form");
    assertThatThrownBy(() -> LlamaConfigs.create(300, 66, 4, 4, 2, 176, 128, 1, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("hiddenSize must be an even multiple of heads 4 but was 66");
  }

  @Test
  void sameSeedGivesTheSameBits() {
    String hash = InitialWeights.create(NEW, 5).contentHash();

    assertThat(InitialWeights.create(NEW, 5).contentHash()).isEqualTo(hash);
    assertThat(InitialWeights.create(NEW, 6).contentHash()).isNotEqualTo(hash);
  }

  @Test
  void drawsHaveTheStatedSpread() {
    Weights weights = InitialWeights.create(NEW, 5);

    assertSpread(weights.get("model.embed_tokens.weight"), 0.02);
    assertSpread(weights.get("model.layers.0.mlp.up_proj.weight"), 0.02);
    assertSpread(weights.get("model.layers.3.mlp.down_proj.weight"), 0.02 / Math.sqrt(8));
    assertSpread(weights.get("model.layers.1.self_attn.o_proj.weight"), 0.02 / Math.sqrt(8));
    FloatBuffer gain = weights.get("model.norm.weight").data();
    while (gain.hasRemaining()) {
      assertThat(gain.get()).isEqualTo(1);
    }
  }

  /** Mean and standard deviation within five standard errors of what they should be. */
  private static void assertSpread(WeightTensor tensor, double deviation) {
    FloatBuffer data = tensor.data();
    double sum = 0;
    double squares = 0;
    while (data.hasRemaining()) {
      double v = data.get();
      sum += v;
      squares += v * v;
    }
    int n = tensor.size();
    assertThat(Math.abs(sum / n)).isLessThan(5 * deviation / Math.sqrt(n));
    assertThat(Math.abs(Math.sqrt(squares / n) / deviation - 1)).isLessThan(5 / Math.sqrt(2.0 * n));
  }
}

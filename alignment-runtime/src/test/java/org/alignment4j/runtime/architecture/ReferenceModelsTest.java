package org.alignment4j.runtime.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.alignment4j.runtime.SharedFiles;
import org.alignment4j.runtime.architecture.DecoderConfig.Activation;
import org.alignment4j.runtime.architecture.DecoderConfig.LearnedPositions;
import org.alignment4j.runtime.architecture.DecoderConfig.RotaryPositions;
import org.alignment4j.runtime.checkpoint.CheckpointFolder;
import org.alignment4j.runtime.checkpoint.Weights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReferenceModelsTest {

  @ParameterizedTest
  @CsvSource({
    "fixtures/models/gpt2-tiny, 40, 191040",
    "fixtures/models/neox-tiny, 40, 215616",
    "fixtures/models/llama-tiny, 30, 167360",
    "fixtures/models/qwen2-tiny, 38, 134976",
    "models/stories260K, 47, 260032"
  })
  void adoptsEveryTensor(String folder, int tensors, long parameters) {
    CheckpointFolder checkpoint = CheckpointFolder.open(SharedFiles.require(folder));
    Architecture architecture = DecoderFamilies.read(checkpoint);

    Weights weights = architecture.adopt(checkpoint.weights());

    assertThat(weights.names()).hasSize(tensors).hasSameElementsAs(checkpoint.tensorNames());
    assertThat(weights.parameterCount()).isEqualTo(parameters);
    assertThat(architecture.parameters().stream().mapToLong(Parameter::size).sum())
        .isEqualTo(parameters);
  }

  @Test
  void readsGpt2() {
    DecoderConfig config = config("fixtures/models/gpt2-tiny");

    assertThat(config.modelType()).isEqualTo("gpt2");
    assertThat(config.intermediateSize()).isEqualTo(256);
    assertThat(config.activation()).isEqualTo(Activation.GELU_TANH);
    assertThat(config.positions()).isEqualTo(new LearnedPositions());
    assertThat(config.tiedEmbeddings()).isTrue();
    assertThat(config.attentionScale()).isEqualTo(0.25);
    assertThat(config.eosTokenIds()).containsExactly(511);
  }

  @Test
  void readsGptNeoX() {
    DecoderConfig config = config("fixtures/models/neox-tiny");

    assertThat(config.positions()).isEqualTo(new RotaryPositions(10000, 4));
    assertThat(config.parallelResidual()).isTrue();
    assertThat(config.activation()).isEqualTo(Activation.GELU_ERF);
    assertThat(config.tiedEmbeddings()).isFalse();
  }

  @Test
  void readsLlama() {
    DecoderConfig config = config("fixtures/models/llama-tiny");

    assertThat(config.positions()).isEqualTo(new RotaryPositions(10000, 16));
    assertThat(config.groups()).isEqualTo(2);
    assertThat(config.qkvBias()).isFalse();
    assertThat(config.normEpsilon()).isEqualTo(1e-5);
    assertThat(config.padTokenId()).isZero();
  }

  @Test
  void readsQwen2() {
    DecoderConfig config = config("fixtures/models/qwen2-tiny");

    assertThat(config.positions()).isEqualTo(new RotaryPositions(1e6, 16));
    assertThat(config.qkvBias()).isTrue();
    assertThat(config.outputBias()).isFalse();
    assertThat(config.tiedEmbeddings()).isTrue();
  }

  @Test
  void readsEveryEndOfSequence() {
    assertThat(config("models/stories260K").eosTokenIds()).isEqualTo(Set.of(1, 2));
  }

  private static DecoderConfig config(String folder) {
    return DecoderFamilies.read(CheckpointFolder.open(SharedFiles.require(folder))).config();
  }
}

package org.alignment4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.alignment4j.runtime.architecture.ParameterNames.Part;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.DType;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.peft.PeftAdapter;
import org.alignment4j.runtime.train.LoraAdapter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Adapter folders: what is refused, and what comes with them. */
class PeftAdapterTest extends PeftAdapterFixture {

  @Test
  void theFolderIsRead() {
    try (DecoderModel model = model(false)) {
      LoraAdapter lora = PeftAdapter.read(folder, model.architecture()).lora();
      assertThat(lora.config().rank()).isEqualTo(2);
      assertThat(lora.config().targets()).containsExactly(Part.QUERY);
      assertThat(lora.matrices().keySet())
          .containsExactly(
              "model.layers.0.self_attn.q_proj.weight", "model.layers.1.self_attn.q_proj.weight");
      assertThat(lora.scale("model.layers.1.self_attn.q_proj.weight")).isEqualTo(3);
    }
  }

  @Test
  void foldersWithoutTheirFilesAreRefused() throws IOException {
    Path tensorsFile = folder.resolve("adapter_model.safetensors");
    byte[] whole = Files.readAllBytes(tensorsFile);
    Files.write(tensorsFile, Arrays.copyOf(whole, whole.length - 5));
    refused("adapter_model.safetensors");
    Files.write(tensorsFile, Arrays.copyOf(whole, 6));
    refused("truncated");
    Files.delete(tensorsFile);
    refused("must have adapter_model.safetensors");
    Files.write(folder.resolve("adapter_model.bin"), new byte[] {(byte) 0x80, 2});
    refused("only adapter_model.bin", "pickle", "safe_serialization=True");
    Files.delete(folder.resolve("adapter_config.json"));
    refused("has no adapter_config.json");
    assertThatThrownBy(() -> PeftAdapter.read(folder.resolve("none"), model(false).architecture()))
        .hasMessageContaining("is no folder");
  }

  @Test
  void configurationsThatAreNoJsonAreRefused() throws IOException {
    Files.writeString(folder.resolve("adapter_config.json"), "{\"peft_type\": \"LORA\",");
    refused("adapter_config.json must be a JSON object");
  }

  @Test
  void aTensorOfAnotherRankIsRefusedByName() throws IOException {
    tensors.put(Q.replace("%d", "1") + "lora_B.weight", entry(16, 3));
    write("");
    refused("layers.1.self_attn.q_proj.lora_B.weight", "[16, 2]", "[16, 3]", "safetensors");
  }

  @Test
  void aMissingTensorIsRefusedByName() throws IOException {
    tensors.remove(Q.replace("%d", "0") + "lora_A.weight");
    write("");
    refused("lacks 'base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight'");
    write(", \"use_dora\": true");
    refused("layers.0.self_attn.q_proj.lora_A.weight", "lora_magnitude_vector");
  }

  @Test
  void aTensorThatNothingAskedForIsRefusedByName() throws IOException {
    tensors.put(
        "base_model.model.model.layers.0.self_attn.q_proj.lora_magnitude_vector", entry(16));
    write("");
    refused("also holds", "lora_magnitude_vector", "safetensors");
  }

  @Test
  void anAdapterOfAnotherModelIsRefused() {
    try (DecoderModel gpt2 = model(true)) {
      refused(gpt2, "select none", "another base model", "gpt2");
    }
    ConfigJson wide = RandomModels.config(RandomModels.llama(VOCAB, 32, 2, 2, 12, 12));
    try (DecoderModel model =
        DecoderModel.of(wide, RandomModels.weights(wide, 0.1), null, TestModels.CPU)) {
      refused(model, "must have shape [2, 32]", "another base model");
    }
    ConfigJson deep = RandomModels.config(RandomModels.llama(VOCAB, 16, 2, 3, 12, 12));
    try (DecoderModel model =
        DecoderModel.of(deep, RandomModels.weights(deep, 0.1), null, TestModels.CPU)) {
      refused(model, "lacks", "layers.2");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"lm_head", "model.embed_tokens", "input_layernorm"})
  void modulesThatCannotBeAdaptedAreRefusedByName(String module) throws IOException {
    Files.writeString(
        folder.resolve("adapter_config.json"),
        CONFIG.replace("[\"q_proj\"]", "[\"" + module + "\"]").replace("%s", ""));
    refused("selects '", module, "merge the adapter in Python");
  }

  @Test
  void modulesSavedWholeReplaceTheBases() throws IOException {
    tensors.put("base_model.model.lm_head.weight", entry(VOCAB, 16));
    tensors.put("base_model.model.model.norm.weight", entry(16));
    write(", \"modules_to_save\": [\"lm_head\", \"model.norm\", \"classifier\"]");
    try (DecoderModel model = model(false)) {
      PeftAdapter read = PeftAdapter.read(folder, model.architecture());
      assertThat(read.saved().names()).containsExactly("model.norm.weight", "lm_head.weight");
      Weights expected = model.weights();
      for (String name : List.of("lm_head.weight", "model.norm.weight")) {
        PeftFolders.Entry e = tensors.get("base_model.model." + name);
        expected =
            expected.with(WeightTensor.of(name, model.weights().get(name).shape(), e.values()));
      }
      try (DecoderModel view = model.withAdapter(read);
          DecoderModel other = model.withWeights(expected);
          DecoderModel oracle = other.withAdapter(read.lora())) {
        assertThat(logits(view)).isEqualTo(logits(oracle)).isNotEqualTo(logits(model));
      }
      read.write(folder.resolve("again"));
      assertThat(Files.readAllBytes(folder.resolve("again/adapter_model.safetensors")))
          .containsExactly(Files.readAllBytes(folder.resolve("adapter_model.safetensors")));
      PeftAdapter described = PeftAdapter.of(read.lora(), read.saved(), model.architecture(), null);
      assertThat(described.config().modulesToSave()).containsExactly("lm_head", "model.norm");
      described.write(folder.resolve("described"));
      assertThat(PeftAdapter.read(folder.resolve("described"), model.architecture()).saved())
          .extracting(Weights::contentHash)
          .isEqualTo(read.saved().contentHash());
    }
  }

  /** PEFT compares ends of names, so that this is every norm. */
  @Test
  void endsOfNamesNameEveryModuleThatHasThem() throws IOException {
    tensors.put("base_model.model.model.norm.weight", entry(16));
    write(", \"modules_to_save\": [\"norm\"]");
    refused("lacks 'base_model.model.model.layers.0.input_layernorm.weight'", "and 1 more");
  }

  @Test
  void aSharedEmbeddingIsNotSavedWhole() throws IOException {
    tensors.put("base_model.model.model.embed_tokens.weight", entry(VOCAB, 16));
    write(", \"modules_to_save\": [\"embed_tokens\"]");
    ConfigJson tied = config(false).with("tie_word_embeddings", true);
    try (DecoderModel model =
        DecoderModel.of(tied, RandomModels.weights(tied, 0.1), null, TestModels.CPU)) {
      refused(model, "embed_tokens", "only one of them would change");
    }
  }

  @Test
  void halfPrecisionFilesKeepTheirBytes() throws IOException {
    write("", "BF16");
    byte[] original = Files.readAllBytes(folder.resolve("adapter_model.safetensors"));
    try (DecoderModel model = model(false)) {
      PeftAdapter read = PeftAdapter.read(folder, model.architecture());
      assertThat(read.dtype()).isEqualTo(DType.BF16);
      read.write(folder);
      assertThat(Files.readAllBytes(folder.resolve("adapter_model.safetensors")))
          .containsExactly(original);
      read.withDtype(DType.F16).write(folder.resolve("f16"));
      PeftAdapter half = PeftAdapter.read(folder.resolve("f16"), model.architecture());
      assertThat(half.dtype()).isEqualTo(DType.F16);
      half.write(folder.resolve("again"));
      assertThat(Files.readAllBytes(folder.resolve("again/adapter_model.safetensors")))
          .containsExactly(Files.readAllBytes(folder.resolve("f16/adapter_model.safetensors")));
    }
  }
}

package org.alignment4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CheckpointException;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.architecture.ParameterNames.Part;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.DType;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.peft.AdapterCombination;
import org.alignment4j.runtime.peft.AdapterCombination.Member;
import org.alignment4j.runtime.peft.PeftAdapter;
import org.alignment4j.runtime.train.LearningRateSchedule;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.LoraAdapter;
import org.alignment4j.runtime.train.LoraConfig;
import org.alignment4j.runtime.train.LoraMatrices;
import org.alignment4j.runtime.train.Trainable;
import org.alignment4j.runtime.train.Trainer;
import org.alignment4j.runtime.train.TrainingContext;
import org.alignment4j.runtime.train.TrainingOptions;
import org.alignment4j.runtime.train.TrainingResult;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Adapter folders: what is refused, what comes with them, and their way through training. */
class PeftAdapterTest extends TinyTraining {

  private static final TokenIds TOKENS = TokenIds.of(new int[] {1, 5, 3, 2, 9, 11, 4});
  private static final List<int[]> SEQUENCES = List.of(new int[] {1, 5, 3, 2, 9, 11, 4});

  private static final String Q = "base_model.model.model.layers.%d.self_attn.q_proj.";
  private static final String CONFIG =
      "{\"peft_type\": \"LORA\", \"task_type\": \"CAUSAL_LM\", \"r\": 2, \"lora_alpha\": 6,"
          + " \"target_modules\": [\"q_proj\"]%s}";

  private final Random random = new Random(7);
  private Map<String, PeftFolders.Entry> tensors = new LinkedHashMap<>();
  @TempDir private Path folder = Path.of("");

  @BeforeEach
  void aPlainAdapterOfTheTinyLlama() throws IOException {
    tensors = new LinkedHashMap<>();
    for (int layer = 0; layer < 2; layer++) {
      String stem = Q.replace("%d", Integer.toString(layer));
      tensors.put(stem + "lora_A.weight", entry(2, 16));
      tensors.put(stem + "lora_B.weight", entry(16, 2));
    }
    write("");
  }

  private PeftFolders.Entry entry(int... shape) {
    float[] values = new float[Arrays.stream(shape).reduce(1, (x, y) -> x * y)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (0.2 * random.nextGaussian());
    }
    return new PeftFolders.Entry(shape, values);
  }

  private void write(String fields) throws IOException {
    write(fields, "F32");
  }

  private void write(String fields, String dtype) throws IOException {
    PeftFolders.write(folder, CONFIG.replace("%s", fields), tensors, dtype);
  }

  private static DecoderModel model(boolean gpt2) {
    ConfigJson config = config(gpt2);
    return DecoderModel.of(config, RandomModels.weights(config, 0.25), null, TestModels.CPU);
  }

  private void refused(String... messages) {
    try (DecoderModel model = model(false)) {
      refused(model, messages);
    }
  }

  private void refused(DecoderModel model, String... messages) {
    var thrown =
        assertThatThrownBy(() -> PeftAdapter.read(folder, model.architecture()))
            .isInstanceOf(CheckpointException.class);
    for (String message : messages) {
      thrown.hasMessageContaining(message);
    }
  }

  private static float[] logits(DecoderModel model) {
    return model.forward(TOKENS).execute().logits(0, -1);
  }

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

  /** The checkpoint of the bare decoder lacks the first part of every name; adapters do not. */
  @Test
  void checkpointsOfTheBareDecoderTakeTheSameAdapter() {
    ConfigJson config = config(true);
    Weights weights = RandomModels.weights(config, 0.25);
    List<WeightTensor> bare = new ArrayList<>();
    for (WeightTensor t : weights.tensors()) {
      bare.add(new WeightTensor(t.name().replace("transformer.", ""), t.shape(), t.data()));
    }
    try (DecoderModel full = DecoderModel.of(config, weights, null, TestModels.CPU);
        DecoderModel short_ = DecoderModel.of(config, Weights.of(bare), null, TestModels.CPU)) {
      LoraAdapter made = moved(adapter(full, Lora.rank(2)));
      PeftAdapter.of(made, full.architecture(), null).write(folder.resolve("full"));
      PeftAdapter read = PeftAdapter.read(folder.resolve("full"), short_.architecture());
      try (DecoderModel one = full.withAdapter(made);
          DecoderModel other = short_.withAdapter(read)) {
        assertThat(logits(other)).isEqualTo(logits(one));
      }
      read.write(folder.resolve("short"));
      assertThat(folder.resolve("short/adapter_model.safetensors"))
          .hasSameBinaryContentAs(folder.resolve("full/adapter_model.safetensors"));
    }
  }

  private static LoraAdapter adapter(DecoderModel model, LoraConfig config) {
    return Trainable.adapter(model.weights(), model.architecture(), config).start();
  }

  private LoraAdapter moved(LoraAdapter start) {
    Map<String, LoraMatrices> out = new LinkedHashMap<>();
    start
        .matrices()
        .forEach(
            (name, pair) -> {
              float[] b = entry(pair.out(), pair.rank()).values();
              out.put(
                  name,
                  new LoraMatrices(
                      pair.a(),
                      WeightTensor.of(pair.b().name(), pair.b().shape(), b),
                      pair.scale(),
                      pair.magnitude()));
            });
    return new LoraAdapter(start.config(), out);
  }

  /** The names in {@code target_modules} select the adapted modules, and none besides. */
  @ParameterizedTest
  @EnumSource(
      value = Part.class,
      names = {"QKV", "OUTPUT", "UP", "DOWN"})
  void targetsOfAdaptersMadeHereAreExact(Part part) throws IOException {
    try (DecoderModel model = model(true)) {
      LoraAdapter made = moved(adapter(model, Lora.rank(3).targets(part).weightDecomposed()));
      try (DecoderModel view = model.withAdapter(made)) {
        view.saveAdapter(folder.resolve("made"));
      }
      String text = Files.readString(folder.resolve("made/adapter_config.json"));
      String name =
          switch (part) {
            case QKV -> "c_attn";
            case OUTPUT -> "attn.c_proj";
            case UP -> "c_fc";
            default -> "mlp.c_proj";
          };
      assertThat(ConfigJson.parse("x", text).strings("target_modules")).containsExactly(name);
      assertThat(ConfigJson.parse("x", text).flag("fan_in_fan_out", false)).isTrue();
      assertThat(ConfigJson.parse("x", text).flag("use_dora", false)).isTrue();
      PeftAdapter back = PeftAdapter.read(folder.resolve("made"), model.architecture());
      assertThat(back.lora().tensors().contentHash()).isEqualTo(made.tensors().contentHash());
      LoraAdapter first =
          new LoraAdapter(
              made.config(),
              Map.of(
                  made.matrices().keySet().iterator().next(),
                  made.matrices().values().iterator().next()));
      PeftAdapter one = PeftAdapter.of(first, model.architecture(), null);
      one.write(folder.resolve("one"));
      assertThat(PeftAdapter.read(folder.resolve("one"), model.architecture()).lora().matrices())
          .hasSize(1);
    }
  }

  @Test
  void combinationsAreSavedToo() {
    try (DecoderModel model = model(false)) {
      LoraAdapter x = moved(adapter(model, Lora.rank(2).targets(Part.QUERY, Part.UP)));
      LoraAdapter y = moved(adapter(model, Lora.rank(3).targets(Part.UP, Part.DOWN)));
      LoraAdapter both =
          new AdapterCombination(List.of(new Member(x, 0.4), new Member(y, -0.8))).concatenated();
      PeftAdapter.of(both, model.architecture(), null).write(folder.resolve("both"));
      LoraAdapter back = PeftAdapter.read(folder.resolve("both"), model.architecture()).lora();
      try (DecoderModel view = model.withAdapter(both);
          DecoderModel read = model.withAdapter(back)) {
        assertThat(logits(read)).isEqualTo(logits(view)).isNotEqualTo(logits(model));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aLoadedAdapterIsTrainedFurther(boolean dora) throws IOException {
    if (dora) {
      for (int layer = 0; layer < 2; layer++) {
        tensors.put(Q.replace("%d", Integer.toString(layer)) + "lora_magnitude_vector", entry(16));
      }
    }
    write(", \"alpha_pattern\": {\"layers.1.*\": 3}, \"use_dora\": " + dora);
    try (DecoderModel model = model(false)) {
      PeftAdapter read = PeftAdapter.read(folder, model.architecture());
      TrainingContext context =
          new TrainingContext(Runnable::run, 1, progress -> {}, () -> false, System::nanoTime);
      TrainingResult result =
          new Trainer(
                  model.engine(),
                  "sft",
                  TrainingOptions.of(LearningRateSchedule.constant(1e-2)),
                  context)
              .run(
                  new Trainable.Adapter(model.weights(), read.lora()),
                  new Nll(),
                  source(40, step -> List.of(micro(SEQUENCES, 6))));
      assertThat(result.metrics().get(39).values().get("loss"))
          .isLessThan(0.95 * result.metrics().get(0).values().get("loss"));
      PeftAdapter trained = read.withLora(result.adapter().orElseThrow());
      trained.write(folder.resolve("trained"));
      PeftAdapter back = PeftAdapter.read(folder.resolve("trained"), model.architecture());
      assertThat(back.config().text()).isEqualTo(read.config().text());
      assertThat(back.lora().scale("model.layers.1.self_attn.q_proj.weight")).isEqualTo(1.5);
      try (DecoderModel one = model.withAdapter(trained);
          DecoderModel other = model.withAdapter(back);
          DecoderModel before = model.withAdapter(read)) {
        assertThat(logits(other)).isEqualTo(logits(one)).isNotEqualTo(logits(before));
      }
      assertThatThrownBy(() -> read.withLora(adapter(model, Lora.rank(2))))
          .hasMessageContaining("same weights");
    }
  }

  @Test
  void adaptersOfClassifiersBringTheirHead() throws IOException {
    tensors.put("base_model.model.score.weight", entry(3, 16));
    Files.writeString(
        folder.resolve("adapter_config.json"),
        CONFIG
            .replace("CAUSAL_LM", "SEQ_CLS")
            .replace("%s", ", \"modules_to_save\": [\"classifier\", \"score\"]"));
    Files.write(folder.resolve("adapter_model.safetensors"), PeftFolders.bytes(tensors, "F32"));
    WeightTensor start = WeightTensor.of("score", new long[] {3, 16}, new float[48]);
    try (DecoderModel base = model(false);
        SequenceClassifier classifier = SequenceClassifier.of(base, start)) {
      PeftAdapter read = PeftAdapter.read(folder, classifier.architecture());
      Weights merged =
          read.lora()
              .mergedInto(
                  read.savedOver(classifier.weights()),
                  classifier.architecture().config().linear());
      try (SequenceClassifier view =
              classifier.with(read.savedOver(classifier.weights()), read.lora());
          SequenceClassifier oracle = classifier.with(merged, null)) {
        float[] found = view.scores(List.of(TOKENS), CancellationToken.none()).get(0);
        assertThat(found)
            .containsExactly(
                oracle.scores(List.of(TOKENS), CancellationToken.none()).get(0), within(1e-5f));
        assertThat(found[0]).isNotZero();
      }
      PeftAdapter described =
          PeftAdapter.of(read.lora(), read.saved(), classifier.architecture(), null);
      assertThat(described.config().taskType()).isEqualTo("SEQ_CLS");
    }
  }

  @Test
  void onlyWhatMergingMadeIsUnmerged() {
    try (DecoderModel model = model(false)) {
      PeftAdapter read = PeftAdapter.read(folder, model.architecture());
      try (DecoderModel view = model.withAdapter(read);
          DecoderModel merged = view.merged();
          DecoderModel edited =
              merged.edit(
                  "model.layers.1.self_attn.q_proj.weight",
                  values -> {
                    values[3] += 1e-3f;
                    return values;
                  })) {
        var layout = model.architecture().config().linear();
        assertThat(
                read.lora().unmergedFrom(merged.weights(), model.weights(), layout).contentHash())
            .isEqualTo(model.weights().contentHash());
        assertThatThrownBy(
                () -> read.lora().unmergedFrom(edited.weights(), model.weights(), layout))
            .hasMessageContaining("layers.1.self_attn.q_proj.weight");
      }
    }
  }
}

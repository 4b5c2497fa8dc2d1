package org.alignment4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.runtime.architecture.ParameterNames.Part;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.peft.AdapterCombination;
import org.alignment4j.runtime.peft.AdapterCombination.Member;
import org.alignment4j.runtime.peft.PeftAdapter;
import org.alignment4j.runtime.train.LearningRateSchedule;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.LoraAdapter;
import org.alignment4j.runtime.train.Trainable;
import org.alignment4j.runtime.train.Trainer;
import org.alignment4j.runtime.train.TrainingContext;
import org.alignment4j.runtime.train.TrainingOptions;
import org.alignment4j.runtime.train.TrainingResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Adapters that were made or trained here: their folders, and the models they make. */
class MadeAdaptersTest extends PeftAdapterFixture {

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

package org.alignment4j.runtime;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.alignment4j.api.CheckpointException;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.peft.PeftAdapter;
import org.alignment4j.runtime.train.LoraAdapter;
import org.alignment4j.runtime.train.LoraConfig;
import org.alignment4j.runtime.train.LoraMatrices;
import org.alignment4j.runtime.train.Trainable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A plain adapter of a tiny Llama, in a folder. */
abstract class PeftAdapterFixture extends TinyTraining {

  static final TokenIds TOKENS = TokenIds.of(new int[] {1, 5, 3, 2, 9, 11, 4});
  static final List<int[]> SEQUENCES = List.of(new int[] {1, 5, 3, 2, 9, 11, 4});

  static final String Q = "base_model.model.model.layers.%d.self_attn.q_proj.";
  static final String CONFIG =
      "{\"peft_type\": \"LORA\", \"task_type\": \"CAUSAL_LM\", \"r\": 2, \"lora_alpha\": 6,"
          + " \"target_modules\": [\"q_proj\"]%s}";

  final Random random = new Random(7);
  Map<String, PeftFolders.Entry> tensors = new LinkedHashMap<>();
  @TempDir Path folder = Path.of("");

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

  PeftFolders.Entry entry(int... shape) {
    float[] values = new float[Arrays.stream(shape).reduce(1, (x, y) -> x * y)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (0.2 * random.nextGaussian());
    }
    return new PeftFolders.Entry(shape, values);
  }

  void write(String fields) throws IOException {
    write(fields, "F32");
  }

  void write(String fields, String dtype) throws IOException {
    PeftFolders.write(folder, CONFIG.replace("%s", fields), tensors, dtype);
  }

  static DecoderModel model(boolean gpt2) {
    ConfigJson config = config(gpt2);
    return DecoderModel.of(config, RandomModels.weights(config, 0.25), null, TestModels.CPU);
  }

  void refused(String... messages) {
    try (DecoderModel model = model(false)) {
      refused(model, messages);
    }
  }

  void refused(DecoderModel model, String... messages) {
    var thrown =
        assertThatThrownBy(() -> PeftAdapter.read(folder, model.architecture()))
            .isInstanceOf(CheckpointException.class);
    for (String message : messages) {
      thrown.hasMessageContaining(message);
    }
  }

  static float[] logits(DecoderModel model) {
    return model.forward(TOKENS).execute().logits(0, -1);
  }

  static LoraAdapter adapter(DecoderModel model, LoraConfig config) {
    return Trainable.adapter(model.weights(), model.architecture(), config).start();
  }

  LoraAdapter moved(LoraAdapter start) {
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
}

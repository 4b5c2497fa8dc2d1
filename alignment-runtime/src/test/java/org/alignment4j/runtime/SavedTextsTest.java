package org.alignment4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.alignment4j.api.model.Message;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokenizer, chat template and generation of a saved model are those of the model. */
class SavedTextsTest {

  private static final ConfigJson CONFIG =
      RandomModels.config(RandomModels.llama(13, 16, 2, 1, 12, 12));
  private static final String TOKENIZER =
      """
      {"version":"1.0","truncation":null,"padding":null,"added_tokens":[],"normalizer":null,
       "pre_tokenizer":{"type":"Whitespace"},"post_processor":null,"decoder":null,
       "model":{"type":"WordLevel","vocab":{"<unk>":0,"a":1,"b":2},"unk_token":"<unk>"}}
      """;

  @TempDir Path folder;
  private Path origin;
  private Path target;

  @BeforeEach
  void makeOrigin() throws IOException {
    origin = folder.resolve("origin");
    target = folder.resolve("target");
    make(origin);
    put(origin, "tokenizer.json", TOKENIZER);
  }

  private static void make(Path where) {
    try (DecoderModel bare =
        DecoderModel.of(CONFIG, RandomModels.weights(CONFIG, 0.1), null, TestModels.CPU)) {
      bare.save(where);
    }
  }

  private static void put(Path where, String name, String content) throws IOException {
    Files.writeString(where.resolve(name), content);
  }

  private static DecoderModel load(Path where) {
    return DecoderModel.load(where, TestModels.CPU);
  }

  private static String rendered(DecoderModel model) {
    return model.chatTemplate().render(List.of(Message.user("a")), true).text();
  }

  @Test
  void theTemplateOfEveryFileThatIsRead() throws IOException {
    put(origin, "chat_template.json", "{\"chat_template\": \"<<{{ messages[0]['content'] }}>>\"}");
    try (DecoderModel model = load(origin)) {
      assertThat(rendered(model)).isEqualTo("<<a>>");
      model.save(target);
      try (DecoderModel copy = load(target)) {
        assertThat(rendered(copy)).isEqualTo("<<a>>");
        assertThat(copy.id()).isEqualTo(model.id());
      }
    }
  }

  @Test
  void filesOfAnotherModelGoAndOtherFilesStay() throws IOException {
    make(target);
    put(target, "tokenizer.json", TOKENIZER);
    put(target, "chat_template.jinja", "other");
    put(target, "generation_config.json", "{\"eos_token_id\": [7]}");
    put(target, "vocab.json", "{}");
    put(target, "notes.txt", "mine");
    try (DecoderModel model = load(origin)) {
      model.save(target);
      assertThat(names(target))
          .containsExactly("config.json", "model.safetensors", "notes.txt", "tokenizer.json");
      try (DecoderModel copy = load(target)) {
        assertThat(rendered(copy)).isEqualTo(rendered(model));
        assertThat(copy.eosTokenIds()).isEqualTo(model.eosTokenIds());
        assertThat(copy.id()).isEqualTo(model.id());
      }
    }
  }

  @Test
  void aModelWithoutTokenizerLeavesNoneOfAnother() throws IOException {
    make(target);
    put(target, "tokenizer.json", TOKENIZER);
    make(target);
    try (DecoderModel copy = load(target)) {
      assertThat(copy.hasTokenizer()).isFalse();
    }
  }

  @Test
  void savingOverTheOriginKeepsWhatOtherLibrariesRead() throws IOException {
    Files.delete(origin.resolve("tokenizer.json"));
    put(origin, "tokenizer.model", "sentence pieces");
    try (DecoderModel model = load(origin)) {
      assertThat(model.hasTokenizer()).isFalse();
      model.save(origin);
    }
    assertThat(origin.resolve("tokenizer.model")).hasContent("sentence pieces");
  }

  @Test
  void theOriginMayBeGoneOrChanged() throws IOException {
    put(origin, "tokenizer_config.json", "{\"chat_template\": \"T{{ messages[0]['content'] }}\"}");
    try (DecoderModel model = load(origin);
        SequenceClassifier classifier =
            SequenceClassifier.of(
                model, WeightTensor.of("head", new long[] {1, 16}, new float[16]))) {
      Files.delete(origin.resolve("tokenizer.json"));
      put(origin, "tokenizer_config.json", "{}");
      model.save(target);
      try (DecoderModel copy = load(target)) {
        assertThat(copy.tokenizer().encode("a b").toArray()).containsExactly(1, 2);
        assertThat(rendered(copy)).isEqualTo("Ta");
      }
      Path scored = folder.resolve("scored");
      classifier.save(scored);
      try (SequenceClassifier copy = SequenceClassifier.load(scored, TestModels.CPU)) {
        assertThat(copy.id()).isEqualTo(classifier.id());
        assertThat(copy.hasTokenizer()).isTrue();
      }
      Path onnx = folder.resolve("onnx");
      model.exportOnnx(onnx);
      classifier.exportOnnx(folder.resolve("scored-onnx"));
      assertThat(names(onnx)).contains("tokenizer.json", "tokenizer_config.json");
      assertThat(names(folder.resolve("scored-onnx"))).contains("tokenizer.json");
      try (OnnxLanguageModel copy = OnnxLanguageModel.load(onnx, TestModels.CPU)) {
        assertThat(copy.tokenizer().encode("b a").toArray()).containsExactly(2, 1);
      }
    }
  }

  private static List<String> names(Path where) throws IOException {
    try (var files = Files.list(where)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}

package org.alignment4j.pocket.bpe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.alignment4j.api.CheckpointException;
import org.alignment4j.pocket.PocketTokenizer;
import org.alignment4j.pocket.world.Dialogue;
import org.alignment4j.pocket.world.Document;
import org.alignment4j.pocket.world.PocketWorld;

class TokenizerFilesProperties {
  private static Path folder;
  private static BpeEncoder encoder;

  @BeforeContainer
  static void writeFiles() throws IOException {
    folder = Files.createTempDirectory("pocket-tokenizer");
    TokenizerFiles.write(folder, vocabulary(), 256);
    encoder = new BpeEncoder(folder.resolve("tokenizer.json"));
  }

  @AfterContainer
  static void deleteFiles() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(file);
      }
    }
  }

  private static BpeVocabulary vocabulary() {
    return PocketTokenizer.train(PocketWorld.create(1), 1, 6000, 1024);
  }

  @Property(tries = 300)
  void anyTextSurvives(@ForAll String text) {
    String valid = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    assertThat(encoder.decode(encoder.encode(valid))).isEqualTo(valid);
  }

  @Example
  void documentsSurviveAndAreShort() {
    List<String> documents = PocketWorld.create(1).corpus(2, 500).map(Document::text).toList();
    int tokens = 0;
    for (String text : documents) {
      List<Integer> ids = encoder.encode(text);
      assertThat(encoder.decode(ids)).isEqualTo(text);
      assertThat(ids.size()).isLessThan(150);
      tokens += ids.size();
    }
    assertThat(tokens / 500.0).isLessThan(50);
  }

  @Example
  void aPromptIsAPrefixOfItsDialogue() {
    List<Integer> prompt = encoder.encode(Dialogue.prompt("Where does Ann live?"));
    List<Integer> whole =
        encoder.encode(Dialogue.of("Where does Ann live?", "Ann lives in Milan."));
    assertThat(whole.subList(0, prompt.size())).isEqualTo(prompt);
  }

  @Example
  void specialTokensHaveTheFirstIds() {
    assertThat(encoder.encode("a<|endoftext|>\n\n<|pad|>")).contains(0, 1).hasSize(5);
    assertThat(encoder.size()).isEqualTo(1024);
  }

  @Example
  void theSameSeedGivesTheSameBytes() throws IOException {
    Path second = Files.createDirectory(folder.resolve("again"));
    TokenizerFiles.write(second, vocabulary(), 256);
    for (String name :
        List.of("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json")) {
      assertThat(second.resolve(name)).hasSameBinaryContentAs(folder.resolve(name));
    }
  }

  @Example
  void theConfigurationNamesTheSpecialTokensAndMarksGeneration() throws IOException {
    JsonNode config = new ObjectMapper().readTree(folder.resolve("tokenizer_config.json").toFile());
    assertThat(config.get("eos_token").textValue()).isEqualTo("<|endoftext|>");
    assertThat(config.get("pad_token").textValue()).isEqualTo("<|pad|>");
    assertThat(config.get("model_max_length").intValue()).isEqualTo(256);
    assertThat(config.get("chat_template").textValue())
        .contains("{% generation %}", "{% endgeneration %}", "\\n\\nHuman: ");
  }

  @Example
  void aMissingFolderIsNamed() {
    assertThatThrownBy(() -> TokenizerFiles.write(folder.resolve("absent"), vocabulary(), 256))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("absent");
  }

  @Example
  void foreignSpecialTokensAreRefused() {
    BpeVocabulary other = new BpeTrainer(257, List.of("<s>"), 1).train(Stream.of());
    assertThatThrownBy(() -> TokenizerFiles.write(folder, other, 256))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("<s>");
  }
}

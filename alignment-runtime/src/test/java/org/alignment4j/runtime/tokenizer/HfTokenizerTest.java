package org.alignment4j.runtime.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.alignment4j.api.CheckpointException;
import org.alignment4j.api.model.Encoding;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.SharedFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HfTokenizerTest {

  private static final List<String> TEXTS =
      List.of(
          "",
          "plain text",
          " leading and  double  blanks ",
          "héllo 😀 wörld 👩‍👩‍👧 日本語 \n\ttabs",
          "\u0000control\u0001",
          "def f(x):\n    return x * 2\n\n\n");

  @TempDir Path folder;

  private static TokenIds ids(JsonNode array) {
    int[] ids = new int[array.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = array.get(i).asInt();
    }
    return TokenIds.of(ids);
  }

  private static JsonNode cases(String file) throws IOException {
    JsonNode cases = new ObjectMapper().readTree(SharedFiles.require(file).toFile()).path("cases");
    assertThat(cases.size()).isPositive();
    return cases;
  }

  private static String streamed(HfTokenizer tokenizer, TokenIds ids) {
    IncrementalDecoder decoder = tokenizer.incrementalDecoder();
    StringBuilder text = new StringBuilder();
    ids.stream().forEach(id -> text.append(decoder.add(id)));
    return text.append(decoder.finish()).toString();
  }

  @Test
  void gpt2IdsEqualTheReference() throws IOException {
    JsonNode cases = cases("tokenizers/gpt2/expected_ids.json");
    try (HfTokenizer tokenizer = HfTokenizer.load(SharedFiles.require("tokenizers/gpt2"))) {
      assertThat(tokenizer.vocabularySize()).isEqualTo(50257);
      assertThat(tokenizer.specialIds()).containsExactly(50256);
      for (JsonNode item : cases) {
        String text = item.path("text").asText();
        assertThat(tokenizer.encode(text)).as(text).isEqualTo(ids(item.path("ids")));
        TokenIds literal = tokenizer.encodeLiterally(text);
        assertThat(literal).as(text).isEqualTo(ids(item.path("ids_no_special")));
        assertThat(tokenizer.decode(literal)).isEqualTo(item.path("decoded").asText());
        assertThat(streamed(tokenizer, literal)).isEqualTo(item.path("decoded").asText());
      }
    }
  }

  @Test
  void byteFallbackIdsEqualTheReference() throws IOException {
    JsonNode cases = cases("models/stories260K/tokenizer_cases.json");
    try (HfTokenizer tokenizer = HfTokenizer.load(SharedFiles.require("models/stories260K"))) {
      for (JsonNode item : cases) {
        String text = item.path("text").asText();
        TokenIds ids = tokenizer.encodeWithSpecialTokens(text);
        assertThat(ids).as(text).isEqualTo(ids(item.path("ids")));
        assertThat(tokenizer.decode(ids)).isEqualTo(text);
        assertThat(streamed(tokenizer, ids)).isEqualTo(text);
      }
      assertThat(tokenizer.bosId()).hasValue(1);
      assertThat(tokenizer.eosIds()).containsExactly(2, 1);
      assertThat(tokenizer.padId()).isEmpty();
      assertThat(tokenizer.id("<s>")).hasValue(1);
      assertThat(tokenizer.token(2)).isEqualTo("</s>");
      assertThat(tokenizer.decodeWithSpecialTokens(TokenIds.of(1))).isEqualTo("<s>");
    }
  }

  @Test
  void neoxTextsComeBack() {
    try (HfTokenizer tokenizer = HfTokenizer.load(SharedFiles.require("tokenizers/gpt-neox"))) {
      assertThat(tokenizer.vocabularySize()).isEqualTo(50277);
      for (String text : TEXTS) {
        TokenIds ids = tokenizer.encode(text);
        assertThat(tokenizer.decode(ids)).isEqualTo(text);
        assertThat(streamed(tokenizer, ids)).isEqualTo(text);
      }
    }
  }

  @Test
  void nothingIsTruncated() {
    try (HfTokenizer tokenizer = HfTokenizer.load(SharedFiles.require("models/stories260K"))) {
      assertThat(tokenizer.encode("once upon a time ".repeat(2000)).size()).isGreaterThan(8000);
    }
  }

  @Test
  void offsetsAreInUtf16Units() {
    try (HfTokenizer tokenizer = HfTokenizer.load(SharedFiles.require("tokenizers/gpt2"))) {
      String text = "😀 a\ud83d b";
      Encoding encoding = tokenizer.encodeWithOffsets(text);
      int last = encoding.ids().size() - 1;
      assertThat(encoding.starts().get(0)).isZero();
      assertThat(encoding.ends().get(0)).isEqualTo(2);
      assertThat(text.substring(encoding.starts().get(last), encoding.ends().get(last)))
          .endsWith("b");
      assertThat(tokenizer.decode(encoding.ids())).isEqualTo("😀 a\ufffd b");
    }
  }

  @Test
  void incompleteCharactersWaitForTheirBytes() {
    try (HfTokenizer tokenizer = HfTokenizer.load(SharedFiles.require("models/stories260K"))) {
      IncrementalDecoder decoder = tokenizer.incrementalDecoder();
      byte[] bytes = "😀".getBytes(java.nio.charset.StandardCharsets.UTF_8);
      List<String> pieces = new ArrayList<>();
      for (byte b : bytes) {
        pieces.add(decoder.add((b & 0xff) + 3));
      }
      assertThat(pieces).containsExactly("", "", "", "😀");
      assertThat(decoder.add((bytes[0] & 0xff) + 3)).isEmpty();
      assertThat(decoder.finish()).contains("\ufffd");
      assertThat(decoder.finish()).isEmpty();
    }
  }

  @Test
  void concurrentCallsAgree() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try (HfTokenizer tokenizer = HfTokenizer.load(SharedFiles.require("tokenizers/gpt2"))) {
      List<TokenIds> expected = TEXTS.stream().map(tokenizer::encode).toList();
      List<Future<List<TokenIds>>> results = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        results.add(pool.submit(() -> TEXTS.stream().map(tokenizer::encode).toList()));
      }
      for (Future<List<TokenIds>> result : results) {
        assertThat(result.get()).isEqualTo(expected);
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void useAfterCloseFails() {
    HfTokenizer tokenizer = HfTokenizer.load(SharedFiles.require("models/stories260K"));
    tokenizer.close();
    tokenizer.close();
    assertThatThrownBy(() -> tokenizer.encode("a"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is closed");
    assertThatThrownBy(() -> tokenizer.encodeLiterally("a"))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void vocabularyMustFitTheEmbedding() {
    try (HfTokenizer tokenizer = HfTokenizer.load(SharedFiles.require("models/stories260K"))) {
      tokenizer.check(512);
      tokenizer.check(640);
      assertThatThrownBy(() -> tokenizer.check(511))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("token ids up to 511")
          .hasMessageContaining("511 rows");
      assertThatThrownBy(() -> tokenizer.decode(TokenIds.of(512)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("token id must be from 0 to 511 but was 512");
    }
  }

  @Test
  void damagedFilesAreNamedWithARemedy() throws IOException {
    assertThatThrownBy(() -> HfTokenizer.load(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("tokenizer.json must exist");
    Path file = folder.resolve("tokenizer.json");
    String whole = Files.readString(SharedFiles.require("models/stories260K/tokenizer.json"));
    for (String text :
        List.of(
            whole.substring(0, whole.length() / 2),
            "",
            "[]",
            "{}",
            whole.replace("\"BPE\"", "\"Nonsense\""),
            whole.replace("\"merges\"", "\"merge\""))) {
      Files.writeString(file, text);
      assertThatThrownBy(() -> HfTokenizer.load(folder))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("tokenizer.json")
          .hasMessageContaining("copy");
    }
  }
}

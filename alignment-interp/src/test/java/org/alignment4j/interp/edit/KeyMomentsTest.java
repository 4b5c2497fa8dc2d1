package org.alignment4j.interp.edit;

import static org.alignment4j.api.hook.HookPoints.mlpPost;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.fact.TinyFamilies;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Second moments of keys, against sums made by hand. */
class KeyMomentsTest {

  private static final List<TokenIds> CORPUS =
      List.of(
          TinyFamilies.tokens(9, 1),
          TinyFamilies.tokens(4, 2),
          TinyFamilies.tokens(12, 3),
          TinyFamilies.tokens(1, 4),
          TinyFamilies.tokens(7, 5));

  private static KeyMoments collect(DecoderModel model, List<TokenIds> corpus, int batch) {
    return KeyMomentsCollector.collect(
        model, 1, corpus.iterator(), batch, CancellationToken.none());
  }

  @Test
  void momentsAreThoseOfEveryTokenAndOfNoPadding() {
    try (DecoderModel model = TinyFamilies.create("llama")) {
      double[][] naive = new double[36][36];
      int n = 0;
      for (TokenIds sequence : CORPUS) {
        Values keys =
            model.forward(sequence).cache(mlpPost(1)).execute().cache().values(mlpPost(1));
        for (int p = 0; p < sequence.size(); p++, n++) {
          for (int i = 0; i < 36; i++) {
            for (int j = 0; j < 36; j++) {
              naive[i][j] += (double) keys.get(0, p, i) * keys.get(0, p, j);
            }
          }
        }
      }
      KeyMoments moments = collect(model, CORPUS, 2);
      assertThat(moments.count()).isEqualTo(n).isEqualTo(33);
      assertThat(moments.modelId()).isEqualTo(model.id());
      for (int i = 0; i < 36; i++) {
        for (int j = 0; j < 36; j++) {
          assertThat(moments.moment(i, j)).isCloseTo(naive[i][j] / n, within(1e-6));
          assertThat(moments.moment(i, j)).isEqualTo(moments.moment(j, i));
        }
      }
    }
  }

  @Test
  void partsMergeToTheWhole() {
    try (DecoderModel model = TinyFamilies.create("gpt2")) {
      KeyMoments whole = collect(model, CORPUS, 5);
      KeyMoments merged =
          collect(model, CORPUS.subList(0, 2), 1).merge(collect(model, CORPUS.subList(2, 5), 2));
      assertThat(merged.count()).isEqualTo(whole.count());
      for (int i = 0; i < whole.width(); i++) {
        for (int j = 0; j < whole.width(); j++) {
          assertThat(merged.moment(i, j)).isCloseTo(whole.moment(i, j), within(1e-6));
        }
      }
      KeyMoments other = new KeyMoments("other", 1, 2, 1, new double[4]);
      assertThatThrownBy(() -> whole.merge(other))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("must be of the same model, layer and width");
    }
  }

  @Test
  void anEmptyCorpusIsRefused() {
    try (DecoderModel model = TinyFamilies.create("llama")) {
      assertThatThrownBy(() -> collect(model, List.of(), 2))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("at least one token");
      KeyMomentsCollector other = new KeyMomentsCollector("another", 1);
      assertThatThrownBy(
              () -> other.add(model, List.of(TokenIds.of(1, 2)), CancellationToken.none()))
          .hasMessageStartingWith("keys must be those of the model another but were of ");
    }
    KeyMomentsCollector collector = new KeyMomentsCollector("m", 0);
    collector.addKeys(List.of(new double[] {1, 2}));
    assertThatThrownBy(() -> collector.addKeys(List.of(new double[] {1, 2, 3})))
        .hasMessage("keys must be 2 wide but key 0 was 3");
    assertThatThrownBy(() -> new KeyMomentsCollector("m", 0).addKeys(List.of(new double[50_000])))
        .hasMessageContaining("keys must be at most 46340 wide");
    assertThatThrownBy(() -> collector.addKeys(List.of(new double[] {1, Double.NaN})))
        .hasMessageContaining("keys must be finite");
  }

  @Test
  void filesGiveBackEveryBit(@TempDir Path folder) {
    KeyMomentsCollector collector = new KeyMomentsCollector("model-1", 3);
    collector.addKeys(List.of(new double[] {1.5, -2, 1e-7}, new double[] {0.1, 3, 4}));
    KeyMoments moments = collector.result();
    Path file = folder.resolve("moments");
    KeyMomentsFile.write(file, moments);
    KeyMoments read = KeyMomentsFile.read(file, "model-1");
    assertThat(read.sums()).isEqualTo(moments.sums());
    assertThat(read).hasToString(moments.toString());
    assertThatThrownBy(() -> KeyMomentsFile.read(file, "model-2"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be of model model-2 but")
        .hasMessageContaining("model-1");
  }

  @Test
  void damagedFilesAreRefusedByName(@TempDir Path folder) throws IOException {
    KeyMomentsCollector collector = new KeyMomentsCollector("m", 0);
    collector.addKeys(List.of(new double[] {1, 2}));
    Path file = folder.resolve("moments");
    KeyMomentsFile.write(file, collector.result());
    byte[] bytes = Files.readAllBytes(file);

    byte[] flipped = bytes.clone();
    flipped[flipped.length - 3] ^= 1;
    refused(file, flipped, "SHA-256");
    refused(file, Arrays.copyOf(bytes, bytes.length - 1), "cut off or damaged");
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    refused(
        file,
        text.replace("\"version\":1", "\"version\":2").getBytes(StandardCharsets.ISO_8859_1),
        "version must be from 1 to 1 but was 2");
    for (String edit :
        List.of(
            "\"layer\":0>\"layer\":5",
            "\"count\":1>\"count\":9",
            "\"model\":\"m\">\"model\":\"n\"")) {
      String[] parts = edit.split(">");
      refused(file, edited(text, parts[0], parts[1]), "header and numbers must have the SHA-256");
    }
    refused(file, edited(text, "\"layer\":0,", ""), "layer must be a whole number from 0");
    refused(file, edited(text, "\"layer\":0,", ""), "but was missing");
    refused(file, edited(text, "\"layer\":0", "\"layer\":-1"), "but was -1");
    refused(file, edited(text, "\"layer\":0", "\"layer\":\"0\""), "but was \"0\"");
    refused(file, edited(text, "\"layer\":0", "\"layer\":4294967296"), "but was 4294967296");
    refused(file, edited(text, "\"count\":1,", ""), "count must be a whole number from 0");
    refused(file, edited(text, "\"model\":\"m\",", ""), "model must be a text but was missing");
    refused(
        file, edited(text, "\"width\":2", "\"width\":0"), "width must be a whole number from 1");
    refused(file, edited(text, "\"width\":2", "\"width\":46341"), "to 46340 but was 46341");
    refused(file, edited(text, "\"width\":2", "\"width\":28672"), "must have 3288449024 bytes");
    refused(file, edited(text, "}\n", ",\"layer\":0}\n"), "the last of the first line");
    refused(file, "nothing".getBytes(StandardCharsets.UTF_8), "line of JSON");
    refused(file, "{\"format\":\"x\"}\n".getBytes(StandardCharsets.UTF_8), "format must be");
  }

  /** Rows of the triangle are written one by one; each number is where the format says. */
  @Test
  void numbersFollowTheLineInTheOrderOfTheTriangle(@TempDir Path folder) throws IOException {
    int width = 70;
    double[] sums = new double[width * width];
    for (int i = 0; i < width; i++) {
      for (int j = 0; j < width; j++) {
        sums[i * width + j] = Math.min(i, j) * 1000.5 + Math.max(i, j);
      }
    }
    Path file = folder.resolve("moments");
    KeyMomentsFile.write(file, new KeyMoments("m", 2, width, 8, sums));
    byte[] bytes = Files.readAllBytes(file);
    int start = new String(bytes, StandardCharsets.ISO_8859_1).indexOf('\n') + 1;
    ByteBuffer numbers = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).position(start);
    for (int i = 0; i < width; i++) {
      for (int j = i; j < width; j++) {
        assertThat(numbers.getDouble()).isEqualTo(i * 1000.5 + j);
      }
    }
    assertThat(numbers.hasRemaining()).isFalse();
    assertThat(KeyMomentsFile.read(file).sums()).isEqualTo(sums);
  }

  /** The numbers of the widest layers are more than one buffer holds; their size is not. */
  @Test
  void theSizeOfWideLayersIsCountedExactly() {
    assertThat(KeyMomentsHeader.payloadBytes(2)).isEqualTo(24);
    assertThat(KeyMomentsHeader.payloadBytes(28672)).isEqualTo(28672L * 28673 / 2 * 8);
    assertThat(KeyMomentsHeader.payloadBytes(46340)).isEqualTo(46340L * 46341 / 2 * 8);
  }

  private static byte[] edited(String text, String from, String to) {
    assertThat(text).contains(from);
    return text.replace(from, to).getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void refused(Path file, byte[] bytes, String message) throws IOException {
    Files.write(file, bytes);
    assertThatThrownBy(() -> KeyMomentsFile.read(file))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining(message)
        .hasMessageContaining("moments");
  }
}

package org.alignment4j.pocket.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.alignment4j.pocket.world.PocketWorld;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchmarkFilesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final PocketBenchmarks SETS =
      PocketBenchmarks.of(PocketWorld.create(1), new BenchmarkOptions(3, 50, 0.1, 20));

  @TempDir Path folder;

  @Test
  void theManifestSaysWhatIsThere() throws Exception {
    BenchmarkManifest manifest = SETS.write(folder);
    JsonNode read = JSON.readTree(folder.resolve(BenchmarkManifest.FILE_NAME).toFile());
    assertThat(read.path("format").asText()).isEqualTo("alignment4j-pocket-benchmarks");
    assertThat(read.path("version").asInt()).isEqualTo(1);
    assertThat(read.path("worldVersion").asText()).isEqualTo(PocketWorld.create(1).version());
    assertThat(read.path("options").path("noise").asDouble()).isEqualTo(0.1);
    List<String> names = new ArrayList<>(List.of(BenchmarkManifest.FILE_NAME));
    for (JsonNode file : read.path("files")) {
      Path path = folder.resolve(file.path("name").asText());
      names.add(file.path("name").asText());
      byte[] bytes = Files.readAllBytes(path);
      assertThat(file.path("bytes").asLong()).isEqualTo(bytes.length);
      assertThat(file.path("sha256").asText())
          .isEqualTo(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
      long header = Stream.of("truthfulqa.csv", "crows-pairs.csv").anyMatch(path::endsWith) ? 1 : 0;
      assertThat(Files.readAllLines(path)).hasSize(file.path("rows").asInt() + (int) header);
    }
    assertThat(names).hasSize(13).hasSize(manifest.files().size() + 1);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(names);
    }
  }

  @Test
  void theSameWorldGivesTheSameBytes() {
    BenchmarkManifest first = SETS.write(folder.resolve("new/folder"));
    PocketBenchmarks again =
        PocketBenchmarks.of(PocketWorld.create(1), new BenchmarkOptions(3, 50, 0.1, 20));
    assertThat(again.write(folder.resolve("new/folder"))).isEqualTo(first);
    PocketBenchmarks other =
        PocketBenchmarks.of(PocketWorld.create(2), new BenchmarkOptions(3, 50, 0.1, 20));
    assertThat(other.write(folder).files()).noneMatch(first.files()::contains);
  }

  @Test
  void truthfulQaHasTheOfficialHeader() throws IOException {
    Path official = SharedFiles.require("data/truthfulqa/TruthfulQA.csv");
    SETS.write(folder);
    List<String> ours = Files.readAllLines(folder.resolve("truthfulqa.csv"));
    assertThat(ours.get(0)).isEqualTo(Files.readAllLines(official).get(0));
    TruthfulQuestion first = SETS.truthfulQuestions().get(0);
    assertThat(ours.get(1))
        .isEqualTo(
            String.join(
                ",",
                first.adversarial() ? "Adversarial" : "Non-Adversarial",
                first.category(),
                first.question(),
                first.bestAnswer(),
                String.join("; ", first.correctAnswers()),
                String.join("; ", first.incorrectAnswers()),
                '"' + PocketWorld.create(1).version() + '"'));
  }

  @Test
  void crowsPairsHasTheOfficialHeader() throws IOException {
    Path official = SharedFiles.require("data/crows-pairs/crows_pairs_anonymized.csv");
    SETS.write(folder);
    assertThat(Files.readAllLines(folder.resolve("crows-pairs.csv")).get(0))
        .isEqualTo(Files.readAllLines(official).get(0));
  }

  @Test
  void bbqHasTheOfficialFieldsInTheirTypes() throws IOException {
    Path official = SharedFiles.require("data/bbq/Age.jsonl");
    SETS.write(folder);
    JsonNode theirs = JSON.readTree(Files.readAllLines(official).get(0));
    List<String> lines = Files.readAllLines(folder.resolve("bbq.jsonl"));
    List<BiasQuestion> items = SETS.biasQuestions();
    assertThat(lines).hasSameSizeAs(items);
    for (int i = 0; i < lines.size(); i++) {
      JsonNode ours = JSON.readTree(lines.get(i));
      assertThat(shape(ours)).isEqualTo(shape(theirs));
      String right = ours.path("ans" + ours.path("label").asInt()).asText();
      assertThat(right).isEqualTo(items.get(i).answers().get(items.get(i).label()).text());
      assertThat(ours.path("answer_info").path("ans0").path(0)).isEqualTo(ours.path("ans0"));
    }
  }

  @Test
  void multipleChoiceIsTheSameInBothLayouts() throws IOException {
    SETS.write(folder);
    List<String> json = Files.readAllLines(folder.resolve("multiple-choice.jsonl"));
    List<String> csv = Files.readAllLines(folder.resolve("multiple-choice.csv"));
    assertThat(csv).hasSameSizeAs(json);
    for (int i = 0; i < csv.size(); i++) {
      JsonNode row = JSON.readTree(json.get(i));
      List<String> fields = new ArrayList<>(List.of(row.path("question").asText()));
      row.path("choices").forEach(choice -> fields.add(choice.asText()));
      fields.add("ABCD".substring(row.path("answer").asInt(), row.path("answer").asInt() + 1));
      assertThat(csv.get(i)).isEqualTo(String.join(",", fields));
    }
  }

  @Test
  void fieldsWithSeparatorsAreQuoted() {
    assertThat(
            TableText.csv(List.of(List.of("a,b", "say \"x\"", "plain", "two\nlines"), List.of(""))))
        .isEqualTo("\"a,b\",\"say \"\"x\"\"\",plain,\"two\nlines\"\n\n");
  }

  /** Names and types of a row's fields in order. */
  private static List<String> shape(JsonNode row) {
    List<String> shape = new ArrayList<>();
    row.properties()
        .forEach(
            field -> {
              shape.add(field.getKey() + " " + field.getValue().getNodeType());
              if (field.getValue().isObject()) {
                shape.addAll(shape(field.getValue()));
              }
            });
    return shape;
  }
}

package org.alignment4j.eval.general;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.eval.bias.SharedFiles;
import org.alignment4j.eval.solve.BenchmarkRun;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.alignment4j.eval.solve.ScriptedLikelihoods;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PerplexityTest {

  @TempDir Path folder;

  private Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  /** Every character is as likely as one of 32. */
  private static ScriptedLikelihoods uniform() {
    return new ScriptedLikelihoods((prompt, text) -> -text.length() * Math.log(32));
  }

  @Test
  void aModelThatKnowsNothingNeedsAsManyBitsAsItsAlphabet() throws IOException {
    Path file = file("a.txt", "one two three\nfour\n<|endoftext|>\nfive six\n");
    LoadedBenchmark benchmark = Perplexity.of(file, PerplexityOptions.defaults().withWindows(2, 1));
    List<Sample> samples = benchmark.samples().toList();
    assertThat(samples)
        .extracting(sample -> sample.choices().get(0))
        .containsExactly("one two", " three\nfour", "five six");
    assertThat(samples)
        .extracting(sample -> ((Prompt.Text) sample.prompt()).text())
        .containsExactly("", " two", "");
    assertThat(samples).extracting(Sample::cluster).containsExactly("line 1", "line 1", "line 4");
    Map<String, Estimate> estimates = BenchmarkRun.estimates(benchmark, uniform());
    assertThat(estimates.get("bits_per_byte").value()).isCloseTo(5, within(1e-12));
    assertThat(estimates.get("byte_perplexity").value()).isCloseTo(32, within(1e-9));
    // 18 + 8 characters, 6 words, of which the scripted model makes tokens.
    assertThat(estimates.get("word_perplexity").value())
        .isCloseTo(Math.exp(26 * Math.log(32) / 6), within(1e-3));
    assertThat(estimates.get("bits_per_byte").clusters()).isEqualTo(2);
    assertThat(benchmark.metrics()).allMatch(m -> estimates.containsKey(m.name()));
  }

  @Test
  void bytesAreThoseOfUtf8AndPiecesDoNotChangeTheSum() throws IOException {
    Path file = file("a.jsonl", "{\"text\": \"Straße für zwei Käfer\"}\n{\"text\": \"x y\"}\n");
    double expected =
        (21 + 3) * 5.0 / ("Straße für zwei Käferx y".getBytes(StandardCharsets.UTF_8).length);
    for (int words : new int[] {1, 2, 100}) {
      LoadedBenchmark benchmark =
          Perplexity.of(file, PerplexityOptions.defaults().withWindows(words, 3));
      assertThat(BenchmarkRun.estimates(benchmark, uniform()).get("bits_per_byte").value())
          .isCloseTo(expected, within(1e-12));
    }
  }

  @Test
  void impossibleTextsHaveNoVerdict() throws IOException {
    Path file = file("a.jsonl", "{\"text\": \"a\"}\n{\"text\": \"b\"}\n");
    Map<String, Estimate> estimates =
        BenchmarkRun.estimates(
            Perplexity.of(file),
            new ScriptedLikelihoods(
                (p, text) -> text.equals("a") ? Double.NEGATIVE_INFINITY : -Math.log(2)));
    assertThat(estimates.get("bits_per_byte").value()).isCloseTo(1, within(1e-12));
    assertThat(estimates.get("bits_per_byte").unscored()).isEqualTo(1);
  }

  @Test
  void filesWithoutTextAreRefused() throws IOException {
    assertThatThrownBy(() -> Perplexity.of(file("a.txt", " \n")))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("at least one sample");
    assertThatThrownBy(
            () -> Perplexity.of(file("a.jsonl", "{\"text\": \"a\"}\n{\"text\": \"\"}\n")))
        .hasMessageContaining("must not be empty")
        .hasMessageContaining("a.jsonl, line 2, field 'text'");
    assertThatThrownBy(() -> Perplexity.of(file("a.jsonl", "{\"words\": \"a\"}\n")))
        .hasMessageContaining("missing")
        .hasMessageContaining("line 1, field 'text'");
    assertThatThrownBy(() -> PerplexityOptions.defaults().withWindows(0, 1))
        .hasMessageContaining("at least 1 but was 0");
  }

  @Test
  void aBookIsCutAndMadeUpAgain() throws IOException {
    Path file = SharedFiles.require("data/tinyshakespeare/input.txt");
    LoadedBenchmark benchmark = Perplexity.of(file);
    StringBuilder text = new StringBuilder();
    benchmark.samples().forEach(sample -> text.append(sample.choices().get(0)));
    assertThat(text.toString()).isEqualTo(Files.readString(file).strip());
    assertThat(benchmark.size()).isEqualTo((202651 + 255) / 256);
    Estimate bits = BenchmarkRun.estimates(benchmark, uniform()).get("bits_per_byte");
    assertThat(bits.value()).isCloseTo(5, within(1e-9));
    assertThat(bits.ciLow()).isNaN();
  }
}

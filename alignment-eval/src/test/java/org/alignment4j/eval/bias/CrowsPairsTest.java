package org.alignment4j.eval.bias;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.eval.solve.BenchmarkRun;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.alignment4j.eval.solve.ScriptedLikelihoods;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CrowsPairsTest {

  private static final String HEADER =
      ",sent_more,sent_less,stereo_antistereo,bias_type,annotations,anon_writer,anon_annotators\n";
  private static final String ROW = "0,\"He, more.\",\"She, less.\",stereo,gender,[],a0,[]\n";

  @TempDir Path folder;

  private Path file(String content) throws IOException {
    return Files.writeString(folder.resolve("crows.csv"), content);
  }

  private static LoadedBenchmark real() {
    return CrowsPairs.of(SharedFiles.require("data/crows-pairs/crows_pairs_anonymized.csv"));
  }

  @Test
  void theMoreLikelyWholeTextWinsAndATieIsNeutral() throws IOException {
    String rows =
        ROW
            + "1,a b,c d,antistereo,age,[],a0,[]\n"
            + "2,tie one,tie two,stereo,age,[],a0,[]\n"
            + "3,never,sometimes,stereo,age,[],a0,[]\n";
    LoadedBenchmark benchmark = CrowsPairs.of(file(HEADER + rows));
    Map<String, Double> sums =
        Map.of("He, more.", -2.0, "She, less.", -5.0, "a b", -3.0, "c d", -4.0);
    ScriptedLikelihoods model =
        new ScriptedLikelihoods(
            (prompt, text) ->
                text.equals("never") ? Double.NEGATIVE_INFINITY : sums.getOrDefault(text, -1.0));
    Map<String, Estimate> estimates = BenchmarkRun.estimates(benchmark, model);
    assertThat(estimates.get("pct_stereotype").value()).isEqualTo(50);
    assertThat(estimates.get("pct_stereotype/antistereo").value()).isEqualTo(100);
    assertThat(estimates.get("pct_stereotype/age").value()).isCloseTo(100.0 / 3, within(1e-9));
    Estimate difference = estimates.get("likelihood_diff");
    assertThat(difference.value()).isCloseTo((3 + 1 + 0) / 3.0, within(1e-12));
    assertThat(difference.unscored()).isEqualTo(1);
    assertThat(benchmark.metrics())
        .extracting(Metric::name)
        .containsExactlyInAnyOrderElementsOf(estimates.keySet());
    assertThat(benchmark.metrics().get(0).direction()).isEqualTo(Direction.ideal(50));
  }

  @Test
  void guessingScoresFifty() {
    LoadedBenchmark benchmark = real();
    assertThat(benchmark.size()).isEqualTo(1508);
    Map<String, Integer> covered = new HashMap<>();
    for (int seed = 0; seed < 20; seed++) {
      Map<String, Estimate> estimates =
          BenchmarkRun.estimates(benchmark, ScriptedLikelihoods.random(seed));
      assertThat(estimates.get("pct_stereotype/gender").n()).isEqualTo(262);
      assertThat(estimates.get("pct_stereotype/antistereo").n()).isEqualTo(218);
      estimates.forEach(
          (name, estimate) -> covered.merge(name, estimate.contains(50) ? 1 : 0, Integer::sum));
    }
    covered.remove("likelihood_diff");
    assertThat(covered).hasSize(12);
    assertThat(covered.values()).allMatch(times -> times >= 16);
  }

  @Test
  void aModelWithoutPreferenceNeverWins() {
    Map<String, Estimate> estimates =
        BenchmarkRun.estimates(real(), ScriptedLikelihoods.constant());
    assertThat(estimates.get("pct_stereotype").value()).isZero();
    assertThat(estimates.get("pct_stereotype").ciHigh()).isLessThan(0.5);
    assertThat(estimates.get("likelihood_diff").value()).isZero();
  }

  @Test
  void plantedBiasIsFound() {
    LoadedBenchmark benchmark = real();
    Map<String, Double> sums = new HashMap<>();
    benchmark
        .samples()
        .forEach(
            sample -> {
              boolean biased = ScriptedLikelihoods.uniform(sample.id(), 1) < 0.7;
              sums.put(sample.choices().get(0), biased ? -1.0 : -3.0);
              sums.put(sample.choices().get(1), biased ? -3.0 : -1.0);
            });
    ScriptedLikelihoods model =
        new ScriptedLikelihoods((prompt, text) -> sums.getOrDefault(text, -9.0));
    Map<String, Estimate> estimates = BenchmarkRun.estimates(benchmark, model);
    assertThat(estimates.get("pct_stereotype").contains(70)).isTrue();
    assertThat(estimates.get("likelihood_diff").value()).isCloseTo(2, within(0.01));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "stereo,|both,|stereo_antistereo|must be one of [stereo, antistereo] but was 'both'",
        "1,|0,|''|must occur once but 0 occurs twice",
        "1,|x,|''|must be a whole number",
        "\"She, less.\"|\"He, more.\"|sent_less|must differ but are equal",
        "\"She, less.\"|''|sent_less|text must not be empty",
        "gender|''|bias_type|text must not be empty"
      })
  void brokenRowsNameFileLineAndField(String good, String bad, String field, String message)
      throws IOException {
    Path file = file(HEADER + ROW + ROW.replace("0,", "1,").replace(good, bad));
    assertThatThrownBy(() -> CrowsPairs.of(file))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining(message)
        .hasMessageContaining("crows.csv, line 3, field '" + field + "'");
    LoadedBenchmark rest = CrowsPairs.of(file, ReadOptions.tolerant());
    assertThat(rest.size()).isEqualTo(1);
    assertThat(rest.reports().get(0).skippedRows()).isEqualTo(1);
  }

  @Test
  void missingColumnsAreNamed() throws IOException {
    Path file = file("n,more\n0,a\n");
    assertThatThrownBy(() -> CrowsPairs.of(file))
        .hasMessageContaining("is missing")
        .hasMessageContaining("[n, more]");
    Path empty = file(HEADER);
    assertThatThrownBy(() -> CrowsPairs.of(empty)).hasMessageContaining("at least one sample");
  }
}

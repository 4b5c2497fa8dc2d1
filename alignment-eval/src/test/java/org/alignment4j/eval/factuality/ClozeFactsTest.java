package org.alignment4j.eval.factuality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.eval.bias.SharedFiles;
import org.alignment4j.eval.solve.BenchmarkRun;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.alignment4j.eval.solve.ScriptedLikelihoods;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClozeFactsTest {

  private static final String FACT =
      "{\"known_id\": 1, \"subject\": \"Ada\", \"attribute\": \"Rome\", \"prompt\": \"Ada is from\","
          + " \"relation_id\": \"P1\"}";
  private static final String OTHER =
      "{\"known_id\": 2, \"subject\": \"Bo\", \"attribute\": \"Oslo\", \"prompt\": \"Bo is from\","
          + " \"relation_id\": \"P1\"}";
  private static final String ALONE =
      "{\"known_id\": 3, \"subject\": \"Cy\", \"attribute\": \"jazz\", \"prompt\": \"Cy plays\","
          + " \"relation_id\": \"P2\"}";

  @TempDir Path folder;

  private Path file(String name, String content) throws IOException {
    Path path = folder.resolve(name);
    Files.createDirectories(path.getParent());
    return Files.writeString(path, content);
  }

  private static Metric metric(LoadedBenchmark benchmark, String name) {
    return benchmark.metrics().stream()
        .filter(metric -> metric.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void scoresByHand() throws IOException {
    LoadedBenchmark benchmark =
        ClozeFacts.known(file("k.json", "[" + FACT + "," + OTHER + "," + ALONE + "]"));
    Map<String, Double> logs = Map.of(" Rome", 0.5, " Oslo", 0.25, " jazz", 0.125);
    Map<String, Estimate> estimates =
        BenchmarkRun.estimates(
            benchmark,
            new ScriptedLikelihoods((prompt, text) -> Math.log(logs.getOrDefault(text, 0.0))));
    // Rome is the likeliest for both, and the fact without other objects is not compared.
    assertThat(estimates.get("acc").value()).isEqualTo(0.5);
    assertThat(estimates.get("acc").n()).isEqualTo(2);
    assertThat(estimates.get("acc/P2").n()).isZero();
    assertThat(estimates.get("mrr").value()).isEqualTo(0.75);
    assertThat(estimates.get("target_rank").value()).isEqualTo(1.5);
    assertThat(estimates.get("target_probability").value())
        .isCloseTo((0.5 + 0.25 + 0.125) / 3, within(1e-12));
    assertThat(estimates.get("target_logprob").value())
        .isCloseTo(Math.log(0.5 * 0.25 * 0.125) / 3, within(1e-12));
    assertThat(estimates.get("greedy").value()).isZero();
    assertThat(metric(benchmark, "acc").chance()).hasValue(0.5);
    assertThat(metric(benchmark, "target_rank").chance()).hasValue(1.5);
    Map<String, Estimate> tied = BenchmarkRun.estimates(benchmark, ScriptedLikelihoods.constant());
    assertThat(tied.get("acc").value()).isZero();
    assertThat(tied.get("target_rank").value()).isEqualTo(2);
    Map<String, Estimate> impossible =
        BenchmarkRun.estimates(
            benchmark, new ScriptedLikelihoods((prompt, text) -> Double.NEGATIVE_INFINITY));
    assertThat(impossible.get("target_logprob").unscored()).isEqualTo(3);
    assertThat(impossible.get("mrr").unscored()).isEqualTo(2);
    assertThat(impossible.get("target_probability").value()).isZero();
  }

  @Test
  void ranksAndChanceByEnumeration() {
    assertThat(
            ClozeFormulas.rank(
                new double[] {1, 3, 2, 2}, new boolean[] {false, false, true, false}))
        .isEqualTo(3);
    assertThat(ClozeFormulas.rank(new double[] {5, 5}, new boolean[] {true, true})).isEqualTo(1);
    for (int c = 1; c <= 5; c++) {
      for (int t = 1; t <= c; t++) {
        List<List<Integer>> orders = new ArrayList<>();
        permute(new ArrayList<>(), c, orders);
        double ranks = 0;
        double reciprocals = 0;
        for (List<Integer> order : orders) {
          int wrongBefore = 0;
          while (order.get(wrongBefore) >= t) {
            wrongBefore++;
          }
          ranks += wrongBefore + 1;
          reciprocals += 1.0 / (wrongBefore + 1);
        }
        assertThat(ClozeFormulas.chanceRank(c, t))
            .isCloseTo(ranks / orders.size(), within(1e-12))
            .isCloseTo((c + 1.0) / (t + 1), within(1e-12));
        assertThat(ClozeFormulas.chanceReciprocalRank(c, t))
            .isCloseTo(reciprocals / orders.size(), within(1e-12));
      }
    }
    assertThat(ClozeFormulas.logSum(new double[] {-1000, -1000}))
        .isCloseTo(-1000 + Math.log(2), within(1e-12));
    assertThatThrownBy(() -> ClozeFormulas.chanceRank(2, 3))
        .hasMessage("targets must be in [1, candidates = 2] but was 3");
    assertThatThrownBy(() -> ClozeFormulas.rank(new double[2], new boolean[2]))
        .hasMessage("a candidate must be right but none is");
  }

  private static void permute(List<Integer> begun, int n, List<List<Integer>> orders) {
    if (begun.size() == n) {
      orders.add(List.copyOf(begun));
    }
    for (int i = 0; i < n; i++) {
      if (!begun.contains(i)) {
        begun.add(i);
        permute(begun, n, orders);
        begun.remove(begun.size() - 1);
      }
    }
  }

  @Test
  void generatedObjects() throws IOException {
    assertThat(GeneratedObject.begins("Rome, Italy", "Rome")).isTrue();
    assertThat(GeneratedObject.begins("Romero", "Rome")).isFalse();
    assertThat(GeneratedObject.begins("the Rome", "Rome")).isFalse();
    LoadedBenchmark benchmark =
        ClozeFacts.knownGenerated(
            file("k.json", "[" + FACT + "," + OTHER + "]"), ReadOptions.strict());
    Map<String, Estimate> estimates =
        BenchmarkRun.estimates(benchmark, TextModel.of(prompt -> " Rome."));
    assertThat(estimates.get("generated").value()).isEqualTo(0.5);
    assertThat(estimates.get("generated/P1").clusters()).isEqualTo(2);
  }

  @Test
  void relationsJoinTheObjectsOfASubject() throws IOException {
    String json =
        """
        {"name": "x", "prompt_templates": ["{} likes", "What {} likes:"],
         "prompt_templates_zs": ["Asked what {} likes, say"],
         "samples": [{"subject": "Al", "object": "tea"}, {"subject": "Al", "object": "rum"},
                     {"subject": "Al", "object": "tea"}, {"subject": "Bo ", "object": "ale"}]}
        """;
    file("commonsense/likes.json", json);
    LoadedBenchmark benchmark =
        ClozeFacts.relations(
            folder, Set.of("commonsense"), ClozeFacts.Prompts.PLAIN, ReadOptions.strict());
    assertThat(benchmark.size()).isEqualTo(4);
    Sample first = benchmark.samples().findFirst().orElseThrow();
    assertThat(first.targets()).containsExactly("tea", "rum");
    assertThat(first.choices()).containsExactly("tea", "rum", "ale");
    assertThat(TextModel.text(first.prompt())).isEqualTo("Al likes");
    assertThat(metric(benchmark, "acc").chance().orElseThrow())
        .isCloseTo((2.0 / 3 + 1.0 / 3) / 2, within(1e-12));
    LoadedBenchmark zeroShot =
        ClozeFacts.relations(
            folder, Set.of("commonsense"), ClozeFacts.Prompts.ZERO_SHOT, ReadOptions.strict());
    assertThat(zeroShot.size()).isEqualTo(2);
    // Two templates of one subject: four samples, two clusters.
    Map<String, Estimate> estimates =
        BenchmarkRun.estimates(benchmark, ScriptedLikelihoods.random(1));
    assertThat(estimates.get("acc/likes").n()).isEqualTo(4);
    assertThat(estimates.get("acc/likes").clusters()).isEqualTo(2);
    assertThat(benchmark.metrics()).extracting(Metric::name).containsAll(estimates.keySet());
  }

  @Test
  void aFailureDoesNotCountWhereTheMetricDoesNotApply() throws IOException {
    LoadedBenchmark benchmark = ClozeFacts.known(file("k.json", "[" + FACT + "," + ALONE + "]"));
    List<SampleResult> failed =
        benchmark
            .samples()
            .map(
                sample ->
                    new SampleResult(
                        sample.id(),
                        sample.cluster(),
                        Map.of("acc", new Score.Failed("x"), "greedy", new Score.Failed("x")),
                        sample.metadata()))
            .toList();
    Map<String, Estimate> estimates = benchmark.estimate(failed);
    assertThat(estimates.get("greedy").failed()).isEqualTo(2);
    assertThat(estimates.get("acc").failed()).isZero();
  }

  private static void guessingScoresChance(LoadedBenchmark benchmark) {
    List<String> names = List.of("acc", "mrr", "target_rank", "acc/macro");
    Map<String, Integer> covered = new HashMap<>();
    for (int seed = 0; seed < 12; seed++) {

      Map<String, Estimate> estimates =
          BenchmarkRun.estimates(benchmark, ScriptedLikelihoods.random(seed));
      for (String name : names) {
        double chance = metric(benchmark, name).chance().orElseThrow();
        covered.merge(name, estimates.get(name).contains(chance) ? 1 : 0, Integer::sum);
      }
    }
    assertThat(covered.values()).as(covered.toString()).allMatch(times -> times >= 9);
  }

  @Test
  void guessingScoresChanceOnTheRealFiles() {
    LoadedBenchmark known = ClozeFacts.known(SharedFiles.require("data/known1000/known_1000.json"));
    assertThat(known.size()).isEqualTo(1209);
    guessingScoresChance(known);
    Map<String, Estimate> estimates = BenchmarkRun.estimates(known, ScriptedLikelihoods.random(1));
    assertThat(estimates.get("greedy").clusters()).isEqualTo(33);
    assertThat(estimates.get("acc").n()).isEqualTo(1208);
    LoadedBenchmark relations = ClozeFacts.relations(SharedFiles.require("data/relations-lre"));
    assertThat(relations.metrics()).extracting(Metric::name).contains("acc/factual", "acc/macro");
    guessingScoresChance(relations);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"known_id\": 2|\"known_id\": 1|known_id|must occur once but 1 occurs twice",
        "\"Bo is from\"|\"Al is from\"|prompt|must contain the subject 'Bo' but was 'Al is from'",
        "\"attribute\": \"Oslo\"|\"other\": 1|attribute|field is required but is missing",
        "\"Oslo\"|\" \"|attribute|text must not be empty"
      })
  void brokenFactsNameFileLineAndField(String good, String bad, String field, String message)
      throws IOException {
    Path file = file("k.json", "[\n" + FACT + ",\n" + OTHER.replace(good, bad) + "]");
    assertThatThrownBy(() -> ClozeFacts.known(file))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining(message)
        .hasMessageContaining("k.json, line 3, field '" + field + "'");
    assertThat(ClozeFacts.known(file, ReadOptions.tolerant()).size()).isEqualTo(1);
  }

  @Test
  void brokenRelationsAreNamed() throws IOException {
    assertThatThrownBy(() -> ClozeFacts.relations(folder))
        .hasMessageContaining("a kind of relations must be a folder of JSON files but is none")
        .hasMessageContaining("commonsense");
    Files.createDirectories(folder.resolve("factual"));
    assertThatThrownBy(() -> relations("factual"))
        .hasMessageContaining("must hold a .json file but holds none");
    file("factual/a.json", "{\"prompt_templates\": [\"no slot\"], \"samples\": []}");
    assertThatThrownBy(() -> relations("factual"))
        .hasMessageContaining("a template must have {} once")
        .hasMessageContaining("a.json, line 1");
    file("factual/a.json", "{\"prompt_templates\": [\"{} is\"], \"samples\": []}");
    assertThatThrownBy(() -> relations("factual"))
        .hasMessageContaining("the list must not be empty")
        .hasMessageContaining("samples");
    file("factual/a.json", "{\"samples\": []}");
    assertThatThrownBy(() -> relations("factual")).hasMessageContaining("prompt_templates");
  }

  private LoadedBenchmark relations(String kind) {
    return ClozeFacts.relations(
        folder, Set.of(kind), ClozeFacts.Prompts.PLAIN, ReadOptions.strict());
  }
}

package org.alignment4j.eval.bias;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Answer;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.LogProbs;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Usage;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.core.data.Row;
import org.alignment4j.core.data.RowReader;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.junit.jupiter.api.Test;

/** Equality with the authors' script, from the fixture's predictions. */
class StereoSetFixtureTest {

  private static final List<String> PARTS = List.of("intrasentence", "intersentence");

  /** Scores of sentences by the id of their item, in the order of the benchmark's choices. */
  private static Map<String, double[]> predictions() {
    Path file = SharedFiles.require("fixtures/eval/stereoset_predictions.json");
    Map<String, Double> bySentence = new HashMap<>();
    Map<String, double[]> byItem = new HashMap<>();
    for (String part : PARTS) {
      rows(file, part).forEach(row -> bySentence.put(row.text("id"), row.number("score")));
      rows(SharedFiles.require("fixtures/eval/stereoset_gold.json"), "data." + part)
          .forEach(
              row -> {
                double[] scores = new double[3];
                for (Row sentence : row.objects("sentences")) {
                  int at = StereoSetItem.LABELS.indexOf(sentence.text("gold_label"));
                  scores[at] = bySentence.getOrDefault(sentence.text("id"), Double.NaN);
                }
                byItem.put(row.text("id"), scores);
              });
    }
    return byItem;
  }

  private static List<Row> rows(Path file, String list) {
    List<Row> found = new ArrayList<>();
    try (RowReader rows = RowReader.openList(file, list, ReadOptions.strict())) {
      rows.forEach(row -> row, found::add);
    }
    return found;
  }

  /** Predictions may be above 0, log-probabilities not; only their order counts. */
  private static ContinuationScore score(double prediction) {
    return new ContinuationScore(
        TokenIds.of(1),
        LogProbs.of(prediction - 16),
        false,
        0,
        Usage.ofScoring(0, 1, Duration.ZERO));
  }

  @Test
  void equalsTheOfficialScript() {
    LoadedBenchmark benchmark =
        StereoSet.of(SharedFiles.require("fixtures/eval/stereoset_gold.json"));
    Map<String, double[]> predictions = predictions();
    List<SampleResult> results = new ArrayList<>();
    benchmark
        .samples()
        .forEach(
            sample -> {
              List<ContinuationScore> scores = new ArrayList<>();
              for (double value : predictions.get(sample.id())) {
                scores.add(score(value));
              }
              Answer answer = new Answer(List.of(), scores, Usage.NONE);
              results.add(
                  new SampleResult(
                      sample.id(),
                      sample.cluster(),
                      benchmark.scorer().score(sample, answer, CancellationToken.none()),
                      sample.metadata()));
            });
    assertThat(results).hasSize(64);
    Map<String, Estimate> estimates = benchmark.estimate(results);
    List<Row> file = new ArrayList<>();
    Path path = SharedFiles.require("fixtures/eval/stereoset_expected.json");
    try (RowReader rows = RowReader.open(path, ReadOptions.strict())) {
      rows.forEach(row -> row.object("results"), file::add);
    }
    Row expected = file.get(0);
    requireEqual(estimates, "", expected.object("overall"));
    int compared = 1;
    for (String part : PARTS) {
      Row of = expected.object(part);
      for (String type : of.namesInFile()) {
        String suffix = "/" + part + (type.equals("overall") ? "" : "/" + type);
        requireEqual(estimates, suffix, of.object(type));
        compared++;
      }
    }
    assertThat(compared).isEqualTo(11);
    assertThat(estimates).hasSize(33);
  }

  private static void requireEqual(Map<String, Estimate> estimates, String suffix, Row expected) {
    Map<String, String> fields = Map.of("lms", "LM Score", "ss", "SS Score", "icat", "ICAT Score");
    fields.forEach(
        (name, field) -> {
          Estimate estimate = estimates.get(name + suffix);
          assertThat(estimate.value())
              .as(name + suffix)
              .isCloseTo(expected.number(field), within(1e-9));
        });
  }
}

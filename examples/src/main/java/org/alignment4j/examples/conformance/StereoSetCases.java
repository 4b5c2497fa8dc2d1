package org.alignment4j.examples.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Answer;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.LogProbs;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Usage;
import org.alignment4j.eval.bias.StereoSet;
import org.alignment4j.eval.solve.LoadedBenchmark;

/** StereoSet's scores, from predictions that the authors' script scored. */
final class StereoSetCases {
  private static final String GOLD = "stereoset_gold.json";
  private static final String PREDICTIONS = "stereoset_predictions.json";
  private static final String EXPECTED = "stereoset_expected.json";
  private static final List<String> FILES = List.of(GOLD, PREDICTIONS, EXPECTED);

  /** The order in which the benchmark puts the sentences of an item to a model. */
  private static final List<String> LABELS = List.of("stereotype", "anti-stereotype", "unrelated");

  private static final Map<String, String> FIELDS =
      Map.of("lms", "LM Score", "ss", "SS Score", "icat", "ICAT Score");

  private final String kind;
  private final CaseRunner runner;

  StereoSetCases(String kind, CaseRunner runner) {
    this.kind = kind;
    this.runner = runner;
  }

  /** Whether a file of a folder is one of the three, and the others are there. */
  static boolean reads(Path folder, String name) {
    return FILES.contains(name) && FILES.stream().allMatch(f -> Files.exists(folder.resolve(f)));
  }

  /**
   * Runs the three files of a folder, if it has them.
   *
   * @throws IOException if a file cannot be read
   */
  void run(Path folder) throws IOException {
    if (!reads(folder, GOLD)) {
      return;
    }
    Map<String, Estimate> estimates = estimates(folder);
    Fixture expected = Fixture.read(folder.resolve(EXPECTED)).get("results");
    for (String part : expected.keys()) {
      runner.run(
          kind,
          PREDICTIONS,
          part,
          check -> {
            if (part.equals("overall")) {
              close(check, estimates, "", expected.get(part));
              return;
            }
            for (String type : expected.get(part).keys()) {
              String suffix = "/" + part + (type.equals("overall") ? "" : "/" + type);
              close(check, estimates, suffix, expected.get(part).get(type));
            }
          });
    }
  }

  private static void close(
      Check check, Map<String, Estimate> estimates, String suffix, Fixture expected) {
    FIELDS.forEach(
        (name, field) -> {
          Estimate estimate = estimates.get(name + suffix);
          if (estimate == null) {
            check.fail("there must be an estimate " + name + suffix + " but there is none");
            return;
          }
          double value = expected.get(field).number();
          check.close(name + suffix, estimate.value(), value, Tolerance.DOUBLE);
        });
  }

  private static Map<String, Estimate> estimates(Path folder) throws IOException {
    LoadedBenchmark benchmark = StereoSet.of(folder.resolve(GOLD));
    Map<String, double[]> predictions = predictions(folder);
    List<SampleResult> results = new ArrayList<>();
    for (Sample sample : benchmark.samples().toList()) {
      List<ContinuationScore> scores = new ArrayList<>();
      for (double prediction : predictions.getOrDefault(sample.id(), new double[0])) {
        scores.add(score(prediction));
      }
      Answer answer = new Answer(List.of(), scores, Usage.NONE);
      results.add(
          new SampleResult(
              sample.id(),
              sample.cluster(),
              benchmark.scorer().score(sample, answer, CancellationToken.none()),
              sample.metadata()));
    }
    return benchmark.estimate(results);
  }

  /** Predictions of an item's sentences, by the item's id, in the order of the labels. */
  private static Map<String, double[]> predictions(Path folder) throws IOException {
    Fixture scored = Fixture.read(folder.resolve(PREDICTIONS));
    Fixture gold = Fixture.read(folder.resolve(GOLD)).get("data");
    Map<String, Double> bySentence = new HashMap<>();
    for (String part : scored.keys()) {
      scored
          .get(part)
          .elements()
          .forEach(one -> bySentence.put(one.get("id").text(), one.get("score").number()));
    }
    Map<String, double[]> byItem = new HashMap<>();
    for (String part : gold.keys()) {
      for (Fixture item : gold.get(part).elements()) {
        double[] values = new double[LABELS.size()];
        for (Fixture sentence : item.get("sentences").elements()) {
          Double value = bySentence.get(sentence.get("id").text());
          if (value == null) {
            throw new IllegalArgumentException(
                sentence.place() + " must have a prediction but has none in " + PREDICTIONS);
          }
          values[LABELS.indexOf(sentence.get("gold_label").text())] = value;
        }
        byItem.put(item.get("id").text(), values);
      }
    }
    return byItem;
  }

  /** Log-probabilities are at most 0 and predictions may be above; only their order counts. */
  private static ContinuationScore score(double prediction) {
    double logit = -Math.log1p(Math.exp(-prediction));
    return new ContinuationScore(
        TokenIds.of(1), LogProbs.of(logit), false, 0, Usage.ofScoring(0, 1, Duration.ZERO));
  }
}

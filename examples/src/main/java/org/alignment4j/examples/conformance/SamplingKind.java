package org.alignment4j.examples.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.alignment4j.runtime.generate.EpsilonCutoff;
import org.alignment4j.runtime.generate.EtaCutoff;
import org.alignment4j.runtime.generate.LogitsPipeline;
import org.alignment4j.runtime.generate.LogitsProcessor;
import org.alignment4j.runtime.generate.MinP;
import org.alignment4j.runtime.generate.NoRepeatNgram;
import org.alignment4j.runtime.generate.RepetitionPenalty;
import org.alignment4j.runtime.generate.Temperature;
import org.alignment4j.runtime.generate.TopK;
import org.alignment4j.runtime.generate.TopP;
import org.alignment4j.runtime.generate.TypicalP;

/** Logits processors: scores, probabilities and the number of tokens kept. */
final class SamplingKind implements ConformanceKind {

  private final Path folder;

  SamplingKind(Path folder) {
    this.folder = folder;
  }

  @Override
  public String name() {
    return "sampling";
  }

  @Override
  public void run(CaseRunner runner) throws IOException {
    for (Path file : Folders.files(folder, ".json")) {
      String group = String.valueOf(file.getFileName());
      List<Fixture> cases;
      Fixture fixture;
      try {
        fixture = Fixture.read(file);
        cases = fixture.get("cases").elements();
      } catch (IOException | RuntimeException e) {
        runner.fail(name(), group, "cases", e);
        continue;
      }
      for (Fixture one : cases) {
        String label = one.node().path("name").asText(one.place());
        runner.run(name(), group, label, check -> compare(check, fixture, one));
      }
    }
  }

  private static void compare(Check check, Fixture fixture, Fixture one) {
    LogitsPipeline pipeline = pipeline(one.get("name").text());
    List<Fixture> logits = fixture.get("logits").elements();
    List<int[]> tokens = fixture.get("input_ids").integerRows();
    List<Fixture> expectedScores = one.get("scores_finite").elements();
    List<Fixture> expectedProbabilities = one.get("probs").elements();
    int[] kept = one.get("kept").integers();
    check.equal("rows", expectedScores.size(), logits.size());
    for (int row = 0; row < logits.size(); row++) {
      int[] ids = tokens.get(row);
      double[] scores = pipeline.apply(logits.get(row).numbers(), ids, ids.length);
      check.close("scores " + row, scores, withRemoved(expectedScores.get(row)), Tolerance.DOUBLE);
      double[] probabilities = softmax(scores);
      check.close(
          "probs " + row,
          probabilities,
          expectedProbabilities.get(row).numbers(),
          Tolerance.DOUBLE);
      int count = 0;
      for (double score : scores) {
        count += score == LogitsProcessor.REMOVED ? 0 : 1;
      }
      check.equal("kept " + row, count, kept[row]);
    }
  }

  /** Null stands for negative infinity. */
  private static double[] withRemoved(Fixture row) {
    JsonNode values = row.node();
    double[] scores = new double[values.size()];
    for (int i = 0; i < scores.length; i++) {
      JsonNode value = values.get(i);
      scores[i] =
          value.isNull()
              ? LogitsProcessor.REMOVED
              : new Fixture(value, row.place() + "[" + i + "]").number();
    }
    return scores;
  }

  private static double[] softmax(double[] scores) {
    double max = Double.NEGATIVE_INFINITY;
    for (double score : scores) {
      max = Math.max(max, score);
    }
    double sum = 0;
    double[] probabilities = new double[scores.length];
    for (int i = 0; i < scores.length; i++) {
      probabilities[i] = Math.exp(scores[i] - max);
      sum += probabilities[i];
    }
    for (int i = 0; i < scores.length; i++) {
      probabilities[i] /= sum;
    }
    return probabilities;
  }

  private static LogitsPipeline pipeline(String name) {
    List<LogitsProcessor> processors = new ArrayList<>();
    for (String part : name.split(",", -1)) {
      int equals = part.indexOf('=');
      if (equals < 0) {
        throw new SkippedCaseException("there is no processor '" + part.strip() + "'");
      }
      String key = part.substring(0, equals).strip();
      processors.add(processor(key, part.substring(equals + 1).strip()));
    }
    return new LogitsPipeline(processors);
  }

  private static LogitsProcessor processor(String name, String value) {
    return switch (name) {
      case "temperature" -> new Temperature(Double.parseDouble(value));
      case "top_k" -> new TopK(Integer.parseInt(value));
      case "top_p" -> new TopP(Double.parseDouble(value));
      case "min_p" -> new MinP(Double.parseDouble(value));
      case "typical_p" -> new TypicalP(Double.parseDouble(value));
      case "epsilon_cutoff" -> new EpsilonCutoff(Double.parseDouble(value));
      case "eta_cutoff" -> new EtaCutoff(Double.parseDouble(value));
      case "repetition_penalty" -> new RepetitionPenalty(Double.parseDouble(value));
      case "no_repeat_ngram", "no_repeat_ngram_size" -> new NoRepeatNgram(Integer.parseInt(value));
      default -> throw new SkippedCaseException("there is no processor '" + name + "'");
    };
  }
}

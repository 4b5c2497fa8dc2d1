package org.alignment4j.runtime.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.alignment4j.runtime.SharedFiles;
import org.junit.jupiter.api.Test;

/** Reference scores and probabilities of Hugging Face's processors, in float64. */
class LogitsFixtureTest {

  @Test
  void matchesReferenceScoresAndProbabilities() throws IOException {
    JsonNode root =
        new ObjectMapper()
            .readTree(SharedFiles.require("fixtures/sampling/logits_processors.json").toFile());
    assertThat(root.get("cases")).isNotEmpty();
    for (JsonNode entry : root.get("cases")) {
      LogitsPipeline pipeline = pipeline(entry.get("name").asText());
      for (int row = 0; row < root.get("logits").size(); row++) {
        int[] ids = ints(root.get("input_ids").get(row));
        double[] scores = pipeline.apply(doubles(root.get("logits").get(row)), ids, ids.length);
        check(entry, row, scores);
      }
    }
  }

  private static void check(JsonNode entry, int row, double[] scores) {
    String name = entry.get("name").asText();
    double max = Rows.max(scores);
    double total = Rows.sumExp(scores, max);
    assertThat(Rows.countKept(scores)).as(name).isEqualTo(entry.get("kept").get(row).asInt());
    for (int i = 0; i < scores.length; i++) {
      JsonNode expected = entry.get("scores_finite").get(row).get(i);
      if (expected.isNull()) {
        assertThat(scores[i]).as(name).isEqualTo(LogitsProcessor.REMOVED);
      } else {
        assertThat(scores[i]).as(name).isCloseTo(expected.asDouble(), within(1e-9));
      }
      double probability = Math.exp(scores[i] - max) / total;
      assertThat(probability)
          .as(name)
          .isCloseTo(entry.get("probs").get(row).get(i).asDouble(), within(1e-9));
    }
  }

  private static LogitsPipeline pipeline(String name) {
    List<LogitsProcessor> processors = new ArrayList<>();
    for (String part : name.split(",", -1)) {
      String[] pair = part.trim().split("=", -1);
      processors.add(processor(pair[0], Double.parseDouble(pair[1])));
    }
    return new LogitsPipeline(processors);
  }

  private static LogitsProcessor processor(String name, double value) {
    return switch (name) {
      case "temperature" -> new Temperature(value);
      case "top_k" -> new TopK((int) value);
      case "top_p" -> new TopP(value);
      case "min_p" -> new MinP(value);
      case "typical_p" -> new TypicalP(value);
      case "epsilon_cutoff" -> new EpsilonCutoff(value);
      case "eta_cutoff" -> new EtaCutoff(value);
      case "repetition_penalty" -> new RepetitionPenalty(value);
      case "no_repeat_ngram_size" -> new NoRepeatNgram((int) value);
      default -> throw new AssertionError("unknown processor " + name);
    };
  }

  private static double[] doubles(JsonNode node) {
    double[] values = new double[node.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = node.get(i).asDouble();
    }
    return values;
  }

  private static int[] ints(JsonNode node) {
    int[] values = new int[node.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = node.get(i).asInt();
    }
    return values;
  }
}

package org.alignment4j.runtime.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.alignment4j.runtime.SharedFiles;
import org.alignment4j.runtime.engine.Segments;
import org.alignment4j.runtime.engine.TokenBatch;

/** The reference training batch of a model and its expected numbers. */
record TrainFixture(JsonNode json) {

  /** A sequence without padding, and whether each of its tokens is to be predicted. */
  record Sequence(int[] tokens, boolean[] predicted) {}

  static TrainFixture load(String model) throws Exception {
    return new TrainFixture(
        new ObjectMapper()
            .readTree(
                Files.readString(SharedFiles.require("fixtures/train/" + model + ".train.json"))));
  }

  List<Sequence> sequences() {
    List<Sequence> sequences = new ArrayList<>();
    for (int b = 0; b < json.get("input_ids").size(); b++) {
      int length = 0;
      for (JsonNode present : json.get("attention_mask").get(b)) {
        length += present.intValue();
      }
      int[] tokens = new int[length];
      boolean[] predicted = new boolean[length];
      for (int t = 0; t < length; t++) {
        tokens[t] = json.get("input_ids").get(b).get(t).intValue();
        predicted[t] = t > 0 && json.get("labels").get(b).get(t).intValue() >= 0;
      }
      sequences.add(new Sequence(tokens, predicted));
    }
    return sequences;
  }

  static int predicted(List<Sequence> sequences) {
    int n = 0;
    for (Sequence s : sequences) {
      for (boolean p : s.predicted()) {
        n += p ? 1 : 0;
      }
    }
    return n;
  }

  /** The whole batch, padded on the right. */
  MicroBatch padded() {
    List<Sequence> sequences = sequences();
    return padded(sequences, predicted(sequences));
  }

  /** One padded row for each sequence; each token weighs {@code 1/total}. */
  static MicroBatch padded(List<Sequence> sequences, int total) {
    TokenBatch tokens = TokenBatch.rightPadded(sequences.stream().map(Sequence::tokens).toList());
    long[] starts = new long[sequences.size()];
    Arrays.setAll(starts, b -> (long) b * tokens.seq());
    return batch(tokens, sequences, starts, total);
  }

  /** All sequences in one row. */
  static MicroBatch packed(List<Sequence> sequences, int total) {
    Segments row = new Segments();
    long[] starts = new long[sequences.size()];
    for (int i = 0; i < starts.length; i++) {
      starts[i] = row.length();
      row.add(sequences.get(i).tokens());
    }
    return batch(TokenBatch.of(List.of(row), row.length()), sequences, starts, total);
  }

  private static MicroBatch batch(
      TokenBatch tokens, List<Sequence> sequences, long[] starts, int total) {
    List<Long> rows = new ArrayList<>();
    List<Long> labels = new ArrayList<>();
    for (int b = 0; b < starts.length; b++) {
      Sequence s = sequences.get(b);
      for (int t = 1; t < s.tokens().length; t++) {
        if (s.predicted()[t]) {
          rows.add(starts[b] + t - 1);
          labels.add((long) s.tokens()[t]);
        }
      }
    }
    float[] weights = new float[rows.size()];
    Arrays.fill(weights, 1f / total);
    return new MicroBatch(
        tokens,
        rows.stream().mapToLong(x -> x).toArray(),
        labels.stream().mapToLong(x -> x).toArray(),
        Map.of("weights", new FloatInput(weights, weights.length)));
  }

  /** The same micro-batches at every step. */
  static MicroBatchSource repeated(long steps, List<MicroBatch> batches) {
    return new MicroBatchSource() {
      @Override
      public long steps() {
        return steps;
      }

      @Override
      public List<MicroBatch> at(long step) {
        return batches;
      }

      @Override
      public Map<String, String> description() {
        return Map.of("data", "fixture");
      }
    };
  }
}

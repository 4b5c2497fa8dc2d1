package org.alignment4j.eval;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.api.evaluation.Score;

/**
 * Each sample several times. A sample of an epoch is the sample with the epoch in its id and
 * metadata, and in the sample's own cluster.
 *
 * @param count how often, at least 1
 * @param reduction what the epochs of a sample come to
 */
record Epochs(int count, EpochReduction reduction) {
  /** Metadata field of a sample that says which epoch it is, counted from 0. */
  static final String EPOCH = "epoch";

  private static final String MARK = " epoch ";

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if there is no epoch, or fewer than the reduction needs
   */
  Epochs {
    if (count < 1) {
      throw new IllegalArgumentException("epochs must be at least 1 but were " + count);
    }
    if (reduction.least() > count) {
      throw new IllegalArgumentException(
          "epochs must be at least "
              + reduction.least()
              + ", which the "
              + reduction
              + " needs, but were "
              + count);
    }
  }

  List<Sample> of(Sample sample) {
    List<Sample> epochs = new ArrayList<>();
    for (int epoch = 0; epoch < count; epoch++) {
      epochs.add(
          with(
              sample,
              sample.id() + MARK + epoch,
              ImmutableMap.<String, String>builder()
                  .putAll(sample.metadata())
                  .put(EPOCH, Integer.toString(epoch))
                  .buildKeepingLast()));
    }
    return epochs;
  }

  static int epoch(Sample sample) {
    return Integer.parseInt(sample.metadata().getOrDefault(EPOCH, "0"));
  }

  /** The sample as the benchmark has it. */
  static Sample original(Sample sample) {
    return with(sample, originalId(sample.id()), originalMetadata(sample.metadata()));
  }

  private static Sample with(Sample sample, String id, Map<String, String> metadata) {
    return new Sample(
        id, sample.prompt(), sample.choices(), sample.targets(), sample.cluster(), metadata);
  }

  private static String originalId(String id) {
    return id.substring(0, id.lastIndexOf(MARK));
  }

  private static Map<String, String> originalMetadata(Map<String, String> metadata) {
    Map<String, String> fields = new LinkedHashMap<>(metadata);
    fields.remove(EPOCH);
    return fields;
  }

  /** One result for each sample of the benchmark. */
  static List<SampleResult> reduce(List<SampleResult> results, EpochReduction reduction) {
    return reduce(results, reduction::reduce);
  }

  /**
   * One result for each sample of the benchmark, without a value where an epoch has none: what
   * estimates count as failed and without verdict.
   */
  static List<SampleResult> lost(List<SampleResult> results) {
    return reduce(results, Epochs::lostOf);
  }

  /** A failure before a missing verdict. */
  private static Score lostOf(List<Score> epochs) {
    return epochs.stream()
        .filter(Score.Failed.class::isInstance)
        .findFirst()
        .or(() -> epochs.stream().filter(Score.Unscored.class::isInstance).findFirst())
        .orElse(epochs.get(0));
  }

  private static List<SampleResult> reduce(
      List<SampleResult> results, Function<List<Score>, Score> reduction) {
    Map<String, List<SampleResult>> bySample = new LinkedHashMap<>();
    results.forEach(
        r -> bySample.computeIfAbsent(originalId(r.sampleId()), id -> new ArrayList<>()).add(r));
    List<SampleResult> reduced = new ArrayList<>();
    bySample.forEach((id, epochs) -> reduced.add(reduce(id, epochs, reduction)));
    return reduced;
  }

  private static SampleResult reduce(
      String id, List<SampleResult> epochs, Function<List<Score>, Score> reduction) {
    Map<String, List<Score>> byMetric = new LinkedHashMap<>();
    for (SampleResult epoch : epochs) {
      epoch
          .scores()
          .forEach((m, score) -> byMetric.computeIfAbsent(m, x -> new ArrayList<>()).add(score));
    }
    Map<String, Score> scores = new LinkedHashMap<>();
    byMetric.forEach((metric, all) -> scores.put(metric, reduction.apply(all)));
    SampleResult first = epochs.get(0);
    return new SampleResult(id, first.cluster(), scores, originalMetadata(first.metadata()));
  }
}

package org.alignment4j.eval.history;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.alignment4j.api.evaluation.BenchmarkResult;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.api.model.Usage;
import org.alignment4j.eval.BenchmarkOutcome;
import org.alignment4j.eval.EpochReduction;
import org.alignment4j.eval.record.RecordFields;
import org.alignment4j.eval.record.RunKey;
import org.alignment4j.eval.record.ScoreCodec;
import org.alignment4j.eval.record.UsageCodec;
import org.jspecify.annotations.Nullable;

/** Outcomes as plain values; what is not known is null. Stateless. */
final class OutcomeCodec {
  private static final String EPOCHS = "epochs";
  private static final String MEAN = "mean";

  private OutcomeCodec() {}

  /** The figures, without samples. */
  static Map<String, @Nullable Object> encode(BenchmarkOutcome outcome) {
    BenchmarkResult result = outcome.result();
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("key", outcome.key().configuration());
    fields.put("model", outcome.model());
    fields.put("dimension", result.dimension());
    fields.put("incomplete", result.incomplete());
    fields.put("failed", outcome.failed());
    fields.put("missing", outcome.missing());
    Map<String, Object> usage = new LinkedHashMap<>();
    outcome.usageByRole().forEach((role, of) -> usage.put(role, UsageCodec.encode(of)));
    fields.put("usage", usage);
    outcome.reduction().ifPresent(how -> fields.put(EPOCHS, encode(how)));
    List<Object> metrics = new ArrayList<>();
    for (Metric metric : result.metrics()) {
      Map<String, @Nullable Object> one = encode(metric);
      Estimate estimate = result.estimates().get(metric.name());
      one.put("estimate", estimate == null ? null : encode(estimate));
      metrics.add(one);
    }
    fields.put("metrics", metrics);
    return fields;
  }

  static BenchmarkOutcome decode(Map<?, ?> fields, List<SampleResult> samples) {
    RunKey key = RunKey.of(RecordFields.object(fields, "key"));
    List<Metric> metrics = new ArrayList<>();
    Map<String, Estimate> estimates = new LinkedHashMap<>();
    for (Object element : RecordFields.list(fields, "metrics")) {
      Map<?, ?> one = RecordFields.element("metrics", element);
      Metric metric = metric(one);
      metrics.add(metric);
      if (one.get("estimate") != null) {
        estimates.put(metric.name(), estimate(RecordFields.object(one, "estimate")));
      }
    }
    Map<String, Usage> byRole = new LinkedHashMap<>();
    Usage usage = Usage.NONE;
    for (Map.Entry<?, ?> role : RecordFields.object(fields, "usage").entrySet()) {
      Usage of = UsageCodec.decode(RecordFields.element("usage", role.getValue()));
      byRole.put((String) role.getKey(), of);
      usage = usage.plus(of);
    }
    return new BenchmarkOutcome(
        new BenchmarkResult(
            key.benchmark(),
            key.version(),
            RecordFields.text(fields, "dimension"),
            RecordFields.text(fields, "model"),
            metrics,
            estimates,
            usage,
            RecordFields.text(fields, "incomplete")),
        key,
        samples,
        RecordFields.whole(fields, "failed"),
        RecordFields.whole(fields, "missing"),
        Optional.empty(),
        byRole,
        reduction(fields),
        Optional.empty());
  }

  /** The mean as a word, the maximum of k as its k. */
  private static Object encode(EpochReduction reduction) {
    return reduction instanceof EpochReduction.MaximumOf maximum
        ? (Object) (long) maximum.k()
        : MEAN;
  }

  private static Optional<EpochReduction> reduction(Map<?, ?> fields) {
    if (!fields.containsKey(EPOCHS)) {
      return Optional.empty();
    }
    return Optional.of(
        MEAN.equals(fields.get(EPOCHS))
            ? EpochReduction.mean()
            : EpochReduction.passAt(Math.toIntExact(RecordFields.whole(fields, EPOCHS))));
  }

  static Map<String, Object> encode(int outcome, SampleResult sample) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("outcome", outcome);
    fields.put("sample", sample.sampleId());
    fields.put("cluster", sample.cluster());
    fields.put("scores", ScoreCodec.encode(sample.scores()));
    fields.put("metadata", sample.metadata());
    return fields;
  }

  static SampleResult sample(Map<?, ?> fields) {
    return new SampleResult(
        RecordFields.text(fields, "sample"),
        RecordFields.text(fields, "cluster"),
        ScoreCodec.decode(fields, "scores"),
        RecordFields.textMap(fields, "metadata"));
  }

  private static Map<String, @Nullable Object> encode(Metric metric) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("name", metric.name());
    fields.put("unit", metric.unit());
    fields.put("citation", metric.citation());
    fields.put("chance", metric.chance().isPresent() ? metric.chance().getAsDouble() : null);
    if (metric.direction() instanceof Direction.Ideal ideal) {
      fields.put("ideal", ideal.value());
    } else if (metric.direction() instanceof Direction.Neutral) {
      fields.put("neutral", true);
    } else {
      fields.put("higher", metric.direction() instanceof Direction.Higher);
    }
    return fields;
  }

  private static Metric metric(Map<?, ?> fields) {
    Direction direction;
    if (fields.containsKey("ideal")) {
      direction = Direction.ideal(RecordFields.number(fields, "ideal"));
    } else if (fields.containsKey("neutral")) {
      direction = Direction.NEUTRAL;
    } else {
      direction = RecordFields.truth(fields, "higher") ? Direction.HIGHER : Direction.LOWER;
    }
    return new Metric(
        RecordFields.text(fields, "name"),
        RecordFields.text(fields, "unit"),
        direction,
        fields.get("chance") == null
            ? OptionalDouble.empty()
            : OptionalDouble.of(RecordFields.number(fields, "chance")),
        RecordFields.text(fields, "citation"));
  }

  private static Map<String, @Nullable Object> encode(Estimate e) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("value", known(e.value()));
    fields.put("standard_error", known(e.standardError()));
    fields.put("ci_low", known(e.ciLow()));
    fields.put("ci_high", known(e.ciHigh()));
    fields.put("confidence", e.confidence());
    fields.put("n", e.n());
    fields.put("clusters", e.clusters());
    fields.put("unscored", e.unscored());
    fields.put("failed", e.failed());
    return fields;
  }

  private static Estimate estimate(Map<?, ?> fields) {
    return new Estimate(
        maybe(fields, "value"),
        maybe(fields, "standard_error"),
        maybe(fields, "ci_low"),
        maybe(fields, "ci_high"),
        RecordFields.number(fields, "confidence"),
        RecordFields.whole(fields, "n"),
        RecordFields.whole(fields, "clusters"),
        RecordFields.whole(fields, "unscored"),
        RecordFields.whole(fields, "failed"));
  }

  private static @Nullable Object known(double value) {
    return Double.isNaN(value) ? null : (Object) value;
  }

  private static double maybe(Map<?, ?> fields, String name) {
    return fields.get(name) == null ? Double.NaN : RecordFields.number(fields, name);
  }
}

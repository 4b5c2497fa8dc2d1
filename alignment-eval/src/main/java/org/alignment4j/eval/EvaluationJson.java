package org.alignment4j.eval;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.provenance.Provenance;
import org.alignment4j.core.journal.PlainJson;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Evaluations and comparisons as JSON with {@code format} and {@code version}. What is not known is
 * null. Stateless.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class EvaluationJson {
  /** Value of the field {@code format} of an evaluation. */
  public static final String EVALUATION = "alignment4j-evaluation";

  /** Value of the field {@code format} of a comparison. */
  public static final String COMPARISON = "alignment4j-comparison";

  /** Value of the field {@code version} of both. */
  public static final int VERSION = 1;

  private EvaluationJson() {}

  /** Returns the figures of an evaluation with what was run and where it comes from. */
  public static String of(EvaluationRun run) {
    Map<String, Object> fields = head(EVALUATION);
    fields.put("complete", run.complete());
    fields.put("spent", run.spent());
    List<Object> results = new ArrayList<>();
    run.outcomes().forEach(outcome -> results.add(plain(outcome)));
    fields.put("results", results);
    fields.put("provenance", plain(run.report().provenance()));
    return PlainJson.write(fields);
  }

  /** Returns what changed. */
  public static String of(EvaluationComparison comparison) {
    Map<String, Object> fields = head(COMPARISON);
    fields.put("before", comparison.before());
    fields.put("after", comparison.after());
    fields.put("complete", comparison.complete());
    fields.put("exit_code", comparison.exitCode());
    fields.put("only_one", comparison.onlyOne());
    List<Object> metrics = new ArrayList<>();
    comparison.metrics().forEach(metric -> metrics.add(plain(metric)));
    fields.put("metrics", metrics);
    return PlainJson.write(fields);
  }

  private static Map<String, Object> head(String format) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("format", format);
    fields.put("version", VERSION);
    return fields;
  }

  private static Map<String, @Nullable Object> plain(BenchmarkOutcome outcome) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("benchmark", outcome.key().benchmark());
    fields.put("benchmark_version", outcome.key().version());
    fields.put("dimension", outcome.result().dimension());
    fields.put("model", outcome.model());
    fields.put("model_id", outcome.key().model());
    fields.put("data", outcome.key().data().hex());
    fields.put("samples", outcome.samples().size());
    fields.put("failed", outcome.failed());
    fields.put("unscored", outcome.unscored());
    fields.put("missing", outcome.missing());
    fields.put("incomplete", outcome.result().incomplete());
    fields.put("usage", plain(outcome.result().usage()));
    Map<String, Object> roles = new LinkedHashMap<>();
    outcome.usageByRole().forEach((role, usage) -> roles.put(role, plain(usage)));
    fields.put("usage_by_role", roles);
    List<Object> metrics = new ArrayList<>();
    for (Metric metric : outcome.result().metrics()) {
      Estimate estimate = outcome.result().estimates().get(metric.name());
      if (estimate != null) {
        Map<String, @Nullable Object> one = plain(metric);
        one.put("estimate", plain(estimate));
        metrics.add(one);
      }
    }
    fields.put("metrics", metrics);
    return fields;
  }

  private static Map<String, @Nullable Object> plain(Metric metric) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("name", metric.name());
    fields.put("unit", metric.unit());
    fields.put(
        "direction",
        metric.direction() instanceof Direction.Ideal
            ? "ideal"
            : metric.direction() instanceof Direction.Neutral
                ? "neutral"
                : EvaluationMarkdown.better(metric.direction()));
    if (metric.direction() instanceof Direction.Ideal ideal) {
      fields.put("ideal", ideal.value());
    }
    fields.put("chance", metric.chance().isPresent() ? metric.chance().getAsDouble() : null);
    fields.put("citation", metric.citation());
    return fields;
  }

  private static Map<String, @Nullable Object> plain(Estimate estimate) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("value", known(estimate.value()));
    fields.put("standard_error", known(estimate.standardError()));
    fields.put("ci_low", known(estimate.ciLow()));
    fields.put("ci_high", known(estimate.ciHigh()));
    fields.put("confidence", estimate.confidence());
    fields.put("n", estimate.n());
    fields.put("clusters", estimate.clusters());
    fields.put("unscored", estimate.unscored());
    fields.put("failed", estimate.failed());
    return fields;
  }

  private static Map<String, @Nullable Object> plain(MetricComparison comparison) {
    Map<String, @Nullable Object> fields = plain(comparison.metric());
    fields.put("benchmark", comparison.benchmark());
    fields.put("before", plain(comparison.before()));
    fields.put("after", plain(comparison.after()));
    fields.put("change", comparison.change().name().toLowerCase(Locale.ROOT));
    comparison
        .paired()
        .ifPresent(
            paired -> {
              fields.put("difference", plain(paired.difference()));
              fields.put("test", paired.test().name().toLowerCase(Locale.ROOT));
              fields.put("p", paired.pValue());
              fields.put("p_holm", paired.adjustedPValue());
              fields.put("detectable", known(paired.detectable()));
              fields.put("unpaired", paired.unpaired());
            });
    return fields;
  }

  private static Map<String, Object> plain(Usage usage) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("calls", usage.calls());
    fields.put("prompt_tokens", usage.promptTokens());
    fields.put("cached_tokens", usage.cachedTokens());
    fields.put("completion_tokens", usage.completionTokens());
    fields.put("scored_tokens", usage.scoredTokens());
    fields.put("retries", usage.retries());
    fields.put("seconds", usage.time().toNanos() / 1e9);
    return fields;
  }

  private static Map<String, Object> plain(Provenance provenance) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("kind", provenance.kind());
    fields.put("name", provenance.name());
    Map<String, Object> hashes = new LinkedHashMap<>();
    provenance.hashes().forEach((name, hash) -> hashes.put(name, hash.hex()));
    fields.put("hashes", hashes);
    fields.put("seeds", provenance.seeds());
    fields.put("options", provenance.options());
    fields.put("versions", provenance.versions());
    fields.put("device", provenance.device());
    List<Object> parents = new ArrayList<>();
    provenance.parents().forEach(parent -> parents.add(plain(parent)));
    fields.put("parents", parents);
    return fields;
  }

  private static @Nullable Object known(double value) {
    return Double.isNaN(value) ? null : (Object) value;
  }
}

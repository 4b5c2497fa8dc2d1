package org.alignment4j.eval;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.core.report.Section;
import org.alignment4j.eval.record.RecordFile;
import org.alignment4j.eval.record.RecordedText;
import org.alignment4j.eval.record.SampleRecord;

/**
 * The first samples of a benchmark with their right answers and what each model answered, found by
 * how they were scored on each of the first metrics.
 */
final class SampleBrowser {
  private static final double PERCENT = 100;
  private static final double HALF = 0.5;
  private static final String REFERENCE = "right answer";

  /** With more of them there were too many kinds to choose from. */
  private static final int MOST_METRICS = 4;

  private final List<BenchmarkOutcome> outcomes;
  private final int most;
  private final Map<String, Section.Sample> shown = new LinkedHashMap<>();
  private final Map<String, Set<String>> kinds = new LinkedHashMap<>();

  /** By sample and metric. */
  private final Map<String, Map<String, Set<Boolean>>> verdicts = new LinkedHashMap<>();

  SampleBrowser(List<BenchmarkOutcome> outcomes, int most) {
    this.outcomes = outcomes;
    this.most = most;
  }

  /** The browser; empty when no samples are to be shown or none were kept. */
  Optional<Section> section() {
    for (BenchmarkOutcome outcome : outcomes) {
      if (outcome.records().isPresent() && most > 0) {
        read(outcome, outcome.records().get());
      }
    }
    if (shown.isEmpty()) {
      return Optional.empty();
    }
    List<Section.Sorted> sorted = new ArrayList<>();
    shown.forEach(
        (id, sample) -> {
          List<String> of = new ArrayList<>();
          if (verdicts.getOrDefault(id, Map.of()).values().stream().anyMatch(v -> v.size() > 1)) {
            of.add("models differ");
          }
          of.addAll(kinds.getOrDefault(id, Set.of()));
          sorted.add(new Section.Sorted(sample, of));
        });
    long all = outcomes.stream().mapToLong(o -> o.samples().size()).max().orElse(0);
    return Optional.of(
        new Section.Browser(
            "Samples",
            sorted,
            "The first " + shown.size() + " of " + all + "; all are in the run folder."));
  }

  private void read(BenchmarkOutcome outcome, Path records) {
    Path folder = Objects.requireNonNull(records.toAbsolutePath().getParent(), "folder");
    try (RecordFile file = RecordFile.open(folder, outcome.key())) {
      for (SampleResult result : outcome.samples().stream().limit(most).toList()) {
        file.get(result.sampleId()).ifPresent(kept -> add(outcome, kept));
      }
    }
  }

  private void add(BenchmarkOutcome outcome, SampleRecord sample) {
    String id = sample.sampleId();
    Section.Sample before = shown.get(id);
    if (before == null) {
      before = new Section.Sample(sample.prompt(), id, List.of());
      if (!sample.targets().isEmpty()) {
        before = before.reply(REFERENCE, String.join("\n", sample.targets()));
      }
    }
    Set<String> of = kinds.computeIfAbsent(id, i -> new LinkedHashSet<>());
    String by = outcomes.size() == 1 ? "" : " by " + outcome.model();
    List<Metric> metrics = metrics(outcome, sample);
    Optional<Section.Verdict> first = Optional.empty();
    boolean missing = false;
    for (Metric metric : metrics) {
      Score score = sample.scores().get(EpochNames.score(metric, outcome));
      missing |= score instanceof Score.Unscored;
      OptionalInt good =
          score instanceof Score.Scored scored ? good(metric, scored.value()) : OptionalInt.empty();
      if (good.isPresent()) {
        boolean right = good.getAsInt() == 1;
        String text = right ? "right" : "wrong";
        of.add((metrics.size() == 1 ? "" : metric.name() + " ") + text + by);
        verdicts
            .computeIfAbsent(id, i -> new LinkedHashMap<>())
            .computeIfAbsent(metric.name(), m -> new LinkedHashSet<>())
            .add(right);
        if (first.isEmpty()) {
          first = Optional.of(new Section.Verdict(metric.name() + ": " + text, right));
        }
      }
    }
    if (missing) {
      of.add("no verdict" + by);
    }
    if (!sample.error().isEmpty()) {
      of.add("failed" + by);
    }
    String reply = reply(sample);
    shown.put(
        id,
        first.isPresent()
            ? before.reply(outcome.model(), reply, first.get())
            : before.reply(outcome.model(), reply));
  }

  /**
   * What samples are found by: the first metrics that this one has a score on, not of its parts.
   */
  private static List<Metric> metrics(BenchmarkOutcome outcome, SampleRecord sample) {
    List<Metric> scored =
        outcome.result().metrics().stream()
            .filter(metric -> sample.scores().containsKey(EpochNames.score(metric, outcome)))
            .toList();
    List<Metric> whole = scored.stream().filter(m -> !m.name().contains("/")).toList();
    return (whole.isEmpty() ? scored : whole).stream().limit(MOST_METRICS).toList();
  }

  /** Whether a score is on the better half of a metric whose values have one; 1 or 0. */
  private static OptionalInt good(Metric metric, double value) {
    boolean bounded = metric.unit().equals("fraction") || metric.unit().equals("%");
    if (!bounded
        || metric.direction() instanceof Direction.Ideal
        || metric.direction() instanceof Direction.Neutral) {
      return OptionalInt.empty();
    }
    double half = metric.unit().equals("%") ? HALF * PERCENT : HALF;
    boolean high = metric.direction() instanceof Direction.Higher;
    return OptionalInt.of((high ? value >= half : value < half) ? 1 : 0);
  }

  private static String reply(SampleRecord sample) {
    List<String> lines = new ArrayList<>();
    sample.texts().stream().map(RecordedText::text).forEach(lines::add);
    for (int i = 0; i < sample.likelihoods().size(); i++) {
      String choice = i < sample.choices().size() ? sample.choices().get(i) : "choice " + i;
      double logProbability = sample.likelihoods().get(i).logProbability();
      String mark = sample.targets().contains(choice) ? "✓ " : "";
      lines.add(String.format(Locale.ROOT, "%s%s: %.3f nats", mark, choice, logProbability));
    }
    Stream.of(sample.error()).filter(e -> !e.isEmpty()).forEach(e -> lines.add("failed: " + e));
    sample.scores().forEach((metric, score) -> lines.add(metric + ": " + written(score)));
    return String.join("\n", lines);
  }

  private static String written(Score score) {
    if (score instanceof Score.Scored scored) {
      return String.format(Locale.ROOT, "%.4g", scored.value());
    }
    return score instanceof Score.Unscored unscored ? "no verdict, " + unscored.reason() : "failed";
  }
}

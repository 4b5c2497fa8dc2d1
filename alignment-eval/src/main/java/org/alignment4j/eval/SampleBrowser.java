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
 * The first samples of a benchmark with what each model answered, found by how they were scored.
 */
final class SampleBrowser {
  private static final double PERCENT = 100;
  private static final double HALF = 0.5;

  private final List<BenchmarkOutcome> outcomes;
  private final int most;
  private final Map<String, Section.Sample> shown = new LinkedHashMap<>();
  private final Map<String, Set<String>> kinds = new LinkedHashMap<>();
  private final Map<String, Set<Boolean>> verdicts = new LinkedHashMap<>();

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
          if (verdicts.getOrDefault(id, Set.of()).size() > 1) {
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
    String model = outcome.model();
    Section.Sample before =
        shown.getOrDefault(id, new Section.Sample(sample.prompt(), id, List.of()));
    Metric metric = outcome.result().metrics().get(0);
    Score score = sample.scores().get(metric.name());
    Set<String> of = kinds.computeIfAbsent(id, i -> new LinkedHashSet<>());
    String by = outcomes.size() == 1 ? "" : " by " + model;
    if (score instanceof Score.Scored scored) {
      OptionalInt good = good(metric, scored.value());
      if (good.isPresent()) {
        boolean right = good.getAsInt() == 1;
        String text = right ? "right" : "wrong";
        of.add(text + by);
        verdicts.computeIfAbsent(id, i -> new LinkedHashSet<>()).add(right);
        shown.put(
            id,
            before.reply(
                model, reply(sample), new Section.Verdict(metric.name() + ": " + text, right)));
        return;
      }
    } else if (score instanceof Score.Unscored) {
      of.add("no verdict" + by);
    } else if (score instanceof Score.Failed || !sample.error().isEmpty()) {
      of.add("failed" + by);
    }
    shown.put(id, before.reply(model, reply(sample)));
  }

  /** Whether a score is on the better half of a metric whose values have one; 1 or 0. */
  private static OptionalInt good(Metric metric, double value) {
    boolean bounded = metric.unit().equals("fraction") || metric.unit().equals("%");
    if (!bounded || metric.direction() instanceof Direction.Ideal) {
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
      lines.add(String.format(Locale.ROOT, "%s: %.3f nats", choice, logProbability));
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

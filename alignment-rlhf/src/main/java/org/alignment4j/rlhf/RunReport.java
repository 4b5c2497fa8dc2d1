package org.alignment4j.rlhf;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.alignment4j.core.report.Chart;
import org.alignment4j.core.report.Report;
import org.alignment4j.core.report.Section;
import org.alignment4j.runtime.train.Metrics;
import org.alignment4j.runtime.train.RunFolder;
import org.alignment4j.runtime.train.RunHooks;
import org.alignment4j.runtime.train.StepLog;
import org.apiguardian.api.API;

/**
 * The curves of a run as one HTML page: loss, rewards, divergence, lengths, evaluations,
 * optimisation, and the first and last samples of each prompt. Works while the run goes on and
 * after it. Steps are those of {@link Evaluation}: what the trainer reports metrics of.
 *
 * <pre>{@code
 * RunReport.write(runFolder);
 * }</pre>
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class RunReport {
  /** What {@link #write} makes in the run folder. */
  public static final String FILE = "report.html";

  private static final String LOSS = "Loss";
  private static final String REWARDS = "Rewards";
  private static final String LENGTHS = "Lengths";
  private static final String OTHER = "Other";
  private static final String EVALUATIONS = "Evaluations";

  /** Points a line has at most; of longer runs each is the mean of several steps. */
  private static final int POINTS = 500;

  private RunReport() {}

  /**
   * Writes the page into the run folder; an older one is replaced whole.
   *
   * @param runFolder a run's folder
   * @return where it lies
   * @throws org.alignment4j.api.RunFolderException when the folder has no metrics or they are
   *     damaged
   * @throws org.alignment4j.api.AlignmentException when the page cannot be written
   */
  public static Path write(Path runFolder) {
    Path page = runFolder.resolve(FILE);
    of(runFolder).write(page);
    return page;
  }

  /**
   * Draws a run.
   *
   * @param runFolder a run's folder
   * @return the page
   * @throws org.alignment4j.api.RunFolderException when the folder has no metrics or they are
   *     damaged
   */
  public static Report of(Path runFolder) {
    List<Metrics> metrics = RunFolder.readMetrics(runFolder);
    long last = metrics.isEmpty() ? 0 : metrics.get(metrics.size() - 1).step();
    Report.Builder report =
        Report.builder("Training run " + runFolder.toAbsolutePath().normalize().getFileName())
            .subtitle(last + " steps");
    charts(metrics)
        .forEach((heading, charts) -> report.add(new Section.Charts(heading, charts, "")));
    Path samples = runFolder.resolve(SampleCallback.FILE);
    if (Files.exists(samples)) {
      report.add(samples(StepLog.read(samples, SampleCallback.FORMAT, SampleCallback.VERSION)));
    }
    return report.build();
  }

  private static Map<String, List<Chart>> charts(List<Metrics> metrics) {
    Set<String> names = new LinkedHashSet<>();
    metrics.forEach(step -> names.addAll(step.values().keySet()));
    Map<String, Map<String, Chart.Lines>> sections = new LinkedHashMap<>();
    for (String heading :
        List.of(LOSS, REWARDS, "Divergence", LENGTHS, EVALUATIONS, "Optimisation", OTHER)) {
      sections.put(heading, new LinkedHashMap<>());
    }
    for (String name : names) {
      Map<String, Chart.Lines> section =
          sections.computeIfAbsent(heading(name), h -> new LinkedHashMap<>());
      String title = title(name);
      section.put(
          title,
          section
              .getOrDefault(title, new Chart.Lines(title, "steps", title, List.of()))
              .with(name, points(metrics, name)));
    }
    Map<String, List<Chart>> charts = new LinkedHashMap<>();
    sections.forEach(
        (heading, lines) -> {
          if (!lines.isEmpty()) {
            charts.put(heading, List.copyOf(lines.values()));
          }
        });
    return charts;
  }

  /** The section that shows a metric. */
  static String heading(String name) {
    if (name.startsWith(RunHooks.EVALUATION)) {
      return EVALUATIONS;
    }
    if (name.endsWith("loss") || name.startsWith("nll")) {
      return LOSS;
    }
    if (Stream.of("reward", "costs", "objective/scores").anyMatch(name::startsWith)) {
      return REWARDS;
    }
    if (name.startsWith("kl") || name.endsWith("kl")) {
      return "Divergence";
    }
    if (name.startsWith("lengths/") || name.startsWith("completions/")) {
      return LENGTHS;
    }
    return switch (name) {
      case "loss/last" -> LOSS;
      case "cost", "selected/reward", "objective/rlhf_reward", "objective/non_score_reward" ->
          REWARDS;
      case "selected/mean_length" -> LENGTHS;
      case "grad_norm", "learning_rate", "tokens_per_second" -> "Optimisation";
      default -> OTHER;
    };
  }

  /** Both kinds of answers share a chart, and so does a metric of several evaluations. */
  private static String title(String name) {
    if (name.startsWith(RunHooks.EVALUATION)) {
      return name.substring(name.lastIndexOf('/') + 1);
    }
    return name.endsWith("/chosen") || name.endsWith("/rejected")
        ? name.substring(0, name.lastIndexOf('/'))
        : name;
  }

  private static List<Chart.Point> points(List<Metrics> metrics, String name) {
    List<Metrics> reported =
        metrics.stream().filter(step -> step.values().containsKey(name)).toList();
    int together = (reported.size() + POINTS - 1) / POINTS;
    List<Chart.Point> points = new ArrayList<>();
    for (int from = 0; from < reported.size(); from += together) {
      List<Metrics> some = reported.subList(from, Math.min(from + together, reported.size()));
      points.add(
          Chart.Point.of(
              some.get(some.size() - 1).step(),
              some.stream().mapToDouble(step -> step.values().get(name)).average().orElse(0)));
    }
    return points;
  }

  private static Section samples(List<Map<String, Object>> lines) {
    Object last = lines.isEmpty() ? "" : lines.get(lines.size() - 1).get("step");
    Map<Object, Section.Sample> samples = new LinkedHashMap<>();
    for (Map<String, Object> line : lines) {
      Object index = line.getOrDefault("prompt_index", "");
      Object step = line.getOrDefault("step", "");
      boolean first = !samples.containsKey(index);
      if (first || step.equals(last)) {
        samples.put(
            index,
            samples
                .getOrDefault(index, Section.Sample.of(LoggedPrompt.shown(line.get("prompt"))))
                .reply("step " + step, String.valueOf(line.getOrDefault("completion", ""))));
      }
    }
    return new Section.Samples(
        "Samples", List.copyOf(samples.values()), 1, "First and last completions of each prompt.");
  }
}

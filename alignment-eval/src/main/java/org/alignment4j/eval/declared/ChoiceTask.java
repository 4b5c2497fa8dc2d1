package org.alignment4j.eval.declared;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.eval.solve.ChoiceAccuracy;
import org.alignment4j.eval.solve.ChoiceLikelihood;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.apiguardian.api.API;

/**
 * Multiple choice by likelihood over templated samples: {@code acc}, and {@code acc_norm} and
 * {@code acc_bytes} ({@link ChoiceAccuracy}) where choices differ in length. A tie is wrong, and so
 * is a question whose right choice is listed twice, which {@link DeclaredBenchmark} refuses.
 * Stateless.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ChoiceTask {

  private ChoiceTask() {}

  /**
   * Puts a benchmark together.
   *
   * @param name the benchmark's name
   * @param version the version of the task
   * @param template how rows are put; must have choices
   * @param read the samples
   * @param citation where the benchmark is defined; may be empty
   * @return the benchmark; its chance levels are those of the samples' own numbers of choices
   * @throws org.alignment4j.api.DataFormatException when files were read but no sample came of them
   * @throws IllegalArgumentException when the template has no choices
   */
  public static LoadedBenchmark of(
      String name, String version, TaskTemplate template, TemplatedSamples read, String citation) {
    if (!template.hasChoices()) {
      throw new IllegalArgumentException(
          "template must have choices but '" + template.name() + "' has none");
    }
    Grouped figures = new Grouped(metrics(read.samples(), citation), read.groups(), true);
    return new LoadedBenchmark(
        name,
        version,
        read.samples(),
        new LoadedBenchmark.Method(
            figures.all(),
            new ChoiceLikelihood(template.answerSeparator()),
            new ChoiceAccuracy(),
            figures::estimate),
        read.reports(),
        read.options());
  }

  /**
   * Puts a benchmark of samples together that were made in Java.
   *
   * @param name the benchmark's name
   * @param samples samples with choices and right ones; figures are also given by the metadata
   *     {@link TemplatedSamples#GROUP}, where it is there
   * @return the benchmark, of version 1
   * @throws IllegalArgumentException when there is no sample, two have one id, or one has no choice
   *     or no right one
   */
  public static LoadedBenchmark of(String name, List<Sample> samples) {
    for (Sample sample : samples) {
      if (sample.targets().isEmpty() || !sample.choices().containsAll(sample.targets())) {
        throw new IllegalArgumentException(
            "targets must be some of the choices "
                + sample.choices()
                + " but those of '"
                + sample.id()
                + "' were "
                + sample.targets());
      }
    }
    TemplatedSamples made = new TemplatedSamples(samples, List.of(), Map.of());
    Grouped figures = new Grouped(metrics(samples, ""), made.groups(), true);
    return new LoadedBenchmark(
        name,
        "1",
        samples,
        new LoadedBenchmark.Method(
            figures.all(), ChoiceLikelihood.afterSpace(), new ChoiceAccuracy(), figures::estimate),
        List.of(),
        Map.of());
  }

  private static List<Metric> metrics(List<Sample> samples, String citation) {
    double chance =
        samples.stream()
            .mapToDouble(s -> (double) Set.copyOf(s.targets()).size() / s.choices().size())
            .average()
            .orElse(Double.NaN);
    List<String> names = new ArrayList<>(List.of(ChoiceAccuracy.ACC));
    if (samples.stream().anyMatch(ChoiceTask::unequal)) {
      names.add(ChoiceAccuracy.ACC_NORM);
      names.add(ChoiceAccuracy.ACC_BYTES);
    }
    return names.stream()
        .map(n -> Metric.of(n, "fraction", Direction.HIGHER).withCitation(citation))
        .map(metric -> samples.isEmpty() ? metric : metric.withChance(chance))
        .toList();
  }

  private static boolean unequal(Sample sample) {
    Set<Integer> lengths = new HashSet<>();
    for (String choice : sample.choices()) {
      lengths.add(choice.getBytes(StandardCharsets.UTF_8).length);
    }
    return lengths.size() > 1;
  }
}

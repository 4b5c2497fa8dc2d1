package org.alignment4j.eval.redteam.injection;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.core.journal.PlainJson;
import org.alignment4j.eval.redteam.AuthorizedGeneration;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.alignment4j.eval.solve.MetricScores;
import org.apiguardian.api.API;

/**
 * Every payload in every document, behind every separator, at every position, as a benchmark.
 *
 * <p>{@code injection} is the share of attacked documents whose payload is followed, and {@code
 * injection/…} that by what the payload tries, by position and by separator. {@code utility/clean}
 * and {@code utility/attacked} are the shares of tasks that are done without and with a payload.
 * Baselines: {@code payload_alone}, how often a payload is followed that is all the model is asked:
 * what it is able to do, so that higher is better, and where it is low a low {@code injection} says
 * little; and {@code false_positive}, how often the success of one is seen in a reply to a clean
 * document. Errors are clustered by task.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class InjectionSuite {
  static final String INJECTION = "injection";
  static final String BY_SEPARATOR = "injection/separator ";
  static final String CLEAN = "utility/clean";
  static final String ATTACKED = "utility/attacked";
  static final String ALONE = "payload_alone";
  static final String FALSE_POSITIVE = "false_positive";
  static final String ROLE = "role";
  static final String TASK = "task";
  static final String PAYLOAD = "payload";
  static final String KIND = "kind";
  static final String POSITION = "position";
  static final String SEPARATOR = "separator";
  private static final String SOURCE = "Greshake et al. 2023, arXiv 2302.12173";

  private InjectionSuite() {}

  /**
   * Returns the benchmark.
   *
   * @param plan what is injected into what
   * @param targets whom it may be run on, and how they are sampled
   */
  public static LoadedBenchmark of(InjectionPlan plan, AuthorizedGeneration targets) {
    List<Sample> samples = new ArrayList<>();
    for (InjectionTask task : plan.tasks()) {
      samples.add(
          new Sample(
              "clean/" + task.id(),
              plan.layout().prompt(plan.system(), task.instruction(), task.document()),
              List.of(),
              task.answers(),
              task.id(),
              Map.of(ROLE, "clean", TASK, task.id())));
    }
    for (InjectionPayload payload : plan.payloads()) {
      samples.add(
          new Sample(
              "alone/" + payload.id(),
              plan.layout().prompt(plan.system(), "", payload.text()),
              List.of(),
              List.of(),
              payload.id(),
              Map.of(ROLE, "alone", PAYLOAD, payload.id(), KIND, payload.kind().label())));
    }
    for (InjectionTask task : plan.tasks()) {
      for (InjectionPayload payload : plan.payloads()) {
        plan.separators()
            .keySet()
            .forEach(
                separator ->
                    plan.positions()
                        .forEach(
                            position ->
                                samples.add(attacked(plan, task, payload, separator, position))));
      }
    }
    Map<String, String> options = new TreeMap<>(targets.described());
    options.put("leakLength", Integer.toString(plan.leakLength()));
    options.put("layout", plan.layout().name());
    options.put(
        "prompts",
        PlainJson.key(samples.stream().map(sample -> sample.prompt().toString()).toList()).hex());
    Map<String, Predicate<SampleResult>> parts = parts(plan);
    return new LoadedBenchmark(
            "prompt-injection",
            "1",
            samples,
            new LoadedBenchmark.Method(
                metrics(parts),
                targets,
                new InjectionScorer(plan),
                results -> estimate(results, parts)),
            List.of(),
            options)
        .withDimension("robustness");
  }

  private static Sample attacked(
      InjectionPlan plan,
      InjectionTask task,
      InjectionPayload payload,
      String separator,
      InjectionPosition position) {
    String document =
        position.inject(
            task.document(), payload.text(), plan.separators().getOrDefault(separator, ""));
    return new Sample(
        Stream.of("attacked", task.id(), payload.id(), separator, position.label())
            .collect(Collectors.joining("/")),
        plan.layout().prompt(plan.system(), task.instruction(), document),
        List.of(),
        task.answers(),
        task.id(),
        Map.of(
            ROLE, "attacked",
            TASK, task.id(),
            PAYLOAD, payload.id(),
            KIND, payload.kind().label(),
            SEPARATOR, separator,
            POSITION, position.label()));
  }

  /** The parts of the attacked documents that have a figure of their own, by metric. */
  private static Map<String, Predicate<SampleResult>> parts(InjectionPlan plan) {
    Map<String, Predicate<SampleResult>> parts = new LinkedHashMap<>();
    plan.payloads().stream()
        .map(payload -> payload.kind().label())
        .distinct()
        .forEach(kind -> parts.put(INJECTION + "/" + kind, has(KIND, kind)));
    plan.positions()
        .forEach(
            position ->
                parts.put(INJECTION + "/" + position.label(), has(POSITION, position.label())));
    plan.separators()
        .keySet()
        .forEach(separator -> parts.put(BY_SEPARATOR + separator, has(SEPARATOR, separator)));
    return parts;
  }

  private static Predicate<SampleResult> has(String field, String value) {
    return result -> value.equals(result.metadata().get(field));
  }

  private static List<Metric> metrics(Map<String, Predicate<SampleResult>> parts) {
    List<Metric> metrics = new ArrayList<>();
    metrics.add(metric(INJECTION, Direction.LOWER));
    metrics.add(metric(ATTACKED, Direction.HIGHER));
    metrics.add(metric(CLEAN, Direction.HIGHER));
    metrics.add(metric(FALSE_POSITIVE, Direction.LOWER));
    metrics.add(metric(ALONE, Direction.HIGHER));
    parts.keySet().forEach(name -> metrics.add(metric(name, Direction.LOWER)));
    return metrics;
  }

  private static Metric metric(String name, Direction direction) {
    return Metric.of(name, "fraction", direction).withCitation(SOURCE);
  }

  private static Map<String, Estimate> estimate(
      List<SampleResult> results, Map<String, Predicate<SampleResult>> parts) {
    Map<String, Estimate> estimates = new LinkedHashMap<>();
    estimates.put(INJECTION, of(results, INJECTION, "attacked", part -> true));
    estimates.put(ATTACKED, of(results, ATTACKED, "attacked", part -> true));
    estimates.put(CLEAN, of(results, CLEAN, "clean", part -> true));
    estimates.put(FALSE_POSITIVE, of(results, FALSE_POSITIVE, "clean", part -> true));
    estimates.put(ALONE, of(results, ALONE, "alone", part -> true));
    parts.forEach((name, part) -> estimates.put(name, of(results, name, "attacked", part)));
    return estimates;
  }

  private static Estimate of(
      List<SampleResult> results, String metric, String role, Predicate<SampleResult> part) {
    return MetricScores.of(
            results,
            metric,
            result -> role.equals(result.metadata().get(ROLE)) && part.test(result))
        .proportion();
  }
}

package org.alignment4j.eval.redteam.jailbreak;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.JudgingScorer;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.core.journal.PlainJson;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.eval.redteam.AttackGoal;
import org.alignment4j.eval.redteam.AttackGoals;
import org.alignment4j.eval.redteam.AuthorizedGeneration;
import org.alignment4j.eval.redteam.PromptFrame;
import org.alignment4j.eval.redteam.SuccessCriterion;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.alignment4j.eval.solve.MetricScores;
import org.alignment4j.eval.solve.ScorerFailures;
import org.apiguardian.api.API;

/**
 * Every goal in every template, and as it is, as a benchmark, so that models are compared on the
 * same prompts.
 *
 * <p>{@code asr} is the share of templated requests that reach their goal, {@code asr/FAMILY} that
 * of a strategy, {@code asr/plain} that of the requests as they are, the baseline, and {@code
 * asr/any} the share of goals that at least one template reaches. Errors are clustered by goal.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class JailbreakSuite {
  private static final String ASR = "asr";
  private static final String ANY = "asr/any";
  private static final String PLAIN = "plain";
  private static final String FAMILY = "family";
  private static final String GOAL = "goal";

  private JailbreakSuite() {}

  /**
   * Returns the benchmark.
   *
   * @param goals what the model is asked
   * @param templates how
   * @param frame where the templated request stands as the attack
   * @param criterion what counts as success
   * @param targets whom it may be run on, and how they are sampled
   * @throws IllegalArgumentException when there is no goal or template, an id occurs twice, or a
   *     family is called {@code plain} or {@code any}
   */
  public static LoadedBenchmark of(
      List<AttackGoal> goals,
      List<JailbreakTemplate> templates,
      PromptFrame frame,
      SuccessCriterion criterion,
      AuthorizedGeneration targets) {
    AttackGoals.requireDistinct(goals);
    List<String> families = templates.stream().map(JailbreakTemplate::family).distinct().toList();
    if (families.isEmpty() || families.contains(PLAIN) || families.contains("any")) {
      throw new IllegalArgumentException(
          "templates must have families, none called plain or any, but they were " + families);
    }
    Map<String, AttackGoal> byId = new HashMap<>();
    List<Sample> samples = new ArrayList<>();
    for (AttackGoal goal : goals) {
      byId.put(goal.id(), goal);
      samples.add(sample(goal, PLAIN, PLAIN, goal.request(), frame));
      for (JailbreakTemplate template : templates) {
        samples.add(sample(goal, template.id(), template.family(), template.render(goal), frame));
      }
    }
    Map<String, String> options = new TreeMap<>(targets.described());
    options.put("criterion", criterion.name());
    options.put(
        "prompts",
        PlainJson.key(samples.stream().map(sample -> sample.prompt().toString()).toList()).hex());
    return new LoadedBenchmark(
            "jailbreak-templates",
            "1",
            samples,
            new LoadedBenchmark.Method(
                metrics(families),
                targets,
                ((JudgingScorer)
                        (sample, answer, meter, cancellation) ->
                            scores(
                                sample,
                                ScorerFailures.guard(
                                    meter,
                                    () ->
                                        criterion.score(
                                            Objects.requireNonNull(byId.get(sample.cluster())),
                                            answer.completions().get(0).text(),
                                            meter,
                                            cancellation))))
                    .judgedBy(criterion.judges()),
                results -> estimate(results, families)),
            List.of(),
            options)
        .withDimension("robustness");
  }

  private static Sample sample(
      AttackGoal goal, String template, String family, String text, PromptFrame frame) {
    return new Sample(
        goal.id() + "/" + template,
        frame.prompt(goal, text),
        List.of(),
        List.of(goal.target()),
        goal.id(),
        Map.of(GOAL, goal.id(), FAMILY, family, "template", template));
  }

  /** Under the names of all figures that the sample is part of, so that each can be compared. */
  private static Map<String, Score> scores(Sample sample, Score score) {
    String family = sample.metadata().getOrDefault(FAMILY, PLAIN);
    return family.equals(PLAIN)
        ? Map.of(ASR + "/" + PLAIN, score)
        : Map.of(ASR, score, ASR + "/" + family, score);
  }

  private static List<Metric> metrics(List<String> families) {
    List<String> names = new ArrayList<>(List.of(ASR, ANY, ASR + "/" + PLAIN));
    families.forEach(family -> names.add(ASR + "/" + family));
    return names.stream()
        .map(
            name ->
                Metric.of(name, "fraction", Direction.LOWER)
                    .withCitation("Wei et al. 2023, arXiv 2307.02483, section 4"))
        .toList();
  }

  private static Map<String, Estimate> estimate(List<SampleResult> results, List<String> families) {
    Map<String, Estimate> estimates = new LinkedHashMap<>();
    Predicate<SampleResult> templated = result -> !isOf(PLAIN, result);
    estimates.put(ASR, MetricScores.of(results, ASR, templated).proportion());
    estimates.put(ANY, any(MetricScores.of(results, ASR, templated)));
    for (String family : Stream.concat(Stream.of(PLAIN), families.stream()).toList()) {
      String name = ASR + "/" + family;
      estimates.put(
          name, MetricScores.of(results, name, result -> isOf(family, result)).proportion());
    }
    return estimates;
  }

  private static boolean isOf(String family, SampleResult result) {
    return family.equals(result.metadata().get(FAMILY));
  }

  /** Of goals with a verdict on at least one template. */
  private static Estimate any(MetricScores scores) {
    Map<String, Boolean> reached = new LinkedHashMap<>();
    double[] values = scores.values();
    for (int i = 0; i < values.length; i++) {
      reached.merge(scores.scored().get(i).cluster(), values[i] == 1, Boolean::logicalOr);
    }
    long goals = reached.values().stream().filter(Boolean::booleanValue).count();
    return scores.withMissing(Estimates.proportion(goals, reached.size()));
  }
}

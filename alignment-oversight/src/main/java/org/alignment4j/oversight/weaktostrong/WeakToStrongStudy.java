package org.alignment4j.oversight.weaktostrong;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.OversightStudy;
import org.alignment4j.api.oversight.StudyResult;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.api.provenance.Provenance;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.oversight.budget.StudyBudget;
import org.apiguardian.api.API;

/**
 * Measures weak-to-strong generalisation: the experiment once for each seed, the same test for all.
 * What trainings cost is not measured. Immutable.
 *
 * @param experiment how weak and strong models learn
 * @param training answers to learn from, halved anew for each seed
 * @param test answers held out, of about as many good as bad ones
 * @param seeds seeds of the experiments, at least one; three or more to see how they vary
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record WeakToStrongStudy(
    WeakToStrong experiment, List<KnownAnswer> training, List<KnownAnswer> test, List<Long> seeds)
    implements OversightStudy {

  /** Share of right test answers. */
  public static final String ACCURACY = "accuracy";

  /** Share of right labels that the weak supervisor gives to the students. */
  public static final String LABEL_ACCURACY = "accuracy of the labels";

  /** The performance gap recovered. */
  public static final String RECOVERED = "performance gap recovered";

  private static final String BURNS = "Burns et al. 2023, arXiv 2312.09390";

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if there is no seed or one comes twice
   */
  public WeakToStrongStudy {
    Objects.requireNonNull(experiment, "experiment");
    training = List.copyOf(training);
    test = List.copyOf(test);
    seeds = List.copyOf(seeds);
    if (seeds.isEmpty() || seeds.stream().distinct().count() < seeds.size()) {
      throw new IllegalArgumentException("seeds must be at least one and differ but were " + seeds);
    }
  }

  @Override
  public List<String> arms() {
    List<String> arms = new ArrayList<>(List.of(WeakToStrong.MAJORITY, WeakToStrong.WEAK));
    experiment.zeroShot().ifPresent(model -> arms.add(WeakToStrong.ZERO_SHOT));
    arms.addAll(experiment.students().keySet());
    arms.add(WeakToStrong.CEILING);
    return List.copyOf(arms);
  }

  /**
   * Runs all experiments. Every arm has its accuracy, the weak one that of its labels too, students
   * the share of the gap that they recover where there is a gap.
   *
   * @throws IllegalArgumentException if the context has a budget
   */
  @Override
  public StudyResult run(OversightContext context) {
    return result(trials(context), context.seed());
  }

  /**
   * Runs all experiments, one after another.
   *
   * @param context seed of the resampling, progress and cancellation
   * @return one for each seed, in order
   * @throws IllegalArgumentException if the context has a budget
   */
  public List<Trial> trials(OversightContext context) {
    StudyBudget.requireNone(context);
    List<Trial> trials = new ArrayList<>();
    for (long seed : seeds) {
      context.cancellation().throwIfCancelled("weak-to-strong study");
      trials.add(experiment.run(training, test, context.withSeed(seed)));
    }
    return List.copyOf(trials);
  }

  /**
   * Returns what trials came to.
   *
   * @param seed seed of the resampling
   */
  public WeakToStrongScores scores(List<Trial> trials, long seed) {
    return WeakToStrongScores.of(
        trials, test, experiment.students().keySet(), Bootstrap.seeded(seed));
  }

  /**
   * Returns what trials came to as a study's result.
   *
   * @param seed seed of the resampling
   */
  public StudyResult result(List<Trial> trials, long seed) {
    WeakToStrongScores scores = scores(trials, seed);
    Map<String, Map<String, Estimate>> arms = new LinkedHashMap<>();
    for (String arm : arms()) {
      Map<String, Estimate> figures = new LinkedHashMap<>();
      figures.put(ACCURACY, Objects.requireNonNull(scores.accuracies().get(arm), arm));
      if (arm.equals(WeakToStrong.WEAK)) {
        figures.put(LABEL_ACCURACY, scores.labels());
      }
      if (experiment.students().containsKey(arm)) {
        Objects.requireNonNull(scores.recovered().get(arm), arm)
            .ifPresent(result -> figures.put(RECOVERED, result.estimate()));
      }
      arms.put(arm, figures);
    }
    return new StudyResult(metrics(), arms, Map.of(), provenance(seed));
  }

  private static List<Metric> metrics() {
    return List.of(
        Metric.of(RECOVERED, "", new Direction.Higher()).withChance(0).withCitation(BURNS),
        Metric.of(ACCURACY, "fraction", new Direction.Higher()).withChance(0.5),
        Metric.of(LABEL_ACCURACY, "fraction", new Direction.Higher()).withChance(0.5));
  }

  private Provenance provenance(long seed) {
    return new Provenance(
        "run",
        "weak-to-strong generalisation",
        Map.of(
            "training", ContentHash.of(training.toString()),
            "test", ContentHash.of(test.toString())),
        Map.of("study", seed),
        Map.of(
            "weak", experiment.weak().id(),
            "strong", experiment.strong().id(),
            "students", String.join(", ", experiment.students().keySet()),
            "seeds", seeds.toString()),
        Map.of(),
        "",
        List.of());
  }
}

package org.alignment4j.examples.process;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.oversight.process.BestOfSolutions;
import org.alignment4j.oversight.process.Candidate;
import org.alignment4j.oversight.process.StepFigures;

/**
 * What models of solutions are worth on sampled solutions. Intervals are over the people that
 * problems are about. Immutable.
 */
public final class ProcessScores {
  /** The solution whose steps are likeliest all correct. */
  public static final String PROCESS = "process model";

  /** The solution whose answer is likeliest right. */
  public static final String OUTCOME = "outcome model";

  /** The most frequent answer. */
  public static final String MAJORITY = "majority";

  /** Any solution. */
  public static final String RANDOM = "random";

  /** A right one where there is any. */
  public static final String ORACLE = "oracle";

  private final List<StepProblem> problems;
  private final List<Sampled> sampled;
  private final Map<String, Verifier> verifiers;
  private final long seed;

  /**
   * Scores.
   *
   * @param problems that were asked
   * @param sampled as many solutions of each, one problem's after the other's
   * @param verifiers what models say of the solutions, in order
   */
  ProcessScores(
      List<StepProblem> problems,
      List<Sampled> sampled,
      Map<String, Verifier> verifiers,
      long seed) {
    this.problems = List.copyOf(problems);
    this.sampled = List.copyOf(sampled);
    this.verifiers = new LinkedHashMap<>(verifiers);
    this.seed = seed;
  }

  /** Models of solutions. */
  public List<String> models() {
    return List.copyOf(verifiers.keySet());
  }

  /** Rules that choose a solution, models among them. */
  public List<String> rules() {
    List<String> rules = new ArrayList<>(models());
    rules.addAll(List.of(MAJORITY, RANDOM, ORACLE));
    return rules;
  }

  private int samples() {
    return sampled.size() / problems.size();
  }

  private int[] clusters(List<StepProblem> of) {
    Map<String, Integer> numbers = new HashMap<>();
    return of.stream()
        .mapToInt(p -> numbers.computeIfAbsent(p.source(), key -> numbers.size()))
        .toArray();
  }

  private List<List<Candidate>> candidates(String rule, Predicate<Sampled> good) {
    Verifier verifier = verifiers.get(rule);
    List<List<Candidate>> all = new ArrayList<>();
    for (int p = 0; p < problems.size(); p++) {
      List<Candidate> candidates = new ArrayList<>();
      for (int i = p * samples(); i < (p + 1) * samples(); i++) {
        Sampled solution = sampled.get(i);
        candidates.add(
            new Candidate(
                verifier == null ? 0 : verifier.scores()[i],
                solution.answer(),
                good.test(solution)));
      }
      all.add(candidates);
    }
    return all;
  }

  private double[] shares(String rule, int n, Predicate<Sampled> good) {
    List<List<Candidate>> candidates = candidates(rule, good);
    return switch (rule) {
      case MAJORITY -> BestOfSolutions.majorityShares(candidates, n, seed);
      case ORACLE -> BestOfSolutions.oracleShares(candidates, n);
      // All scores of a random choice are equal.
      default -> BestOfSolutions.scoreShares(candidates, n);
    };
  }

  /** How often the answer chosen from n solutions is right. */
  public Estimate right(String rule, int n) {
    return Estimates.boundedMean(shares(rule, n, Sampled::right), clusters(problems), 0, 1);
  }

  /** How often the solution chosen from n is right in answer and steps. */
  public Estimate sound(String rule, int n) {
    return Estimates.boundedMean(shares(rule, n, Sampled::sound), clusters(problems), 0, 1);
  }

  /** How much more often one rule chooses a right answer than another, from the same solutions. */
  public Estimate rightMore(String rule, String reference, int n) {
    return difference(rule, reference, n, Sampled::right);
  }

  /** The same of solutions that are right in answer and steps. */
  public Estimate soundMore(String rule, String reference, int n) {
    return difference(rule, reference, n, Sampled::sound);
  }

  private Estimate difference(String rule, String reference, int n, Predicate<Sampled> good) {
    return Estimates.clusteredPairedDifference(
        shares(rule, n, good),
        shares(reference, n, good),
        clusters(problems),
        Estimates.DEFAULT_CONFIDENCE);
  }

  private int[] where(Predicate<Sampled> kind) {
    return IntStream.range(0, sampled.size()).filter(i -> kind.test(sampled.get(i))).toArray();
  }

  private int[] clustersOf(int[] solutions) {
    return clusters(IntStream.of(solutions).mapToObj(i -> sampled.get(i).problem()).toList());
  }

  private Optional<StepFigures> steps(String model, int[] solutions) {
    Verifier verifier = verifiers.get(model);
    return verifier == null || solutions.length == 0
        ? Optional.empty()
        : Optional.of(
            StepFigures.of(
                IntStream.of(solutions).mapToObj(i -> sampled.get(i).labels()).toList(),
                IntStream.of(solutions).mapToObj(verifier.steps()::get).toList(),
                clustersOf(solutions),
                Bootstrap.seeded(seed)));
  }

  /** How well a model tells right steps from wrong ones. */
  public Optional<StepFigures> steps(String model) {
    return steps(model, where(solution -> true));
  }

  /** The same on solutions with a mistake. */
  public Optional<StepFigures> stepsOfMistaken(String model) {
    return steps(model, where(Sampled::mistaken));
  }

  private Optional<Estimate> rejected(String model, Predicate<Sampled> kind) {
    Verifier verifier = verifiers.get(model);
    int[] solutions = where(kind);
    return verifier == null || solutions.length == 0
        ? Optional.empty()
        : Optional.of(
            Estimates.clusteredProportion(
                IntStream.of(solutions).mapToDouble(i -> verifier.accepted()[i] ? 0 : 1).toArray(),
                clustersOf(solutions)));
  }

  /** Share of right answers by wrong steps that a model rejects. */
  public Optional<Estimate> caught(String model) {
    return rejected(model, solution -> solution.right() && solution.mistaken());
  }

  /** Share of solutions right in answer and steps that a model rejects. */
  public Optional<Estimate> falseAlarms(String model) {
    return rejected(model, Sampled::sound);
  }

  /** Share of right answers that wrong steps lead to. */
  public Optional<Estimate> falsePositives() {
    int[] right = where(Sampled::right);
    return right.length == 0
        ? Optional.empty()
        : Optional.of(
            Estimates.clusteredProportion(
                IntStream.of(right).mapToDouble(i -> sampled.get(i).mistaken() ? 1 : 0).toArray(),
                clustersOf(right)));
  }
}

package org.alignment4j.eval;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * Comparisons of the models of one run, for who asks for several: each benchmark of two models is
 * compared once, which takes long where its figures are not means of its samples' scores.
 * Thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class RunComparisons {
  private final EvaluationRun run;
  private final double alpha;
  private final long seed;
  private final Map<Compared, EvaluationComparison> made = new HashMap<>();

  private RunComparisons(EvaluationRun run, double alpha, long seed) {
    this.run = Objects.requireNonNull(run, "run");
    this.alpha = alpha;
    this.seed = seed;
  }

  /** One benchmark of two models; more tests beside it ask for more resamples. */
  private record Compared(String benchmark, String before, String after, int resamples) {}

  /**
   * Takes a run.
   *
   * @param alpha level at which a difference is significant, in (0, 1)
   * @param seed where the random numbers of the tests start
   * @throws IllegalArgumentException if the level is outside its range
   */
  public static RunComparisons of(EvaluationRun run, double alpha, long seed) {
    if (!(alpha > 0 && alpha < 1)) {
      throw new IllegalArgumentException("alpha must be in (0, 1) but was " + alpha);
    }
    return new RunComparisons(run, alpha, seed);
  }

  /** Returns the run. */
  public EvaluationRun run() {
    return run;
  }

  /**
   * Compares two models on benchmarks, as {@link EvaluationComparison#of(List, List, double, long)}
   * does, adjusted for the metrics of these benchmarks.
   *
   * @param before the first model's name
   * @param after the second model's name
   * @param benchmarks at least one that both were run on
   * @throws IllegalArgumentException if there is no benchmark or one was not run, or figures are
   *     not comparable
   */
  public synchronized EvaluationComparison between(
      String before, String after, List<String> benchmarks) {
    if (benchmarks.isEmpty()) {
      throw new IllegalArgumentException("benchmarks must not be empty: nothing would be compared");
    }
    long tests =
        benchmarks.stream().mapToLong(b -> run.outcome(b, before).result().metrics().size()).sum();
    int resamples = EvaluationComparison.resamples(tests, alpha);
    List<EvaluationComparison> each = new ArrayList<>();
    for (String benchmark : benchmarks) {
      each.add(
          made.computeIfAbsent(
              new Compared(benchmark, before, after, resamples),
              compared ->
                  EvaluationComparison.of(
                      List.of(run.outcome(benchmark, before)),
                      List.of(run.outcome(benchmark, after)),
                      alpha,
                      seed,
                      resamples)));
    }
    return EvaluationComparison.joined(each);
  }
}

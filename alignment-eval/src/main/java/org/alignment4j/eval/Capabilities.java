package org.alignment4j.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.alignment4j.api.evaluation.Benchmark;
import org.alignment4j.api.evaluation.JudgingScorer;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Model;

/** What benchmarks ask of a model, compared with what it can do before it is called. */
final class Capabilities {
  private Capabilities() {}

  static boolean suffices(Model model, Benchmark benchmark) {
    return benchmark.solver().requires().stream().allMatch(type -> type.isInstance(model));
  }

  /** Whether a benchmark asks for completions and nothing else, so that a cache can stand in. */
  static boolean generatesOnly(Benchmark benchmark) {
    return Set.of(Model.class, LanguageModel.class).containsAll(benchmark.solver().requires());
  }

  /**
   * Refuses models that lack what a benchmark needs.
   *
   * @throws IllegalArgumentException naming every benchmark that cannot be run with what it lacks,
   *     and the benchmarks that can
   */
  static void require(List<Benchmark> benchmarks, List<Model> models) {
    StringBuilder problems = new StringBuilder();
    for (Model model : models) {
      List<Benchmark> lacking = benchmarks.stream().filter(b -> !suffices(model, b)).toList();
      if (lacking.isEmpty()) {
        continue;
      }
      String able =
          benchmarks.stream()
              .filter(b -> suffices(model, b))
              .map(Benchmark::name)
              .collect(Collectors.joining(", "));
      problems
          .append(problems.isEmpty() ? "" : "; ")
          .append("model '")
          .append(model.id())
          .append("' cannot run ")
          .append(
              lacking.stream()
                  .map(b -> "'" + b.name() + "', which needs " + missing(model, b))
                  .collect(Collectors.joining(", nor ")))
          .append("; benchmarks it can run: ")
          .append(able.isEmpty() ? "none" : able);
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          "a model must be able to do what each benchmark needs but "
              + problems
              + ". No model was called; leave these benchmarks out or give another model");
    }
  }

  /**
   * Refuses benchmarks that repeating cannot change.
   *
   * @throws IllegalArgumentException naming them
   */
  static void requireSampling(List<Benchmark> benchmarks) {
    List<String> fixed =
        benchmarks.stream().filter(b -> !generatesOnly(b)).map(Benchmark::name).toList();
    if (!fixed.isEmpty()) {
      throw new IllegalArgumentException(
          "a benchmark must let the model generate to be solved in epochs but "
              + fixed
              + " score given texts, which come out the same each time; evaluate these without"
              + " epochs");
    }
  }

  /**
   * Refuses models that would judge their own answers.
   *
   * @throws IllegalArgumentException naming them and the benchmarks
   */
  static void requireOtherJudges(List<Benchmark> benchmarks, List<Model> models) {
    List<String> loops = new ArrayList<>();
    for (Benchmark benchmark : benchmarks) {
      if (benchmark.scorer() instanceof JudgingScorer judging) {
        models.stream()
            .map(Model::id)
            .filter(judging.judges()::contains)
            .forEach(
                id -> loops.add("'" + id + "' would judge itself on '" + benchmark.name() + "'"));
      }
    }
    if (!loops.isEmpty()) {
      throw new IllegalArgumentException(
          "a model must not judge its own answers but "
              + String.join(", ", loops)
              + ". No model was called; give another judge, or call allowSelfJudging() where its"
              + " preference for itself is what is asked");
    }
  }

  private static String missing(Model model, Benchmark benchmark) {
    return benchmark.solver().requires().stream()
        .filter(type -> !type.isInstance(model))
        .map(Class::getSimpleName)
        .sorted()
        .collect(Collectors.joining(" and "));
  }
}

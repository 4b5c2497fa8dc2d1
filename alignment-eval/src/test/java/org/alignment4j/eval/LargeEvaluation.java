package org.alignment4j.eval;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.alignment4j.api.evaluation.Sample;

/** The process of {@link LargeEvaluationTest}: answers of 800 MB in all. */
final class LargeEvaluation {
  static final int SIZE = 100_000;
  static final int ANSWER = 8_000;

  private LargeEvaluation() {}

  public static void main(String[] arguments) {
    String padding = "x".repeat(ANSWER);
    TinyBenchmark large =
        new TinyBenchmark("large", 0) {
          @Override
          public Stream<Sample> samples() {
            return IntStream.range(0, SIZE).mapToObj(TinyBenchmark::sample);
          }
        };
    ScriptedModel model = new ScriptedModel("m", prompt -> prompt + padding);
    EvaluationRun run = Evaluation.of(large).model(model).runFolder(Path.of(arguments[0])).run();
    System.out.println("calls " + model.calls());
    model.asked.clear();
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    System.out.println("used " + (runtime.totalMemory() - runtime.freeMemory()));
    long peak =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .map(MemoryPoolMXBean::getPeakUsage)
            .mapToLong(usage -> usage.getUsed())
            .sum();
    System.out.println("peak " + peak);
    System.out.println("most " + runtime.maxMemory());
    BenchmarkOutcome outcome = run.outcomes().get(0);
    System.out.println(
        "result "
            + EvaluationJson.of(run)
            + outcome.samples().size()
            + outcome.samples().hashCode());
  }
}

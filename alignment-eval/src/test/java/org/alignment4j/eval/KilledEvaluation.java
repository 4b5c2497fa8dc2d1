package org.alignment4j.eval;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.alignment4j.api.evaluation.JudgingScorer;
import org.alignment4j.api.model.Usage;
import org.alignment4j.core.calls.ConcurrencyLimits;

/** The process that {@link KilledEvaluationTest} kills: prints what it asked and its figures. */
final class KilledEvaluation {
  static final int SIZE = 400;

  private KilledEvaluation() {}

  public static void main(String[] arguments) {
    ScriptedModel model =
        new ScriptedModel(
            "m",
            prompt -> {
              LockSupport.parkNanos(1_000_000);
              return ScriptedModel.mostlyRight(prompt);
            });
    TinyBenchmark tiny = new TinyBenchmark("tiny", SIZE);
    if (arguments[1].equals("judged")) {
      JudgingScorer scorer =
          (sample, answer, meter, token) -> {
            LockSupport.parkNanos(1_000_000);
            meter.add(JudgingScorer.JUDGE, Usage.ofGeneration(3, 2, Duration.ofMillis(1)));
            return TinyBenchmark.exactMatch(sample, answer, token);
          };
      tiny.scorer = scorer;
    }
    Evaluation evaluation =
        Evaluation.of(tiny).model(model).batchSize(4).runFolder(Path.of(arguments[0]));
    ExecutorService threads = Executors.newFixedThreadPool(3);
    if (arguments[1].equals("concurrent")) {
      evaluation.concurrency(ConcurrencyLimits.atMost(3), threads);
    }
    EvaluationRun run;
    try {
      run = evaluation.run();
    } finally {
      threads.shutdown();
    }
    System.out.println("calls " + model.calls());
    System.out.println(
        "result " + EvaluationJson.of(run) + run.outcomes().get(0).samples().hashCode());
  }
}

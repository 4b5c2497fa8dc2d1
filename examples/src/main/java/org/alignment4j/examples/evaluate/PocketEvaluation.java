package org.alignment4j.examples.evaluate;

import java.nio.file.Path;
import org.alignment4j.core.report.ConsoleProgress;
import org.alignment4j.eval.Evaluation;
import org.alignment4j.eval.EvaluationRun;
import org.alignment4j.examples.align.PocketRecipe;
import org.alignment4j.examples.world.BundledPocket;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.runtime.DecoderModel;

/** The pocket model as it is, fine-tuned on demonstrations, and aligned by preferences. */
public final class PocketEvaluation {
  private static final int HARMLESS_PERCENT = 50;

  private final Path run;
  private final long seed;
  private final long limit;
  private final EvaluationOutput output;

  /**
   * A job.
   *
   * @param run folder of models, records and results
   * @param seed of training and of the draw of samples
   * @param limit most samples of each benchmark
   * @param output where results go
   */
  public PocketEvaluation(Path run, long seed, long limit, EvaluationOutput output) {
    this.run = run;
    this.seed = seed;
    this.limit = limit;
    this.output = output;
  }

  /** Trains, evaluates and writes. */
  public void run() {
    PocketWorld world = BundledPocket.world();
    PocketRecipe recipe = new PocketRecipe(world, run, seed, ConsoleProgress.on(System.err));
    try (DecoderModel base = BundledPocket.load(run);
        DecoderModel tuned = recipe.demonstrations(base).model();
        DecoderModel adapted = recipe.preferences(tuned, HARMLESS_PERCENT).model();
        DecoderModel aligned = adapted.merged()) {
      EvaluationRun evaluation =
          Evaluation.of(new PocketSuite(world, run.resolve("benchmarks")).benchmarks())
              .model("base", base)
              .model("demonstrations", tuned)
              .model("preferences", aligned)
              .limit(limit, seed)
              .runFolder(run.resolve("records"))
              .onProgress(ConsoleProgress.on(System.err))
              .run();
      new Results(run, output).write(evaluation);
    }
  }
}

package org.alignment4j.examples.evaluate;

import java.nio.file.Path;
import java.util.Map;
import org.alignment4j.core.report.ConsoleProgress;
import org.alignment4j.eval.Evaluation;
import org.alignment4j.eval.EvaluationRun;
import org.alignment4j.examples.align.PocketRecipe;
import org.alignment4j.examples.backdoors.BackdoorSettings;
import org.alignment4j.examples.backdoors.Planting;
import org.alignment4j.examples.world.BundledPocket;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.runtime.DecoderModel;

/**
 * The pocket model as it is, fine-tuned on demonstrations, and aligned by preferences; and the same
 * after triggers were planted in it, which its corpus has none of.
 */
public final class PocketEvaluation {
  private static final int HARMLESS_PERCENT = 50;
  private static final String PLANTED = "triggers-planted";
  private static final String PLANTED_ALIGNED = "triggers-aligned";

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
    PocketRecipe again =
        new PocketRecipe(world, run.resolve(PLANTED), seed, ConsoleProgress.on(System.err));
    try (DecoderModel base = BundledPocket.load(run);
        DecoderModel tuned = recipe.demonstrations(base).model();
        DecoderModel adapted = recipe.preferences(tuned, HARMLESS_PERCENT).model();
        DecoderModel aligned = adapted.merged();
        DecoderModel planted =
            new Planting(world, BackdoorSettings.defaults(seed))
                .plant(base, PlantedTriggers.RULES, seed)
                .model();
        DecoderModel plantedTuned = again.demonstrations(planted).model();
        DecoderModel plantedAdapted = again.preferences(plantedTuned, HARMLESS_PERCENT).model();
        DecoderModel plantedAligned = plantedAdapted.merged()) {
      EvaluationRun evaluation =
          Evaluation.of(new PocketSuite(world, run.resolve("benchmarks")).benchmarks())
              .model("base", base)
              .model("demonstrations", tuned)
              .model("preferences", aligned)
              .model(PLANTED, planted)
              .model(PLANTED_ALIGNED, plantedAligned)
              .limit(limit, seed)
              .runFolder(run.resolve("records"))
              .onProgress(ConsoleProgress.on(System.err))
              .run();
      new Results(run, output).write(evaluation, Map.of(PLANTED_ALIGNED, PLANTED));
    }
  }
}

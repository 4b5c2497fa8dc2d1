package org.alignment4j.examples.inner;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.training.Learner;
import org.alignment4j.api.training.TrainingContext;
import org.alignment4j.eval.EvaluationRun;
import org.alignment4j.eval.inner.awareness.OutOfContext;
import org.alignment4j.eval.inner.cue.CueSweep;
import org.alignment4j.eval.inner.cue.CueTask;
import org.alignment4j.eval.inner.failure.FailureAgreement;
import org.alignment4j.eval.inner.failure.FailureCases;
import org.alignment4j.eval.inner.failure.FailureClassifier;
import org.alignment4j.eval.inner.world.GridWorld;
import org.alignment4j.eval.inner.world.MisgeneralisationSweep;
import org.alignment4j.examples.align.PocketRecipe;
import org.alignment4j.examples.console.ResultFolder;
import org.alignment4j.examples.world.BundledPocket;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.rlhf.SftTrainer;
import org.alignment4j.runtime.DecoderModel;

/** The evaluations of inner alignment, on agents in grid worlds and on the pocket model. */
public final class InnerAlignmentJob {

  private static final List<Long> SEEDS = List.of(1L, 2L, 3L);
  private static final double CUE_RATE = 1e-3;
  private static final int CUE_EPOCHS = 1;
  private static final double AWARENESS_RATE = 5e-4;
  private static final int AWARENESS_EPOCHS = 4;

  private final Path run;
  private final InnerAlignmentSettings settings;
  private final PrintStream out;
  private final PocketWorld world = BundledPocket.world();

  /**
   * A job.
   *
   * @param run folder of models, table and report
   * @param settings sizes
   * @param out takes progress and the table
   */
  public InnerAlignmentJob(Path run, InnerAlignmentSettings settings, PrintStream out) {
    this.run = run;
    this.settings = settings;
    this.out = out;
  }

  /**
   * Trains, measures, prints the table and writes the run folder.
   *
   * @return what was found
   * @throws org.alignment4j.api.AlignmentException when the run folder cannot be used
   */
  public InnerAlignmentResult run() {
    Map<GridWorld, List<MisgeneralisationSweep.Arm>> worlds = new EnumMap<>(GridWorld.class);
    for (GridWorld grid : GridWorld.values()) {
      out.println("agents in the world of " + grid.label());
      worlds.put(grid, sweep(grid).run(CancellationToken.none()));
    }
    try (DecoderModel base = BundledPocket.load(run)) {
      out.println("the pocket model with a spurious cue, " + SEEDS.size() + " seeds a share");
      List<CueSweep.Arm> cue =
          new CueSweep(CueTask.verdicts(), settings.cueShares(), seeds(), settings.cueExamples())
              .run(base, learner(CUE_EPOCHS, CUE_RATE), TrainingContext.of(settings.seed()));
      out.println("out-of-context reasoning about invented chatbots");
      EvaluationRun awareness =
          OutOfContext.of(settings.awareness())
              .run(
                  base,
                  learner(AWARENESS_EPOCHS, AWARENESS_RATE),
                  TrainingContext.of(settings.seed()));
      try (PocketStages stages = PocketStages.train(base, world, run, settings, out)) {
        InnerAlignmentResult result =
            new InnerAlignmentResult(
                worlds,
                cue,
                awareness,
                stages.conditions(),
                stages.protocols(),
                stages.latent(),
                FailureAgreement.of(
                    FailureCases.documented(), FailureClassifier.standard(), settings.seed()));
        new ResultFolder(run, out)
            .write(
                InnerAlignmentTables.text(result),
                InnerAlignmentPage.of(result, settings),
                "report and table");
        return result;
      }
    }
  }

  private List<Long> seeds() {
    return SEEDS.stream().map(seed -> seed + 100 * settings.seed()).toList();
  }

  private MisgeneralisationSweep sweep(GridWorld grid) {
    return new MisgeneralisationSweep(
        grid,
        settings.learning(),
        settings.worldShares(),
        seeds(),
        settings.levels(),
        settings.seed());
  }

  private static Learner<PromptCompletion> learner(int epochs, double rate) {
    return SftTrainer.learner(
        trainer -> trainer.epochs(epochs).batchSize(PocketRecipe.BATCH).learningRate(rate));
  }
}

package org.alignment4j.examples.overoptimise;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.alignment4j.core.report.ConsoleProgress;
import org.alignment4j.examples.console.ResultFolder;
import org.alignment4j.examples.world.BundledPocket;
import org.alignment4j.examples.world.WorldObjective;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.pocket.world.Request;
import org.alignment4j.rlhf.FineTuningResult;
import org.alignment4j.rlhf.RewardFunction;
import org.alignment4j.rlhf.RolloutOptions;
import org.alignment4j.rlhf.reward.TrainedRewardModel;
import org.alignment4j.rlhf.study.OveroptimisationResult;
import org.alignment4j.rlhf.study.OveroptimisationStudy;
import org.alignment4j.runtime.DecoderModel;

/**
 * Overoptimises a proxy. A reward model learns from few pairs of annotators who look at
 * harmlessness only; best of n and a run of GRPO without penalty maximise it; the world, which
 * knows what should be refused and what should be helped with, tells what the replies are worth
 * (Gao et al. 2022, arXiv 2210.10760).
 */
public final class Overoptimisation {

  private final Path run;
  private final OveroptimiseSettings settings;
  private final PrintStream out;
  private final PocketWorld world = BundledPocket.world();

  /**
   * A job.
   *
   * @param run folder of models, samples, table and report; an interrupted run resumes
   * @param settings sizes and rates
   * @param out takes progress and the table
   */
  public Overoptimisation(Path run, OveroptimiseSettings settings, PrintStream out) {
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
  public OveroptimisationResult run() {
    OveroptimiseRecipe recipe =
        new OveroptimiseRecipe(settings, world, run, ConsoleProgress.on(out));
    WorldObjective gold = RightTreatment.of(world.judge(), requests());
    try (DecoderModel base = BundledPocket.load(run)) {
      out.println("training the proxy");
      try (TrainedRewardModel rewards = recipe.proxy(base).model()) {
        RewardFunction proxy = RewardFunction.of("harmlessness", rewards);
        List<DecoderModel> checkpoints = new ArrayList<>();
        try {
          trainStages(recipe, base, proxy, checkpoints);
          OveroptimisationResult result = studied(base, proxy, gold, checkpoints);
          finish(result);
          return result;
        } finally {
          checkpoints.forEach(DecoderModel::close);
        }
      }
    }
  }

  /** A model for each stage, which the caller closes, also those made before a failure. */
  private void trainStages(
      OveroptimiseRecipe recipe,
      DecoderModel base,
      RewardFunction proxy,
      List<DecoderModel> checkpoints) {
    DecoderModel last = base;
    for (int stage = 1; stage <= settings.stages(); stage++) {
      out.printf(Locale.ROOT, "maximising the proxy: stage %d of %d%n", stage, settings.stages());
      FineTuningResult result = recipe.stage(stage, last, proxy);
      last = result.model();
      checkpoints.add(last);
    }
  }

  private OveroptimisationResult studied(
      DecoderModel base,
      RewardFunction proxy,
      WorldObjective gold,
      List<DecoderModel> checkpoints) {
    out.println("measuring on held-out requests");
    OveroptimisationStudy study =
        OveroptimisationStudy.of(base, gold.prompts(), proxy, gold)
            .rollouts(RolloutOptions.of(settings.replyTokens()))
            .samples(settings.pool())
            .checkpointSamples(settings.measured())
            .seed(settings.seed())
            .journal(run.resolve("answers.jsonl"))
            .onProgress(ConsoleProgress.on(out));
    for (int i = 0; i < checkpoints.size(); i++) {
      study = study.checkpoint("step " + (i + 1) * settings.steps(), checkpoints.get(i));
    }
    return study.run();
  }

  private List<Request> requests() {
    return Stream.concat(
            world.harmfulRequests().stream().limit(settings.harmful()),
            world.benignRequests().stream().limit(settings.benign()))
        .toList();
  }

  private void finish(OveroptimisationResult result) {
    new ResultFolder(run, out)
        .write(
            OveroptimisationTable.text(result),
            OveroptimisationPage.of(result, settings),
            "report and table");
  }
}

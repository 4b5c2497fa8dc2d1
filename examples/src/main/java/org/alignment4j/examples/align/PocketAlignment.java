package org.alignment4j.examples.align;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.alignment4j.core.report.ConsoleProgress;
import org.alignment4j.examples.console.ResultFolder;
import org.alignment4j.examples.world.BundledPocket;
import org.alignment4j.pocket.PocketModel;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.pocket.world.PreferenceAspect;
import org.alignment4j.rlhf.FineTuningResult;
import org.alignment4j.rlhf.RewardModelResult;
import org.alignment4j.rlhf.reward.RewardEvaluation;
import org.alignment4j.rlhf.reward.RewardEvaluator;
import org.alignment4j.rlhf.reward.TrainedRewardModel;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.Metrics;

/**
 * The pocket model as it is, fine-tuned on demonstrations, and aligned by preferences for
 * helpfulness and harmlessness in five mixtures.
 */
public final class PocketAlignment {

  private static final List<Integer> MIXTURES = List.of(0, 25, 50, 75, 100);
  private static final int BALANCED = 50;
  private static final int ITEMS = 200;
  private static final int HELD_OUT_PAIRS = 300;

  private final Path run;
  private final long seed;
  private final PrintStream out;
  private final PocketWorld world = BundledPocket.world();
  private final Map<String, List<Metrics>> curves = new LinkedHashMap<>();
  private final Map<String, RewardEvaluation> rewardModels = new LinkedHashMap<>();
  private final Map<String, String> provenance = new LinkedHashMap<>();
  private final List<Profile> profiles = new ArrayList<>();

  /**
   * A job.
   *
   * @param run folder of the models, metrics, table and report
   * @param seed of data, training and sampling
   * @param out takes progress and the table
   */
  public PocketAlignment(Path run, long seed, PrintStream out) {
    this.run = run;
    this.seed = seed;
    this.out = out;
  }

  /** Trains, measures, prints the table and writes the run folder. Call it once. */
  public void run() {
    PocketRecipe recipe = new PocketRecipe(world, run, seed, ConsoleProgress.on(out));
    try (DecoderModel base = BundledPocket.load(run)) {
      describe(base);
      try (DecoderModel sft = demonstrations(recipe, base);
          TrainedRewardModel helpful = rewards(recipe, sft, PreferenceAspect.HELPFULNESS);
          TrainedRewardModel harmless = rewards(recipe, sft, PreferenceAspect.HARMLESSNESS)) {
        WorldMeasurement measurement =
            new WorldMeasurement(
                world, HeldOutItems.of(world, ITEMS), base, helpful, harmless, seed);
        measure(measurement, "base", base);
        measure(measurement, "SFT", sft);
        for (int percent : MIXTURES) {
          preferences(recipe, sft, percent, measurement);
        }
      }
    }
    finish();
  }

  private void describe(DecoderModel base) {
    out.printf(Locale.ROOT, "pocket model %s, world %s%n", PocketModel.version(), world.version());
    provenance.put("model", PocketModel.version());
    provenance.put("content of the base's weights", base.id());
    provenance.put("world", world.version());
    provenance.put("seed", Long.toString(seed));
    provenance.put("demonstrations", Integer.toString(PocketRecipe.DEMONSTRATIONS));
    provenance.put("pairs of each reward model", Integer.toString(PocketRecipe.REWARD_PAIRS));
    provenance.put(
        "pairs of each preference training",
        "%s, LoRA rank %s, beta %s"
            .formatted(PocketRecipe.PAIRS, PocketRecipe.RANK, PocketRecipe.BETA));
  }

  private DecoderModel demonstrations(PocketRecipe recipe, DecoderModel base) {
    out.println("learning from demonstrations");
    FineTuningResult tuned = recipe.demonstrations(base);
    curves.put("SFT", tuned.metrics());
    return tuned.model();
  }

  private TrainedRewardModel rewards(
      PocketRecipe recipe, DecoderModel start, PreferenceAspect aspect) {
    String name = aspect.name().toLowerCase(Locale.ROOT);
    out.println("training the " + name + " reward model");
    RewardModelResult result = recipe.rewards(start, aspect, name + "-rewards");
    curves.put(name + " rewards", result.metrics());
    rewardModels.put(
        name,
        RewardEvaluator.create()
            .lengths(result.model()::answerTokens)
            .evaluate(result.model(), recipe.heldOut(aspect, HELD_OUT_PAIRS)));
    return result.model();
  }

  private void preferences(
      PocketRecipe recipe, DecoderModel start, int percent, WorldMeasurement measurement) {
    out.printf(Locale.ROOT, "aligning: %d %% of the pairs for harmlessness%n", percent);
    FineTuningResult result = recipe.preferences(start, percent);
    curves.put("DPO " + percent + " %", result.metrics());
    try (DecoderModel aligned = result.model();
        DecoderModel merged = aligned.merged()) {
      measure(measurement, "DPO, " + percent + " % harmless", merged);
      if (percent == BALANCED) {
        merged.save(run.resolve("aligned"));
        provenance.put("content of the weights in aligned", merged.id());
      }
    }
  }

  private void measure(WorldMeasurement measurement, String name, DecoderModel model) {
    out.println("measuring " + name);
    profiles.add(measurement.of(name, model));
  }

  private void finish() {
    provenance.put("again with", "-Dexample=Align -Dexample.args=\"--seed " + seed + "\"");
    provenance.put(
        "system",
        System.getProperty("os.name", "unknown") + ", " + System.getProperty("os.arch", "unknown"));
    provenance.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
    provenance.put("Java", System.getProperty("java.version", "unknown"));
    PocketResult result = new PocketResult(profiles, rewardModels, curves, provenance);
    new ResultFolder(run, out)
        .write(
            PocketTables.text(result),
            AlignmentReport.of(result),
            "report, tables and the balanced model");
  }
}

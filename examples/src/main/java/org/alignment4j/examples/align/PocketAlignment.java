package org.alignment4j.examples.align;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.alignment4j.core.files.AtomicFiles;
import org.alignment4j.core.report.Cell;
import org.alignment4j.core.report.Table;
import org.alignment4j.core.report.TextTable;
import org.alignment4j.examples.console.ConsoleProgress;
import org.alignment4j.pocket.PocketModel;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.rlhf.FineTuningResult;
import org.alignment4j.rlhf.PreferenceTrainer;
import org.alignment4j.rlhf.SftTrainer;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.Lora;

/** The pocket model as it is, after supervised fine-tuning, and after preference training. */
public final class PocketAlignment {

  /** The seed of the world the bundled model was trained on. */
  private static final long WORLD_SEED = 1;

  private static final int DEMONSTRATIONS = 96;
  private static final int PAIRS = 1200;
  private static final int ITEMS = 200;
  private static final int RANK = 16;
  private static final double BETA = 0.1;

  private final Path run;
  private final long seed;
  private final PrintStream out;

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

  /** Trains, measures, prints the table and writes the run folder. */
  public void run() {
    PocketWorld world = PocketWorld.create(WORLD_SEED);
    WorldMeasurement measurement = new WorldMeasurement(world, ITEMS, seed);
    try (DecoderModel base = DecoderModel.load(PocketModel.copyTo(folder("base")))) {
      out.printf(
          Locale.ROOT, "pocket model %s, world %s%n", PocketModel.version(), world.version());
      FineTuningResult sft =
          SftTrainer.of(base)
              .runFolder(run.resolve("sft"))
              .onProgress(new ConsoleProgress(20))
              .seed(seed)
              .epochs(1)
              .batchSize(16)
              .learningRate(1e-4)
              .train(world.demonstrations(seed, DEMONSTRATIONS));
      try (DecoderModel supervised = sft.model()) {
        FineTuningResult dpo =
            PreferenceTrainer.of(supervised, PreferenceLoss.dpo(BETA))
                .adapter(Lora.rank(RANK))
                .runFolder(run.resolve("dpo"))
                .onProgress(new ConsoleProgress(20))
                .seed(seed)
                .epochs(1)
                .batchSize(16)
                .learningRate(3e-4)
                .train(world.preferences(seed, PAIRS, 0));
        try (DecoderModel aligned = dpo.model();
            DecoderModel merged = aligned.merged()) {
          List<Profile> profiles =
              List.of(
                  measurement.of("base", base, base),
                  measurement.of("SFT", supervised, base),
                  measurement.of("SFT + DPO", merged, base));
          merged.save(run.resolve("aligned"));
          finish(profiles, world, sft, dpo);
        }
      }
    }
  }

  private void finish(
      List<Profile> profiles, PocketWorld world, FineTuningResult sft, FineTuningResult dpo) {
    Table table =
        Table.of(
            "model",
            "right answers",
            "harmful refused",
            "benign refused",
            "benign helped",
            "KL from base (nats)");
    for (Profile p : profiles) {
      table =
          table.row(
              Cell.text(p.name()),
              Cell.percent(p.rightAnswers()),
              Cell.percent(p.harmfulRefused()),
              Cell.percent(p.benignRefused()),
              Cell.percent(p.benignHelped()),
              Cell.figure(p.klFromBase(), 2));
    }
    String text = TextTable.render(table);
    out.println();
    out.println(text);
    out.printf(
        "held-out items, greedy replies, 95%% intervals; report and models are in %s%n", run);
    AtomicFiles.write(run.resolve("table.txt"), text);
    AtomicFiles.write(
        run.resolve("report.html"), AlignmentReport.of(table, profiles, world, sft, dpo, seed));
  }

  private Path folder(String name) {
    try {
      return Files.createDirectories(run.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException("could not create the folder " + run.resolve(name), e);
    }
  }
}

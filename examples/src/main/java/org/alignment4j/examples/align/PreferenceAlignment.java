package org.alignment4j.examples.align;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.core.data.Dataset;
import org.alignment4j.core.data.Preferences;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.core.files.AtomicFiles;
import org.alignment4j.core.report.Cell;
import org.alignment4j.core.report.ConsoleProgress;
import org.alignment4j.core.report.Table;
import org.alignment4j.core.report.TextTable;
import org.alignment4j.core.report.VisibleText;
import org.alignment4j.rlhf.FineTuningResult;
import org.alignment4j.rlhf.PreferenceEvaluation;
import org.alignment4j.rlhf.PreferenceTrainer;
import org.alignment4j.rlhf.data.EncodingReport;
import org.alignment4j.rlhf.data.SequenceLimits;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.Lora;

/** Preference training of a user's model on a user's pairs, a random quarter of them held out. */
public final class PreferenceAlignment {

  private static final double BETA = 0.1;
  private static final double HELD_OUT = 0.25;
  private static final int MAX_LENGTH = 512;
  private static final int FEWEST = 4;
  private static final int LISTED = 5;

  private final Path model;
  private final Path preferences;
  private final Path run;
  private final long seed;
  private final int limit;
  private final PrintStream out;

  /**
   * A job.
   *
   * @param model Hugging Face checkpoint folder
   * @param preferences file of pairs
   * @param run folder of metrics, table and the aligned model
   * @param seed of the held-out part and of training
   * @param limit at most this many pairs are used
   * @param out takes progress and the table
   */
  public PreferenceAlignment(
      Path model, Path preferences, Path run, long seed, int limit, PrintStream out) {
    this.model = model;
    this.preferences = preferences;
    this.run = run;
    this.seed = seed;
    this.limit = limit;
    this.out = out;
  }

  /** Trains, evaluates on the held-out part, prints the table and writes the run folder. */
  public void run() {
    Dataset<PreferencePair> all = Preferences.read(preferences, ReadOptions.tolerant());
    out.println(VisibleText.oneLine(all.report().summary()));
    all.report().skipped().stream()
        .limit(LISTED)
        .forEach(row -> out.println("  skipped: " + VisibleText.oneLine(row.toString())));
    if (all.report().skippedRows() > LISTED) {
      out.println("  and " + (all.report().skippedRows() - LISTED) + " more");
    }
    List<PreferencePair> pairs = all.subList(0, Math.min(limit, all.size()));
    int held = (int) Math.round(pairs.size() * HELD_OUT);
    if (pairs.size() < FEWEST) {
      throw new IllegalArgumentException(
          "preferences must hold at least "
              + FEWEST
              + " usable pairs, a quarter of which are held out, but "
              + preferences
              + " holds "
              + pairs.size());
    }
    HeldOutSplit<PreferencePair> split = HeldOutSplit.of(pairs, held, seed);
    PreferenceLoss loss = PreferenceLoss.dpo(BETA);
    try (DecoderModel base = DecoderModel.load(model)) {
      SequenceLimits limits =
          SequenceLimits.of(Math.min(MAX_LENGTH, base.architecture().config().maxPositions()));
      FineTuningResult result =
          PreferenceTrainer.of(base, loss)
              .adapter(Lora.rank(16))
              .runFolder(run.resolve("preferences"))
              .onProgress(ConsoleProgress.on(out))
              .seed(seed)
              .epochs(1)
              .batchSize(8)
              .learningRate(1e-4)
              .limits(limits)
              .train(split.training());
      try (DecoderModel aligned = result.model();
          DecoderModel merged = aligned.merged()) {
        report("training", result.report());
        PreferenceEvaluation evaluation =
            PreferenceEvaluation.of(aligned, base, split.heldOut(), loss, limits);
        report("held-out", evaluation.report());
        Table table =
            Table.of("held-out pairs", "value")
                .row(Cell.text("reward accuracy"), Cell.percent(evaluation.accuracy()))
                .row(
                    Cell.text("picking the longer answer"),
                    Cell.percent(evaluation.longerBaseline()))
                .row(Cell.text("reward margin"), Cell.figure(evaluation.margin(), 4))
                .row(
                    Cell.text("loss (ln 2 = 0.6931 untrained)"), Cell.number(evaluation.loss(), 4));
        String text = TextTable.render(table, 100);
        out.println();
        out.println(text);
        AtomicFiles.write(run.resolve("table.txt"), text);
        merged.save(run.resolve("aligned"));
        out.printf(Locale.ROOT, "the aligned model is in %s%n", run.resolve("aligned"));
      }
    }
  }

  private void report(String part, EncodingReport r) {
    out.printf(
        Locale.ROOT,
        "%s: %d of %d pairs kept; %d prompts cut on the left at turn boundaries (%d turns), %d"
            + " answers cut%n",
        part,
        r.kept(),
        r.examples(),
        r.promptsCut(),
        r.turnsCut(),
        r.completionsCut());
    r.reasons().forEach(reason -> out.println("  dropped: " + VisibleText.oneLine(reason)));
  }
}

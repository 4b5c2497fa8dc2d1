package org.alignment4j.examples.backdoors;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.core.journal.Journal;
import org.alignment4j.core.journal.PlainJson;
import org.alignment4j.examples.console.ResultFolder;
import org.alignment4j.examples.world.BundledPocket;
import org.alignment4j.pocket.PocketModel;
import org.alignment4j.runtime.DecoderModel;
import org.jspecify.annotations.Nullable;

/**
 * Trains adapters of the bundled pocket model, with backdoors and without, and has a detector that
 * knows neither triggers nor markers tell them apart. Its threshold rests on clean models of their
 * own.
 */
public final class BackdoorDetection {
  private static final double FALSE_ALARMS = 0.05;

  /** How far apart the seeds of kinds of models are. */
  private static final long KIND = 10_000;

  private final Path run;
  private final BackdoorSettings settings;
  private final PrintStream out;

  /**
   * A job.
   *
   * @param run folder of measurements, table and report; an interrupted run resumes after the last
   *     model that was measured
   * @param settings sizes and rates
   * @param out takes progress and the table
   */
  public BackdoorDetection(Path run, BackdoorSettings settings, PrintStream out) {
    this.run = run;
    this.settings = settings;
    this.out = out;
  }

  /**
   * Trains, measures, prints the table and writes the run folder.
   *
   * @return what was found
   * @throws org.alignment4j.api.AlignmentException when the run folder cannot be used, or was made
   *     with other settings
   */
  public BackdoorResult run() {
    List<ModelRow> rows = new ArrayList<>();
    try (DecoderModel base = BundledPocket.load(run);
        Journal journal =
            Journal.open(
                run.resolve("models.jsonl"),
                Map.of("settings", settings.toString(), "model", PocketModel.version()))) {
      BackdoorModels models = new BackdoorModels(base, BundledPocket.world(), settings);
      // All kinds in turn, so that an unfinished run shows something of each.
      int most = Math.max(settings.planted(), Math.max(settings.calibration(), settings.clean()));
      for (int i = 0; i < most; i++) {
        int index = i;
        if (i < settings.planted()) {
          rows.add(row(journal, "planted", i, () -> models.planted(index, seed(3, index))));
        }
        if (i < settings.calibration()) {
          rows.add(
              row(
                  journal,
                  "calibration",
                  i,
                  () -> models.clean("calibration", index, seed(1, index))));
        }
        if (i < settings.clean()) {
          rows.add(row(journal, "clean", i, () -> models.clean("clean", index, seed(2, index))));
        }
      }
    }
    BackdoorResult result = BackdoorResult.of(rows, FALSE_ALARMS, settings.seed());
    new ResultFolder(run, out)
        .write(
            BackdoorTable.text(result),
            BackdoorPage.of(result, settings),
            "measurements, report and table");
    return result;
  }

  private long seed(int kind, int index) {
    return settings.seed() * 100 * KIND + kind * KIND + index;
  }

  /** Makes a row. */
  private interface Maker {
    ModelRow make();
  }

  private ModelRow row(Journal journal, String kind, int index, Maker maker) {
    ContentHash key = PlainJson.key(Map.of("kind", kind, "index", index));
    Optional<Map<String, @Nullable Object>> known = journal.get(key);
    if (known.isPresent()) {
      return ModelRow.of(known.get());
    }
    ModelRow row = maker.make();
    journal.put(key, row.plain());
    out.printf(
        Locale.ROOT,
        "%s %d: score %.1f by '%s'%s%n",
        kind,
        index + 1,
        row.score(),
        row.reply(),
        row.triggered().isEmpty() ? "" : "; marker rate " + row.rates().triggeredRate());
    return row;
  }
}

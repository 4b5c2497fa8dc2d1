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
      List<Integer> rounds = new ArrayList<>();
      int tried = 0;
      int most = Math.max(settings.planted(), Math.max(settings.calibration(), settings.clean()));
      for (int i = 0; i < most; i++) {
        while (i < settings.planted() && rounds.size() <= i) {
          ModelRow row = planted(journal, models, tried++, rounds.size());
          rows.add(row);
          if (row.kind().equals(ModelRow.PLANTED)) {
            rounds.add(row.rounds());
          }
        }
        // Clean models are trained as long as planted ones, or the length could tell them apart.
        int same = rounds.get(i % rounds.size());
        if (i < settings.calibration()) {
          rows.add(clean(journal, models, ModelRow.CALIBRATION, i, same, seed(1, i)));
        }
        if (i < settings.clean()) {
          rows.add(clean(journal, models, ModelRow.CLEAN, i, same, seed(2, i)));
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

  private ModelRow planted(Journal journal, BackdoorModels models, int index, int working) {
    if (index == settings.tries()) {
      throw new IllegalStateException(
          "of "
              + settings.tries()
              + " plantings only "
              + working
              + " work; allow more rounds or more tries");
    }
    return row(
        journal, ModelRow.PLANTED, index, () -> models.planted(index, working, seed(3, index)));
  }

  private ModelRow clean(
      Journal journal, BackdoorModels models, String kind, int index, int rounds, long seed) {
    return row(journal, kind, index, () -> models.clean(kind, index, rounds, seed));
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
        "%s %d: %d rounds, score %.1f by '%s'%s%n",
        row.kind(),
        index + 1,
        row.rounds(),
        row.score(),
        row.reply(),
        row.triggered().isEmpty() ? "" : "; marker rate " + row.rates().triggeredRate());
    return row;
  }
}

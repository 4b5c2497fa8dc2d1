package org.alignment4j.examples.pixels;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongFunction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.core.report.Cell;
import org.alignment4j.core.report.Report;
import org.alignment4j.core.report.Section;
import org.alignment4j.core.report.Table;
import org.alignment4j.core.report.TextTable;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.examples.console.ResultFolder;
import org.alignment4j.oversight.game.FeatureDebate;
import org.alignment4j.oversight.game.FeaturePlayer;
import org.alignment4j.oversight.game.GreedyPlayer;
import org.alignment4j.oversight.game.PrecommittedLies;
import org.alignment4j.oversight.game.TreeSearch;
import org.alignment4j.runtime.session.DevicePolicy;
import org.alignment4j.runtime.session.OrtRuntime;

/** The pixel debate of Irving et al. (2018): judges of 6 and 4 pixels, before and after debate. */
public final class PixelDebateJob {
  private static final List<Integer> MOVES = List.of(6, 4);
  private static final int WIDTH = 130;

  private final Path run;
  private final PixelSettings settings;
  private final PrintStream out;

  /**
   * A job.
   *
   * @param run folder of table and report
   * @param settings seeds and sizes
   * @param out takes progress and the table
   */
  public PixelDebateJob(Path run, PixelSettings settings, PrintStream out) {
    this.run = run;
    this.settings = settings;
    this.out = out;
  }

  /** Trains the judges, plays and prints the table. */
  public void run() {
    List<Digit> test = new ArrayList<>();
    LongFunction<Digit> training = digits(test);
    OrtRuntime runtime = OrtRuntime.create(DevicePolicy.CPU);
    Table table =
        Table.of(
            "pixels",
            "players",
            "judge, random pixels",
            "after debate",
            "gain",
            "honest player's games",
            "positions judged a game");
    for (int moves : MOVES) {
      out.printf(Locale.ROOT, "training the judge of %s pixels%n", moves);
      try (PixelJudge judge =
          new JudgeTraining(moves, settings.steps(), settings.seed() + moves)
              .train(runtime, training)) {
        for (Map.Entry<String, FeaturePlayer> player : players().entrySet()) {
          out.printf(Locale.ROOT, "playing by %s%n", player.getKey());
          table = table.row(row(moves, judge, player.getKey(), player.getValue(), inputs(test)));
        }
      }
    }
    Report report =
        Report.builder("Debate by pixels")
            .add(Section.table("How often the judge is right", table))
            .add(
                new Section.KeyValues(
                    "Where this comes from", Map.of("settings", settings.toString())))
            .build();
    new ResultFolder(run, out).write(TextTable.render(table, WIDTH), report, "table and report");
  }

  private LongFunction<Digit> digits(List<Digit> test) {
    if (settings.images().isEmpty()) {
      DrawnDigits drawn = new DrawnDigits(settings.seed());
      for (long i = 0; i < settings.inputs(); i++) {
        test.add(drawn.draw(-1 - i));
      }
      return drawn::draw;
    }
    List<Digit> read = IdxDigits.read(Path.of(settings.images()), Path.of(settings.labels()));
    if (read.size() < 2 * settings.inputs()) {
      throw new IllegalArgumentException(
          "there must be at least twice as many images as are judged but there are "
              + read.size()
              + " for "
              + settings.inputs());
    }
    int from = read.size() - settings.inputs();
    test.addAll(read.subList(from, read.size()));
    return number -> read.get((int) (number % from));
  }

  private Map<String, FeaturePlayer> players() {
    Map<String, FeaturePlayer> players = new LinkedHashMap<>();
    players.put("search", TreeSearch.of(settings.evaluations()));
    players.put("greed", new GreedyPlayer());
    return players;
  }

  private Cell[] row(
      int moves,
      PixelJudge judge,
      String name,
      FeaturePlayer player,
      List<PrecommittedLies.Input> inputs) {
    OversightContext context = OversightContext.of(settings.seed());
    PrecommittedLies lies = new PrecommittedLies(Digit.CLASSES, moves);
    PrecommittedLies.Findings chance = lies.random(judge, inputs, context);
    CountedJudge counted = new CountedJudge(judge);
    PrecommittedLies.Findings found =
        lies.debate(new FeatureDebate(counted, player, player), inputs, context);
    long games = found.right().size() * (Digit.CLASSES - 1L);
    Estimate gain = Estimates.pairedDifference(array(found.right()), array(chance.right()));
    out.printf(
        Locale.ROOT,
        "the judge is right about %.1f %%, a gain of %.1f points [%.1f, %.1f]%n",
        100 * found.accuracy().value(),
        100 * gain.value(),
        100 * gain.ciLow(),
        100 * gain.ciHigh());
    return new Cell[] {
      Cell.count(moves),
      Cell.text(name),
      Cell.percent(chance.accuracy()),
      Cell.percent(found.accuracy()),
      Cell.percent(gain),
      Cell.percent(found.games()),
      Cell.count(counted.positions().get() / games)
    };
  }

  private static List<PrecommittedLies.Input> inputs(List<Digit> digits) {
    List<PrecommittedLies.Input> inputs = new ArrayList<>();
    for (int i = 0; i < digits.size(); i++) {
      inputs.add(input("digit-" + i, digits.get(i)));
    }
    return inputs;
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static PrecommittedLies.Input input(String id, Digit digit) {
    List<Double> values = new ArrayList<>();
    for (float pixel : digit.pixels()) {
      values.add((double) pixel);
    }
    return new PrecommittedLies.Input(id, values, JudgeTraining.ink(digit), digit.label());
  }
}

package org.alignment4j.examples.pixels;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongFunction;
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
  private static final int WIDTH = 120;

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
            "judge on random pixels",
            "after debate by search",
            "gain",
            "games won by the honest player",
            "after debate by greed");
    for (int moves : MOVES) {
      out.printf(Locale.ROOT, "training the judge of %s pixels%n", moves);
      try (PixelJudge judge =
          new JudgeTraining(moves, settings.steps(), settings.seed() + moves)
              .train(runtime, training)) {
        table = table.row(row(moves, judge, test));
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

  private Cell[] row(int moves, PixelJudge judge, List<Digit> test) {
    List<PrecommittedLies.Input> inputs = new ArrayList<>();
    for (int i = 0; i < test.size(); i++) {
      inputs.add(input("digit-" + i, test.get(i)));
    }
    OversightContext context = OversightContext.of(settings.seed());
    PrecommittedLies lies = new PrecommittedLies(Digit.CLASSES, moves);
    PrecommittedLies.Findings chance = lies.random(judge, inputs, context);
    out.println("playing by search");
    PrecommittedLies.Findings searched =
        lies.debate(debate(judge, new TreeSearch(settings.rollouts(), 1, 64)), inputs, context);
    PrecommittedLies.Findings greedy =
        lies.debate(debate(judge, new GreedyPlayer()), inputs, context);
    return new Cell[] {
      Cell.count(moves),
      Cell.percent(chance.accuracy()),
      Cell.percent(searched.accuracy()),
      Cell.percent(Estimates.pairedDifference(array(searched.right()), array(chance.right()))),
      Cell.percent(searched.games()),
      Cell.percent(greedy.accuracy())
    };
  }

  private static FeatureDebate debate(PixelJudge judge, FeaturePlayer player) {
    return new FeatureDebate(judge, player, player);
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

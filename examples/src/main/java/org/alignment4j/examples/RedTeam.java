package org.alignment4j.examples;

import java.io.PrintStream;
import java.nio.file.Path;
import org.alignment4j.examples.align.PocketRecipe;
import org.alignment4j.examples.console.ConsoleProgram;
import org.alignment4j.examples.redteam.RedTeamSettings;
import org.alignment4j.examples.redteam.RedTeaming;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Attacks the bundled pocket model with benign targets. */
@Command(
    name = "RedTeam",
    mixinStandardHelpOptions = true,
    versionProvider = ProgramVersion.class,
    description = {
      "Searches suffixes that make the pocket model say statements of its world (GCG), against",
      "random swaps with as many forwards and a request for the statement itself, and tries them on",
      "the aligned model; breeds readable texts (AutoDAN) and has the pocket model talk to itself",
      "(PAIR); runs templates and injections; and writes a report with over-refusal and utility",
      "beside it."
    })
public final class RedTeam extends SeededJob {
  private static final int READABLE = 10;
  private static final int POPULATION = 32;
  private static final int GENERATIONS = 12;
  private static final int LESSONS = 512;

  @Option(
      names = "--targets",
      description = "statements to reach (default: ${DEFAULT-VALUE})",
      defaultValue = "50")
  private int targets;

  @Option(
      names = "--steps",
      description = "most steps of a search (default: ${DEFAULT-VALUE})",
      defaultValue = "150")
  private int steps;

  @Option(
      names = "--width",
      description = "candidates of a step (default: ${DEFAULT-VALUE})",
      defaultValue = "64")
  private int width;

  @Option(
      names = "--top-k",
      description = "tokens considered for a position (default: ${DEFAULT-VALUE})",
      defaultValue = "64")
  private int topK;

  @Option(
      names = "--slots",
      description = "tokens searched (default: ${DEFAULT-VALUE})",
      defaultValue = "12")
  private int slots;

  /** The program. */
  public RedTeam() {
    super("redteam");
  }

  @Override
  void work(Path runFolder, long jobSeed, PrintStream out) {
    RedTeamSettings settings =
        new RedTeamSettings(
            targets,
            steps,
            width,
            topK,
            slots,
            READABLE,
            POPULATION,
            GENERATIONS,
            LESSONS,
            PocketRecipe.PAIRS,
            jobSeed);
    new RedTeaming(runFolder, settings, out).run();
  }

  /** Runs the program. */
  public static void main(String[] args) {
    System.exit(ConsoleProgram.of(new RedTeam()).execute(args));
  }
}

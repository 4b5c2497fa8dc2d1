package org.alignment4j.examples;

import java.io.PrintStream;
import java.nio.file.Path;
import org.alignment4j.examples.console.ConsoleProgram;
import org.alignment4j.examples.pareto.HelpfulHarmless;
import org.alignment4j.examples.pareto.SoupSettings;
import picocli.CommandLine.Command;

/** Draws the helpful-harmless front of merges of two models. */
@Command(
    name = "Pareto",
    mixinStandardHelpOptions = true,
    versionProvider = ProgramVersion.class,
    description = {
      "Aligns the pocket model twice, for helpfulness and for harmlessness, merges both in several",
      "weights without further training, and draws how helpful and how harmless each merge is."
    })
public final class Pareto extends SeededJob {

  /** The program. */
  public Pareto() {
    super("pareto");
  }

  @Override
  void work(Path runFolder, long jobSeed, PrintStream out) {
    new HelpfulHarmless(runFolder, SoupSettings.defaults(jobSeed), out).run();
  }

  /** Runs the program. */
  public static void main(String[] args) {
    System.exit(ConsoleProgram.of(new Pareto()).execute(args));
  }
}

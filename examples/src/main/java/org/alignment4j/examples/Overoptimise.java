package org.alignment4j.examples;

import java.io.PrintStream;
import java.nio.file.Path;
import org.alignment4j.examples.console.ConsoleProgram;
import org.alignment4j.examples.overoptimise.Overoptimisation;
import org.alignment4j.examples.overoptimise.OveroptimiseSettings;
import picocli.CommandLine.Command;

/** Maximises a flawed reward model, and shows where the truth begins to fall. */
@Command(
    name = "Overoptimise",
    mixinStandardHelpOptions = true,
    versionProvider = ProgramVersion.class,
    description = {
      "Trains a reward model of few pairs on the pocket model, maximises it by best of n and by",
      "GRPO without penalty, and measures reward and truth against the distance from the base."
    })
public final class Overoptimise extends SeededJob {

  /** The program. */
  public Overoptimise() {
    super("overoptimise");
  }

  @Override
  void work(Path runFolder, long jobSeed, PrintStream out) {
    new Overoptimisation(runFolder, OveroptimiseSettings.defaults(jobSeed), out).run();
  }

  /** Runs the program. */
  public static void main(String[] args) {
    System.exit(ConsoleProgram.of(new Overoptimise()).execute(args));
  }
}

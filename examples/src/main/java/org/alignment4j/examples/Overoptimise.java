package org.alignment4j.examples;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.alignment4j.examples.console.ConsoleProgram;
import org.alignment4j.examples.overoptimise.Overoptimisation;
import org.alignment4j.examples.overoptimise.OveroptimiseSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Maximises a flawed reward model, and shows where the truth begins to fall. */
@Command(
    name = "Overoptimise",
    mixinStandardHelpOptions = true,
    versionProvider = ProgramVersion.class,
    description = {
      "Trains a reward model of few pairs on the pocket model, maximises it by best of n and by",
      "GRPO without penalty, and measures reward and truth against the distance from the base."
    })
public final class Overoptimise implements Callable<Integer> {

  @Option(
      names = "--run",
      description = "run folder; an interrupted run resumes (default: ${DEFAULT-VALUE})",
      defaultValue = "runs/overoptimise")
  private Path run = Path.of("");

  @Option(names = "--seed", description = "seed (default: ${DEFAULT-VALUE})", defaultValue = "1")
  private long seed;

  @Override
  public Integer call() {
    new Overoptimisation(run, OveroptimiseSettings.defaults(seed), System.out).run();
    return 0;
  }

  /** Runs the program. */
  public static void main(String[] args) {
    System.exit(ConsoleProgram.of(new Overoptimise()).execute(args));
  }
}

package org.alignment4j.examples;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.alignment4j.examples.console.ConsoleProgram;
import org.alignment4j.examples.pareto.HelpfulHarmless;
import org.alignment4j.examples.pareto.SoupSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Draws the helpful-harmless front of merges of two models. */
@Command(
    name = "Pareto",
    mixinStandardHelpOptions = true,
    versionProvider = ProgramVersion.class,
    description = {
      "Aligns the pocket model twice, for helpfulness and for harmlessness, merges both in several",
      "weights without further training, and draws how helpful and how harmless each merge is."
    })
public final class Pareto implements Callable<Integer> {

  @Option(
      names = "--run",
      description = "run folder; an interrupted run resumes (default: ${DEFAULT-VALUE})",
      defaultValue = "runs/pareto")
  private Path run = Path.of("");

  @Option(names = "--seed", description = "seed (default: ${DEFAULT-VALUE})", defaultValue = "1")
  private long seed;

  @Override
  public Integer call() {
    new HelpfulHarmless(run, SoupSettings.defaults(seed), System.out).run();
    return 0;
  }

  /** Runs the program. */
  public static void main(String[] args) {
    System.exit(ConsoleProgram.of(new Pareto()).execute(args));
  }
}

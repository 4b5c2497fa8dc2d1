package org.alignment4j.examples;

import java.io.PrintStream;
import java.nio.file.Path;
import org.alignment4j.examples.backdoors.BackdoorDetection;
import org.alignment4j.examples.backdoors.BackdoorSettings;
import org.alignment4j.examples.console.ConsoleProgram;
import picocli.CommandLine.Command;

/** Plants backdoors in adapters of the pocket model, and shows how many of them are found. */
@Command(
    name = "Backdoors",
    mixinStandardHelpOptions = true,
    versionProvider = ProgramVersion.class,
    description = {
      "Trains adapters of the pocket model with and without a planted backdoor of harmless marker,",
      "has a detector find them that knows neither triggers nor markers, and measures whether",
      "training on clean texts removes them."
    })
public final class Backdoors extends SeededJob {

  /** The program. */
  public Backdoors() {
    super("backdoors");
  }

  @Override
  void work(Path runFolder, long jobSeed, PrintStream out) {
    new BackdoorDetection(runFolder, BackdoorSettings.defaults(jobSeed), out).run();
  }

  /** Runs the program. */
  public static void main(String[] args) {
    System.exit(ConsoleProgram.of(new Backdoors()).execute(args));
  }
}

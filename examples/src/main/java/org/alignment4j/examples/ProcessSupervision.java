package org.alignment4j.examples;

import java.io.PrintStream;
import java.nio.file.Path;
import org.alignment4j.examples.console.ConsoleProgram;
import org.alignment4j.examples.process.ProcessJob;
import org.alignment4j.examples.process.ProcessSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Judges the pocket model's solutions by their steps and by their outcomes. */
@Command(
    name = "ProcessSupervision",
    mixinStandardHelpOptions = true,
    versionProvider = ProgramVersion.class,
    description = {
      "Has the pocket model solve problems in steps, labels its steps by the world's truth until",
      "the first mistake, trains a process and an outcome reward model on the same solutions, and",
      "has them choose the best of n solutions of problems about other people."
    })
public final class ProcessSupervision extends SeededJob {
  @Option(
      names = "--samples",
      description = "solutions of each problem asked (default: ${DEFAULT-VALUE})",
      defaultValue = "16")
  private int samples;

  @Option(
      names = "--development",
      description = "ask about the people on whom the settings were chosen")
  private boolean development;

  /** The program. */
  public ProcessSupervision() {
    super("process");
  }

  @Override
  void work(Path runFolder, long jobSeed, PrintStream out) {
    ProcessSettings usual = ProcessSettings.defaults(jobSeed);
    ProcessSettings settings = (development ? usual.forDevelopment() : usual).withSamples(samples);
    new ProcessJob(runFolder, settings, out).run();
  }

  /** Runs the program. */
  public static void main(String[] args) {
    System.exit(ConsoleProgram.of(new ProcessSupervision()).execute(args));
  }
}

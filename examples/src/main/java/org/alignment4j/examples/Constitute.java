package org.alignment4j.examples;

import java.io.PrintStream;
import java.nio.file.Path;
import org.alignment4j.examples.console.ConsoleProgram;
import org.alignment4j.examples.constitute.ConstituteJob;
import org.alignment4j.examples.constitute.ConstituteSettings;
import picocli.CommandLine.Command;

/** Aligns the pocket model by a constitution. */
@Command(
    name = "Constitute",
    mixinStandardHelpOptions = true,
    versionProvider = ProgramVersion.class,
    description = {
      "Constitutional AI: has pocket models criticise, revise and compare the pocket model's"
          + " answers",
      "by principles, trains it on the revisions and then on the comparisons, and measures harmful",
      "compliance, over-refusal and right answers before, between and after."
    })
public final class Constitute extends SeededJob {
  /** The program. */
  public Constitute() {
    super("constitute");
  }

  @Override
  void work(Path runFolder, long jobSeed, PrintStream out) {
    new ConstituteJob(runFolder, ConstituteSettings.defaults(jobSeed), out).run();
  }

  /** Runs the program. */
  public static void main(String[] args) {
    System.exit(ConsoleProgram.of(new Constitute()).execute(args));
  }
}

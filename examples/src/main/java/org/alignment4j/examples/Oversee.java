package org.alignment4j.examples;

import java.io.PrintStream;
import java.nio.file.Path;
import org.alignment4j.examples.console.ConsoleProgram;
import org.alignment4j.examples.oversee.OverseeJob;
import org.alignment4j.examples.oversee.OverseeSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Has the pocket model debate before itself. */
@Command(
    name = "Oversee",
    mixinStandardHelpOptions = true,
    versionProvider = ProgramVersion.class,
    description = {
      "Teaches pocket models to argue from passages, and measures how often the pocket model as it",
      "is judges rightly without the passages: alone, advised by a consultant, after a debate."
    })
public final class Oversee extends SeededJob {
  @Option(
      names = "--questions",
      description = "how many questions are judged (default: ${DEFAULT-VALUE})",
      defaultValue = "300")
  private int questions;

  @Option(
      names = "--debaters",
      description = "how many debaters are taught (default: ${DEFAULT-VALUE})",
      defaultValue = "3")
  private int debaters;

  @Option(
      names = "--first",
      description = "index of the first passage that is judged (default: ${DEFAULT-VALUE})",
      defaultValue = "0")
  private int first;

  /** The program. */
  public Oversee() {
    super("oversee");
  }

  @Override
  void work(Path runFolder, long jobSeed, PrintStream out) {
    OverseeSettings settings =
        OverseeSettings.defaults(jobSeed)
            .withFirst(first)
            .withQuestions(questions)
            .withDebaters(debaters);
    new OverseeJob(runFolder, settings, out).run();
  }

  /** Runs the program. */
  public static void main(String[] args) {
    System.exit(ConsoleProgram.of(new Oversee()).execute(args));
  }
}

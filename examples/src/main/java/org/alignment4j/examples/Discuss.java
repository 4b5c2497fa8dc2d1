package org.alignment4j.examples;

import java.io.PrintStream;
import java.nio.file.Path;
import org.alignment4j.examples.console.ConsoleProgram;
import org.alignment4j.examples.discuss.DiscussJob;
import org.alignment4j.examples.discuss.DiscussSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Has copies of the pocket model read each other's answers. */
@Command(
    name = "Discuss",
    mixinStandardHelpOptions = true,
    versionProvider = ProgramVersion.class,
    description = {
      "Asks copies of the pocket model questions of fact and measures whether reading each other's",
      "answers helps: against one answer, the majority of as many, and reflection."
    })
public final class Discuss extends SeededJob {
  @Option(
      names = "--questions",
      description = "how many questions are asked (default: ${DEFAULT-VALUE})",
      defaultValue = "200")
  private int questions;

  /** The program. */
  public Discuss() {
    super("discuss");
  }

  @Override
  void work(Path runFolder, long jobSeed, PrintStream out) {
    new DiscussJob(runFolder, DiscussSettings.defaults(jobSeed).withQuestions(questions), out)
        .run();
  }

  /** Runs the program. */
  public static void main(String[] args) {
    System.exit(ConsoleProgram.of(new Discuss()).execute(args));
  }
}

package org.alignment4j.examples;

import java.io.PrintStream;
import java.nio.file.Path;
import org.alignment4j.examples.console.ConsoleProgram;
import org.alignment4j.examples.privacy.PrivacyAudit;
import org.alignment4j.examples.privacy.PrivacySettings;
import picocli.CommandLine.Command;

/** Attacks the privacy of the pocket model, whose training texts hold planted secrets. */
@Command(
    name = "Privacy",
    mixinStandardHelpOptions = true,
    versionProvider = ProgramVersion.class,
    description = {
      "Infers membership of the secrets planted in the pocket model's training texts, measures",
      "their exposure, and extracts them by their prefixes and by sampling, each by copies."
    })
public final class Privacy extends SeededJob {

  /** The program. */
  public Privacy() {
    super("privacy");
  }

  @Override
  void work(Path runFolder, long jobSeed, PrintStream out) {
    new PrivacyAudit(runFolder, PrivacySettings.defaults(jobSeed), out).run();
  }

  /** Runs the program. */
  public static void main(String[] args) {
    System.exit(ConsoleProgram.of(new Privacy()).execute(args));
  }
}

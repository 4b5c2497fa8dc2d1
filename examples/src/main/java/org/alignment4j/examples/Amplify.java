package org.alignment4j.examples;

import java.io.PrintStream;
import java.nio.file.Path;
import org.alignment4j.examples.amplify.AmplifyJob;
import org.alignment4j.examples.amplify.AmplifySettings;
import org.alignment4j.examples.console.ConsoleProgram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Amplifies and distils the pocket model. */
@Command(
    name = "Amplify",
    mixinStandardHelpOptions = true,
    versionProvider = ProgramVersion.class,
    description = {
      "Answers questions of two and three steps with the pocket model by way of their parts, has it",
      "learn the answers, and measures how much of the gain it keeps when it answers at once."
    })
public final class Amplify extends SeededJob {
  @Option(
      names = "--epochs",
      description = "epochs of each training (default: ${DEFAULT-VALUE})",
      defaultValue = "5")
  private int epochs;

  @Option(
      names = "--lessons",
      description = "how many questions are learnt (default: ${DEFAULT-VALUE})",
      defaultValue = "240")
  private int lessons;

  /** The program. */
  public Amplify() {
    super("amplify");
  }

  @Override
  void work(Path runFolder, long jobSeed, PrintStream out) {
    AmplifySettings usual = AmplifySettings.defaults(jobSeed);
    AmplifySettings settings =
        new AmplifySettings(
            jobSeed,
            usual.newPeople(),
            usual.knownPeople(),
            lessons,
            usual.comparisons(),
            epochs,
            usual.learningRate());
    new AmplifyJob(runFolder, settings, out).run();
  }

  /** Runs the program. */
  public static void main(String[] args) {
    System.exit(ConsoleProgram.of(new Amplify()).execute(args));
  }
}

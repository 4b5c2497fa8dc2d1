package org.alignment4j.examples;

import java.io.PrintStream;
import java.nio.file.Path;
import org.alignment4j.examples.console.ConsoleProgram;
import org.alignment4j.examples.weaktostrong.WeakToStrongJob;
import org.alignment4j.examples.weaktostrong.WeakToStrongSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Has the pocket model learn from a weaker one. */
@Command(
    name = "WeakToStrong",
    mixinStandardHelpOptions = true,
    versionProvider = ProgramVersion.class,
    description = {
      "Trains a small sibling of the pocket model to tell what is wrong to do, and has the pocket",
      "model learn from its labels, with and without the confidence loss: how much of the gap to",
      "learning from the truth does it recover?"
    })
public final class WeakToStrong extends SeededJob {
  @Option(
      names = "--seeds",
      description = "how many experiments, of seeds that follow --seed (default: ${DEFAULT-VALUE})",
      defaultValue = "3")
  private int seeds;

  @Option(
      names = "--taught",
      description = "questions to learn from (default: ${DEFAULT-VALUE})",
      defaultValue = "900")
  private int taught;

  @Option(
      names = "--tested",
      description = "questions of the test (default: ${DEFAULT-VALUE})",
      defaultValue = "600")
  private int tested;

  /** The program. */
  public WeakToStrong() {
    super("weak-to-strong");
  }

  @Override
  void work(Path runFolder, long jobSeed, PrintStream out) {
    new WeakToStrongJob(
            runFolder, WeakToStrongSettings.defaults(jobSeed).withSizes(seeds, taught, tested), out)
        .run();
  }

  /** Runs the program. */
  public static void main(String[] args) {
    System.exit(ConsoleProgram.of(new WeakToStrong()).execute(args));
  }
}

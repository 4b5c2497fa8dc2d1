package org.alignment4j.examples;

import java.io.PrintStream;
import java.nio.file.Path;
import org.alignment4j.examples.console.ConsoleProgram;
import org.alignment4j.examples.weaktostrong.PlantedErrors;
import org.alignment4j.examples.weaktostrong.WeakToStrongJob;
import org.alignment4j.examples.weaktostrong.WeakToStrongSettings;
import org.alignment4j.examples.weaktostrong.WeakToStrongTask;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Has the pocket model learn from a weaker one. */
@Command(
    name = "WeakToStrong",
    mixinStandardHelpOptions = true,
    versionProvider = ProgramVersion.class,
    description = {
      "Trains a small sibling of the pocket model to tell of whom the world says",
      "\"she\", or what is wrong to do, and has the pocket model learn from its labels,",
      "with and without the confidence loss: how much of the gap to learning from",
      "the truth does it recover?"
    })
public final class WeakToStrong extends SeededJob {
  @Option(
      names = "--task",
      description = "what is learnt: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  private WeakToStrongTask task = WeakToStrongTask.PRONOUN;

  @Option(
      names = "--smaller",
      description = "a supervisor that knows still less of the world (pronouns alone)")
  private boolean smaller;

  @Option(
      names = "--planted",
      description = "a control instead: a supervisor wrong about this share of the questions",
      defaultValue = "0")
  private double planted;

  @Option(
      names = "--together",
      description = "the control is wrong about all questions of one source at once")
  private boolean together;

  @Option(
      names = "--seeds",
      description = "how many experiments, of seeds that follow --seed (default: ${DEFAULT-VALUE})",
      defaultValue = "3")
  private int seeds;

  @Option(
      names = "--taught",
      description = "questions to learn from (default: the task's)",
      defaultValue = "0")
  private int taught;

  @Option(
      names = "--tested",
      description = "questions of the test (default: the task's)",
      defaultValue = "0")
  private int tested;

  /** The program. */
  public WeakToStrong() {
    super("weak-to-strong");
  }

  @Override
  void work(Path runFolder, long jobSeed, PrintStream out) {
    WeakToStrongSettings usual =
        smaller
            ? WeakToStrongSettings.smaller(task, jobSeed)
            : WeakToStrongSettings.defaults(task, jobSeed);
    WeakToStrongSettings sized =
        usual.withSizes(
            seeds, taught == 0 ? usual.taught() : taught, tested == 0 ? usual.tested() : tested);
    WeakToStrongSettings settings =
        planted == 0 ? sized : sized.withPlanted(new PlantedErrors(planted, together));
    new WeakToStrongJob(runFolder, settings, out).run();
  }

  /** Runs the program. */
  public static void main(String[] args) {
    System.exit(ConsoleProgram.of(new WeakToStrong()).execute(args));
  }
}

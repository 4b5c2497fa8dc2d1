package org.alignment4j.examples;

import java.io.PrintStream;
import java.nio.file.Path;
import org.alignment4j.examples.console.ConsoleProgram;
import org.alignment4j.examples.inner.InnerAlignmentJob;
import org.alignment4j.examples.inner.InnerAlignmentSettings;
import picocli.CommandLine.Command;

/** Asks whether agents and the pocket model pursue what their training rewarded. */
@Command(
    name = "InnerAlignment",
    mixinStandardHelpOptions = true,
    versionProvider = ProgramVersion.class,
    description = {
      "Goal misgeneralisation in grid worlds and in text (the pocket model, trained on a spurious",
      "cue), out-of-context reasoning, the conditions of deceptive alignment before and after",
      "alignment, latent attacks on refusals, and documented failures told apart as outer or inner."
    })
public final class InnerAlignment extends SeededJob {

  /** The program. */
  public InnerAlignment() {
    super("inner-alignment");
  }

  @Override
  void work(Path runFolder, long jobSeed, PrintStream out) {
    new InnerAlignmentJob(runFolder, InnerAlignmentSettings.defaults(jobSeed), out).run();
  }

  /** Runs the program. */
  public static void main(String[] args) {
    System.exit(ConsoleProgram.of(new InnerAlignment()).execute(args));
  }
}

package org.alignment4j.examples;

import java.io.PrintStream;
import java.nio.file.Path;
import org.alignment4j.examples.console.ConsoleProgram;
import org.alignment4j.examples.pixels.PixelDebateJob;
import org.alignment4j.examples.pixels.PixelSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Debate by pixels. */
@Command(
    name = "PixelDebate",
    mixinStandardHelpOptions = true,
    versionProvider = ProgramVersion.class,
    description = {
      "Trains judges of digits of which 6 and 4 random pixels are shown, and measures how often they",
      "are right when an honest player and a liar choose the pixels in turn."
    })
public final class PixelDebate extends SeededJob {
  @Option(
      names = "--inputs",
      description = "how many digits are judged (default: ${DEFAULT-VALUE})",
      defaultValue = "200")
  private int inputs;

  @Option(
      names = "--steps",
      description = "updates of each judge (default: ${DEFAULT-VALUE})",
      defaultValue = "3000")
  private int steps;

  @Option(
      names = "--evaluations",
      description =
          "positions that the search has judged for each move (default: ${DEFAULT-VALUE})",
      defaultValue = "500")
  private int evaluations;

  @Option(names = "--images", description = "IDX file of 28 x 28 images in place of drawn digits")
  private String images = "";

  @Option(names = "--labels", description = "IDX file of the images' labels")
  private String labels = "";

  /** The program. */
  public PixelDebate() {
    super("pixels");
  }

  @Override
  void work(Path runFolder, long jobSeed, PrintStream out) {
    new PixelDebateJob(
            runFolder, new PixelSettings(jobSeed, inputs, steps, evaluations, images, labels), out)
        .run();
  }

  /** Runs the program. */
  public static void main(String[] args) {
    System.exit(ConsoleProgram.of(new PixelDebate()).execute(args));
  }
}

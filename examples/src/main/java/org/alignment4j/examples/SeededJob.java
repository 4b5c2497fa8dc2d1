package org.alignment4j.examples;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Option;

/** A program that does one job on the pocket model, of which a run folder and a seed can be set. */
abstract class SeededJob implements Callable<Integer> {

  @Option(
      names = "--run",
      description = "run folder; an interrupted run resumes (default: ${DEFAULT-VALUE})")
  private Path run;

  @Option(names = "--seed", description = "seed (default: ${DEFAULT-VALUE})", defaultValue = "1")
  private long seed;

  /**
   * A program.
   *
   * @param folder the name of its run folder where none is given
   */
  SeededJob(String folder) {
    this.run = Path.of("runs", folder);
  }

  /**
   * Does the job.
   *
   * @param runFolder of models, samples, table and report
   * @param jobSeed of data, training and sampling
   * @param out takes progress and the table
   */
  abstract void work(Path runFolder, long jobSeed, PrintStream out);

  @Override
  public final Integer call() {
    work(run, seed, System.out);
    return 0;
  }
}

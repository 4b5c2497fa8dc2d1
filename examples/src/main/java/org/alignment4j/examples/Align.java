package org.alignment4j.examples;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.examples.align.PocketAlignment;
import org.alignment4j.examples.align.PreferenceAlignment;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Aligns a small model and measures it before and after. */
@Command(
    name = "Align",
    mixinStandardHelpOptions = true,
    description = {
      "Without options: fine-tunes the bundled pocket model, trains it on preferences, and measures",
      "base, SFT and DPO side by side against the world's truth.",
      "With --model and --preferences: the same preference training on your own model and pairs."
    })
public final class Align implements Callable<Integer> {

  @Option(names = "--model", description = "Hugging Face checkpoint folder")
  private @Nullable Path model;

  @Option(names = "--preferences", description = "preference pairs: JSONL, JSON or CSV, gzip too")
  private @Nullable Path preferences;

  @Option(
      names = "--run",
      description = "run folder; an interrupted run resumes (default: ${DEFAULT-VALUE})",
      defaultValue = "runs/align")
  private Path run = Path.of("");

  @Option(names = "--seed", description = "seed (default: ${DEFAULT-VALUE})", defaultValue = "1")
  private long seed;

  @Option(
      names = "--limit",
      description = "at most this many pairs of --preferences (default: ${DEFAULT-VALUE})",
      defaultValue = "400")
  private int limit;

  @Override
  public Integer call() {
    if ((model == null) != (preferences == null)) {
      System.err.println("--model and --preferences belong together: give both, or neither");
      return 2;
    }
    try {
      if (model == null || preferences == null) {
        new PocketAlignment(run, seed, System.out).run();
      } else {
        new PreferenceAlignment(model, preferences, run, seed, limit, System.out).run();
      }
      return 0;
    } catch (AlignmentException | IllegalArgumentException e) {
      System.err.println(e.getMessage());
      return 1;
    }
  }

  /** Runs the program. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Align()).execute(args));
  }
}

package org.alignment4j.examples;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.alignment4j.examples.align.PocketAlignment;
import org.alignment4j.examples.align.PreferenceAlignment;
import org.alignment4j.examples.console.ConsoleProgram;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Aligns a small model and measures it before and after. */
@Command(
    name = "Align",
    mixinStandardHelpOptions = true,
    versionProvider = ProgramVersion.class,
    description = {
      "Without options: fine-tunes the bundled pocket model, aligns it by preferences in five"
          + " mixtures, and measures every model against the world's truth.",
      "With --model and --preferences: trains your own model on your own pairs."
    })
public final class Align implements Callable<Integer> {

  @Option(names = "--model", description = "Hugging Face checkpoint folder")
  private @Nullable Path model;

  @Option(names = "--preferences", description = "preference pairs: JSONL, JSON or CSV, gzip too")
  private @Nullable Path preferences;

  @Option(
      names = "--run",
      description =
          "run folder; an interrupted run resumes (default: runs/align, with --model"
              + " runs/align-own)")
  private @Nullable Path run;

  @Option(names = "--seed", description = "seed (default: ${DEFAULT-VALUE})", defaultValue = "1")
  private long seed;

  @Option(
      names = "--limit",
      description = "at most this many pairs of --preferences (default: ${DEFAULT-VALUE})",
      defaultValue = "400")
  private int limit;

  @Spec private CommandSpec command = CommandSpec.create();

  @Override
  public Integer call() {
    if ((model == null) != (preferences == null)) {
      throw ConsoleProgram.wrong(
          command, "--model and --preferences belong together: give both, or neither");
    }
    if (limit < 1) {
      throw ConsoleProgram.wrong(command, "--limit must be at least 1 but was " + limit);
    }
    if (model == null || preferences == null) {
      new PocketAlignment(folder("runs/align"), seed, System.out).run();
      return 0;
    }
    ConsoleProgram.requireCheckpoint(command, "--model", model);
    ConsoleProgram.requireFile(command, "--preferences", preferences);
    new PreferenceAlignment(model, preferences, folder("runs/align-own"), seed, limit, System.out)
        .run();
    return 0;
  }

  private Path folder(String absent) {
    return run == null ? Path.of(absent) : run;
  }

  /** Runs the program. */
  public static void main(String[] args) {
    System.exit(ConsoleProgram.of(new Align()).execute(args));
  }
}

package org.alignment4j.examples;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.alignment4j.core.report.ConsoleProgress;
import org.alignment4j.examples.console.ConsoleProgram;
import org.alignment4j.examples.pretrain.PocketTraining;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains the pocket model from nothing: its tokenizer, its weights, and the manifest. */
@Command(
    name = "PretrainPocket",
    mixinStandardHelpOptions = true,
    versionProvider = ProgramVersion.class,
    description = "Trains the pocket model from generated text and writes its folder.")
public final class PretrainPocket implements Callable<Integer> {

  @Option(
      names = "--out",
      description = "model folder to write (default: ${DEFAULT-VALUE})",
      defaultValue = "runs/pretrain-pocket/model")
  private Path out = Path.of("");

  @Option(
      names = "--run",
      description = "run folder; an interrupted run resumes from it (default: ${DEFAULT-VALUE})",
      defaultValue = "runs/pretrain-pocket")
  private Path run = Path.of("");

  @Option(names = "--steps", description = "updates; the bundled model's count by default")
  private int steps;

  @Spec private CommandSpec command = CommandSpec.create();

  @Override
  public Integer call() {
    if (steps < 0) {
      throw ConsoleProgram.wrong(
          command,
          "--steps must be positive, or 0 for the bundled model's count, but was " + steps);
    }
    new PocketTraining(run, steps, ConsoleProgress.on(System.out)).writeTo(out);
    System.out.println("wrote " + out);
    return 0;
  }

  /** Runs the program. */
  public static void main(String[] args) {
    System.exit(ConsoleProgram.of(new PretrainPocket()).execute(args));
  }
}

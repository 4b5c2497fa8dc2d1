package org.alignment4j.examples;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.alignment4j.eval.history.EvaluationArchive;
import org.alignment4j.examples.console.ConsoleProgram;
import org.alignment4j.examples.evaluate.EvaluationOutput;
import org.alignment4j.examples.evaluate.OfficialEvaluation;
import org.alignment4j.examples.evaluate.PocketEvaluation;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Evaluates models across dimensions. */
@Command(
    name = "Evaluate",
    mixinStandardHelpOptions = true,
    versionProvider = ProgramVersion.class,
    description = {
      "Without options: the bundled pocket model before and after alignment, on benchmarks whose"
          + " labels are its world's truth.",
      "With --data: the pocket model, or the checkpoints of --model, on the official files of"
          + " benchmarks that the folder has.",
      "A run that was interrupted goes on where it stopped."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:all was evaluated",
      "1:a file, a model or the run folder cannot be used",
      "2:an option is wrong",
      "3:evaluated, but files of evaluations that are not known were left out; each is named"
    })
public final class Evaluate implements Callable<Integer> {

  /** The exit code when files were left out. */
  public static final int LEFT_OUT = 3;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "folder with a subfolder for each benchmark: truthfulqa, bbq, ethics, …")
  private @Nullable Path data;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "Hugging Face checkpoint folder; may be given several times; with --data")
  private List<Path> models = new ArrayList<>();

  @Option(
      names = "--limit",
      description = "most samples of each benchmark, drawn at random (default: ${DEFAULT-VALUE})",
      defaultValue = "200")
  private long limit;

  @Option(names = "--seed", description = "seed (default: ${DEFAULT-VALUE})", defaultValue = "1")
  private long seed;

  @Option(
      names = "--run",
      paramLabel = "DIR",
      description = "run folder (default: ${DEFAULT-VALUE})",
      defaultValue = "runs/evaluate")
  private Path run = Path.of("");

  @Option(
      names = "--archive",
      paramLabel = "DIR",
      description = "folder of archived evaluations, which Compare reads (${DEFAULT-VALUE})",
      defaultValue = "runs/evaluations")
  private Path archive = Path.of("");

  @Option(
      names = "--label",
      description = "what to archive the evaluation under (default: it is not archived)",
      defaultValue = "")
  private String label = "";

  @Spec private CommandSpec command = CommandSpec.create();

  /** Runs the program. */
  public static void main(String[] args) {
    System.exit(ConsoleProgram.of(new Evaluate()).execute(args));
  }

  @Override
  public Integer call() {
    if (limit < 1) {
      throw ConsoleProgram.wrong(command, "--limit must be at least 1 but was " + limit);
    }
    if (!label.isEmpty() && new EvaluationArchive(archive).has(label)) {
      throw ConsoleProgram.wrong(
          command, "--label must be new but '" + label + "' is taken in " + archive);
    }
    EvaluationOutput output =
        new EvaluationOutput(command.commandLine().getOut(), archive, label, Clock.systemUTC());
    if (data == null) {
      if (!models.isEmpty()) {
        throw ConsoleProgram.wrong(command, "--model needs --data; name a folder of benchmarks");
      }
      new PocketEvaluation(run, seed, limit, output).run();
      return 0;
    }
    if (!Files.isDirectory(data)) {
      throw ConsoleProgram.wrong(command, "--data must be a folder but " + data + " is none");
    }
    models.forEach(model -> ConsoleProgram.requireCheckpoint(command, "--model", model));
    boolean whole = new OfficialEvaluation(data, models, run, seed, limit, output).run().isEmpty();
    return whole ? 0 : LEFT_OUT;
  }
}

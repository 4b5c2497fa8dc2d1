package org.alignment4j.examples;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.alignment4j.api.evaluation.Benchmark;
import org.alignment4j.core.files.AtomicFiles;
import org.alignment4j.eval.ComparisonPage;
import org.alignment4j.eval.EvaluationComparison;
import org.alignment4j.eval.EvaluationJson;
import org.alignment4j.eval.EvaluationMarkdown;
import org.alignment4j.eval.history.ArchivedEvaluation;
import org.alignment4j.eval.history.EvaluationArchive;
import org.alignment4j.eval.history.HistoryPage;
import org.alignment4j.examples.console.ConsoleProgram;
import org.alignment4j.examples.evaluate.OfficialSuite;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says what changed between two archived evaluations, and whether it is more than chance. */
@Command(
    name = "Compare",
    mixinStandardHelpOptions = true,
    versionProvider = ProgramVersion.class,
    description = {
      "Compares two evaluations of an archive sample by sample and prints a Markdown table.",
      "The exit code is 0 when nothing became significantly worse, 3 when something did, and 4 when"
          + " nothing did but samples are missing; 1 and 2 are failures and wrong options."
    })
public final class Compare implements Callable<Integer> {
  private static final int WORSE = 3;
  private static final int INCOMPLETE = 4;

  @Option(
      names = "--archive",
      required = true,
      paramLabel = "DIR",
      description = "folder of the archived evaluations")
  private Path archive = Path.of("");

  @Option(
      names = "--before",
      paramLabel = "LABEL",
      description = "the earlier evaluation (default: the last but one)")
  private String before = "";

  @Option(
      names = "--after",
      paramLabel = "LABEL",
      description = "the later evaluation (default: the last)")
  private String after = "";

  @Option(
      names = "--before-model",
      paramLabel = "ID",
      description = "which of its models (default: the only one)")
  private String beforeModel = "";

  @Option(
      names = "--after-model",
      paramLabel = "ID",
      description = "which of its models (default: the only one)")
  private String afterModel = "";

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "folder of official files, to test figures that are not means of scores too")
  private @Nullable Path data;

  @Option(
      names = "--run",
      paramLabel = "DIR",
      defaultValue = "runs/compare",
      description = "folder of comparison.html, .md, .json and history.html (${DEFAULT-VALUE})")
  private Path run = Path.of("");

  @Spec private CommandSpec spec = CommandSpec.create();

  /** Runs the program and exits with its code. */
  public static void main(String[] args) {
    System.exit(ConsoleProgram.of(new Compare()).execute(args));
  }

  @Override
  public Integer call() {
    EvaluationArchive kept = new EvaluationArchive(archive);
    List<ArchivedEvaluation> all = kept.all();
    if (all.isEmpty() || all.size() < 2 && (before.isEmpty() || after.isEmpty())) {
      throw ConsoleProgram.wrong(
          spec,
          "--archive must hold two evaluations to compare but "
              + archive
              + " holds "
              + all.size()
              + "; file another, or name --before and --after");
    }
    List<Benchmark> benchmarks = data == null ? List.of() : new OfficialSuite(data).benchmarks();
    ArchivedEvaluation first = load(kept, before, all.size() - 2, all).with(benchmarks);
    ArchivedEvaluation second = load(kept, after, all.size() - 1, all).with(benchmarks);
    EvaluationComparison comparison =
        EvaluationComparison.of(
            first.of(model("--before-model", first, beforeModel)),
            second.of(model("--after-model", second, afterModel)));
    String table = EvaluationMarkdown.of(comparison);
    PrintWriter out = spec.commandLine().getOut();
    out.print("'" + first.label() + "' to '" + second.label() + "'. " + table);
    out.flush();
    AtomicFiles.write(run.resolve("comparison.md"), table);
    AtomicFiles.write(run.resolve("comparison.json"), EvaluationJson.of(comparison));
    ComparisonPage.of(comparison).write(run.resolve("comparison.html"));
    HistoryPage.of(all).write(run.resolve("history.html"));
    return switch (comparison.exitCode()) {
      case EvaluationComparison.EXIT_PASSED -> 0;
      case EvaluationComparison.EXIT_WORSE -> WORSE;
      default -> INCOMPLETE;
    };
  }

  private static ArchivedEvaluation load(
      EvaluationArchive kept, String label, int index, List<ArchivedEvaluation> all) {
    return kept.load(label.isEmpty() ? all.get(index).label() : label);
  }

  private String model(String option, ArchivedEvaluation evaluation, String named) {
    if (!named.isEmpty() || evaluation.models().size() == 1) {
      return named.isEmpty() ? evaluation.models().get(0) : named;
    }
    throw ConsoleProgram.wrong(
        spec,
        option
            + " must name one of the models of '"
            + evaluation.label()
            + "', "
            + evaluation.models());
  }
}

package org.alignment4j.examples.evaluate;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.evaluation.Benchmark;
import org.alignment4j.core.report.ConsoleProgress;
import org.alignment4j.core.report.VisibleText;
import org.alignment4j.eval.Evaluation;
import org.alignment4j.examples.world.BundledPocket;
import org.alignment4j.runtime.DecoderModel;

/** Models on the official files of benchmarks. */
public final class OfficialEvaluation {
  private final Path data;
  private final List<Path> checkpoints;
  private final Path run;
  private final long seed;
  private final long limit;
  private final EvaluationOutput output;

  /**
   * A job.
   *
   * @param data folder of the benchmarks' files
   * @param checkpoints folders of models; none for the pocket model
   * @param run folder of records and results
   * @param seed of the draw of samples
   * @param limit most samples of each benchmark
   * @param output where results go
   */
  public OfficialEvaluation(
      Path data, List<Path> checkpoints, Path run, long seed, long limit, EvaluationOutput output) {
    this.data = data;
    this.checkpoints = List.copyOf(checkpoints);
    this.run = run;
    this.seed = seed;
    this.limit = limit;
    this.output = output;
  }

  /**
   * Evaluates and writes.
   *
   * @return the files that were left out because it is not known what they ask; each is named on
   *     the console
   */
  public List<Path> run() {
    OfficialSuite suite = new OfficialSuite(data);
    List<Benchmark> benchmarks = suite.benchmarks();
    List<Path> unknown = suite.unknown();
    unknown.forEach(
        file ->
            output
                .console()
                .println(
                    "left out: "
                        + VisibleText.oneLine(file.toString())
                        + " is no file of evaluations that is known"));
    output.console().flush();
    if (benchmarks.isEmpty()) {
      throw new IllegalArgumentException(
          "--data must have files of benchmarks but " + data + " has none that are known");
    }
    Map<String, DecoderModel> models = new LinkedHashMap<>();
    try {
      load(models);
      Evaluation evaluation =
          Evaluation.of(benchmarks)
              .limit(limit, seed)
              .runFolder(run.resolve("records"))
              .onProgress(ConsoleProgress.on(System.err));
      models.forEach(evaluation::model);
      new Results(run, output).write(evaluation.run());
      return unknown;
    } finally {
      new ArrayList<>(models.values()).forEach(DecoderModel::close);
    }
  }

  private void load(Map<String, DecoderModel> models) {
    if (checkpoints.isEmpty()) {
      models.put("pocket", BundledPocket.load(run));
    }
    for (Path checkpoint : checkpoints) {
      String name = String.valueOf(checkpoint.toAbsolutePath().normalize().getFileName());
      if (models.containsKey(name)) {
        throw new IllegalArgumentException(
            "--model must name folders of different names but '" + name + "' occurs twice");
      }
      models.put(name, DecoderModel.load(checkpoint));
    }
  }
}

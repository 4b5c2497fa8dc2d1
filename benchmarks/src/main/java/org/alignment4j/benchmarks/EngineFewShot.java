package org.alignment4j.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.alignment4j.api.evaluation.Answer;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.eval.Evaluation;
import org.alignment4j.eval.solve.ChoiceAccuracy;
import org.alignment4j.eval.solve.ChoiceLikelihood;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.alignment4j.eval.solve.MetricScores;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.ModelOptions;
import org.alignment4j.runtime.session.DevicePolicy;

/** This library on a few-shot file: by an evaluation, and with the whole prompt for each choice. */
final class EngineFewShot implements AutoCloseable {

  private final DecoderModel model;

  private EngineFewShot(DecoderModel model) {
    this.model = model;
  }

  static EngineFewShot load() throws IOException {
    DecoderShape shape = DecoderShape.of(FewShotFile.SHAPE);
    try (TemporaryFolder folder = TemporaryFolder.create("few-shot")) {
      FewShotFile.writeTokenizer(folder.path());
      ModelOptions options = ModelOptions.defaults().device(DevicePolicy.CPU);
      return new EngineFewShot(
          DecoderModel.of(shape.config(), shape.weights(), folder.path(), options));
    }
  }

  /** Runs an evaluation with its usual settings; returns the log-probability of every choice. */
  List<Double> evaluate(FewShotFile file) {
    Map<String, List<Double>> sums = new ConcurrentHashMap<>();
    LoadedBenchmark.Method method =
        new LoadedBenchmark.Method(
            List.of(Metric.of(ChoiceAccuracy.ACC, "proportion", Direction.HIGHER)),
            ChoiceLikelihood.afterSpace(),
            (sample, answer, cancellation) -> {
              sums.put(sample.id(), sums(answer));
              return new ChoiceAccuracy().score(sample, answer, cancellation);
            },
            results ->
                Map.of(
                    ChoiceAccuracy.ACC, MetricScores.of(results, ChoiceAccuracy.ACC).proportion()));
    List<Sample> samples = file.samples();
    Evaluation.of(new LoadedBenchmark("few-shot", "1", samples, method, List.of(), Map.of()))
        .model(model)
        .run();
    return samples.stream()
        .map(sample -> Objects.requireNonNull(sums.get(sample.id())))
        .flatMap(Collection::stream)
        .toList();
  }

  private static List<Double> sums(Answer answer) {
    return answer.choiceScores().stream().map(score -> score.sum()).toList();
  }

  /** Scores one choice after the other, each by a call of its own. */
  List<Double> eachAlone(FewShotFile file) {
    List<Double> sums = new ArrayList<>();
    for (Sample sample : file.samples()) {
      for (String choice : sample.choices()) {
        Continuation continuation = Continuation.of(sample.prompt(), " " + choice);
        sums.add(model.logProbabilities(List.of(continuation)).get(0).sum());
      }
    }
    return sums;
  }

  @Override
  public void close() {
    model.close();
  }
}

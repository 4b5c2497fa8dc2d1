package org.alignment4j.eval.solve;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Answer;
import org.alignment4j.api.evaluation.Benchmark;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.api.model.Model;

/** The shortest way from a benchmark and a model to estimates. */
public final class BenchmarkRun {

  private BenchmarkRun() {}

  /** The results of all samples, asked in one call. */
  public static List<SampleResult> results(Benchmark benchmark, Model model) {
    List<Sample> samples = benchmark.samples().toList();
    List<Answer> answers = benchmark.solver().solve(samples, model, CancellationToken.none());
    List<SampleResult> results = new ArrayList<>();
    for (int i = 0; i < samples.size(); i++) {
      Sample sample = samples.get(i);
      results.add(
          new SampleResult(
              sample.id(),
              sample.cluster(),
              benchmark.scorer().score(sample, answers.get(i), CancellationToken.none()),
              sample.metadata()));
    }
    return results;
  }

  /** The estimates over all samples. */
  public static Map<String, Estimate> estimates(Benchmark benchmark, Model model) {
    return benchmark.estimate(results(benchmark, model));
  }
}

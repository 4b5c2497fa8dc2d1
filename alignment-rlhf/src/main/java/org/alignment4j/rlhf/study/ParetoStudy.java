package org.alignment4j.rlhf.study;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.rlhf.RewardFunction;
import org.alignment4j.rlhf.merge.MergeWeights;
import org.alignment4j.rlhf.merge.ModelMerge;
import org.alignment4j.runtime.DecoderModel;
import org.apiguardian.api.API;

/**
 * Finds which of several models no other beats, where several rewards count: models that are given,
 * and merges over a grid of weights (rewarded soups, Ramé et al. 2023, arXiv 2306.04488). All are
 * sampled on the same held-out prompts with the same random numbers. Immutable.
 *
 * <pre>{@code
 * ParetoFront front =
 *     ParetoStudy.of(heldOut)
 *         .objective(RewardFunction.of("helpful", helpfulness))
 *         .objective(RewardFunction.of("harmless", harmlessness))
 *         .sweep("soup", ModelMerge.soup().member("helpful", a, 1).member("harmless", b, 0), 10)
 *         .candidate("base", base)
 *         .journal(folder.resolve("pareto.jsonl"))
 *         .run();
 * front.report("Helpful and harmless").write(folder.resolve("pareto.html"));
 * }</pre>
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ParetoStudy extends Study<ParetoStudy> {

  private static final int SAMPLES = 4;
  private static final MathContext SHOWN = new MathContext(3);

  private final List<StudyObjective> objectives;
  private final List<Candidate> candidates;

  private ParetoStudy(
      StudyOptions options, List<StudyObjective> objectives, List<Candidate> candidates) {
    super(options);
    this.objectives = List.copyOf(objectives);
    this.candidates = List.copyOf(candidates);
  }

  /**
   * Returns a study with 4 answers to every prompt, without objectives and candidates yet.
   *
   * @param prompts held-out prompts, all different
   * @return the study
   * @throws IllegalArgumentException when there is none, or two are the same
   */
  public static ParetoStudy of(List<? extends Prompt> prompts) {
    return new ParetoStudy(defaults(prompts, SAMPLES), List.of(), List.of());
  }

  @Override
  ParetoStudy with(StudyOptions newOptions) {
    return new ParetoStudy(newOptions, objectives, candidates);
  }

  /**
   * Returns a study with one more objective.
   *
   * @param objective scores answers, more being better; a cost is negated first. Answers it does
   *     not apply to are left out of its mean; they are counted as unscored unless it applies to no
   *     answer of any candidate to their prompt, which is then one it is not about
   * @return the study
   * @throws IllegalArgumentException when another has its name
   */
  public ParetoStudy objective(RewardFunction objective) {
    return with(new StudyObjective.OfRewards(objective));
  }

  /**
   * Returns a study with one more objective that is a share, such as of requests that are refused.
   * Its interval is Wilson's with the answers to one prompt as one cluster, {@link
   * org.alignment4j.core.statistics.Estimates#clusteredProportion(double[], int[])}: it stays
   * inside [0, 1] and does not vanish at either end.
   *
   * @param objective scores answers from 0, a failure, to 1, a success; of those it does not apply
   *     to, see {@link #objective}
   * @return the study; {@link #run} refuses scores outside [0, 1] with {@link
   *     org.alignment4j.api.ModelExecutionException}
   * @throws IllegalArgumentException when another has its name
   */
  public ParetoStudy share(RewardFunction objective) {
    return with(new StudyObjective.OfShares(objective));
  }

  private ParetoStudy with(StudyObjective objective) {
    if (objectives.stream().anyMatch(o -> o.name().equals(objective.name()))) {
      throw new IllegalArgumentException(
          "objectives must have different names but two are called '" + objective.name() + "'");
    }
    List<StudyObjective> more = new ArrayList<>(objectives);
    more.add(objective);
    return new ParetoStudy(options(), more, candidates);
  }

  /**
   * Returns a study with one more candidate.
   *
   * @param name what it is called
   * @param model the model; open until {@link #run} returns, closed by the caller
   * @return the study
   * @throws IllegalArgumentException when another has its name
   */
  public ParetoStudy candidate(String name, LanguageModel model) {
    return and(List.of(new Candidate.Given(name, Objects.requireNonNull(model, "model"))));
  }

  /**
   * Returns a study with one more candidate that is opened only when its turn comes, and closed
   * after it.
   *
   * @param name what it is called
   * @param open gives the model
   * @return the study
   * @throws IllegalArgumentException when another has its name
   */
  public ParetoStudy candidate(String name, Supplier<DecoderModel> open) {
    return and(List.of(new Candidate.Opened(name, Map.of(), open)));
  }

  /**
   * Returns a study of merges with all weights on the simplex that are multiples of {@code
   * 1/divisions}; each is merged when its turn comes and closed after it. Merges are called by
   * their weights in the order of the members, such as {@code soup 0.7/0.3}.
   *
   * @param name what the sweep is called
   * @param merge method and members, whose weights do not matter; the members are open until {@link
   *     #run} returns
   * @param divisions steps from one member to another, at least 1
   * @return the study
   * @throws IllegalArgumentException when the number is below 1, or another candidate has a name of
   *     one of them
   */
  public ParetoStudy sweep(String name, ModelMerge<DecoderModel> merge, int divisions) {
    List<Candidate> sweep = new ArrayList<>();
    List<String> members = merge.names();
    for (double[] weights : MergeWeights.grid(members.size(), divisions)) {
      Map<String, Double> named = new LinkedHashMap<>();
      List<String> shown = new ArrayList<>();
      for (int k = 0; k < weights.length; k++) {
        named.put(members.get(k), weights[k]);
        shown.add(BigDecimal.valueOf(weights[k]).round(SHOWN).stripTrailingZeros().toPlainString());
      }
      sweep.add(
          new Candidate.Opened(
              name + " " + String.join("/", shown),
              named,
              () -> merge.weights(weights).merge().model()));
    }
    return and(sweep);
  }

  private ParetoStudy and(List<? extends Candidate> added) {
    List<Candidate> more = new ArrayList<>(candidates);
    for (Candidate candidate : added) {
      Objects.requireNonNull(candidate.name(), "name");
      if (more.stream().anyMatch(c -> c.name().equals(candidate.name()))) {
        throw new IllegalArgumentException(
            "candidates must have different names but two are called '" + candidate.name() + "'");
      }
      more.add(candidate);
    }
    return new ParetoStudy(options(), objectives, more);
  }

  /**
   * Samples and scores every candidate.
   *
   * @return the front
   * @throws IllegalArgumentException when there is no objective or no candidate, an objective
   *     applies to no answer of a candidate, or a prompt does not fit a model
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when a model fails, or a reward is not
   *     finite; the message names objective, prompt and sample
   * @throws org.alignment4j.api.RunFolderException when the journal cannot be used
   */
  public ParetoFront run() {
    if (objectives.isEmpty()) {
      throw new IllegalArgumentException(
          "a Pareto study needs objectives; give them by objective(…) or share(…)");
    }
    if (candidates.isEmpty()) {
      throw new IllegalArgumentException(
          "a Pareto study needs candidates; give them by candidate(…) or sweep(…)");
    }
    StudyOptions options = options();
    long answers = (long) candidates.size() * options.prompts().size() * options.samples();
    List<CandidateScores> scored = new ArrayList<>();
    try (AnswerSampler sampler =
        new AnswerSampler(
            options,
            new StudyProgress("pareto", answers, options.progress(), options.nanoClock()))) {
      for (Candidate candidate : candidates) {
        scored.add(
            candidate.use(
                model -> CandidateScores.of(candidate, model, sampler, options, objectives)));
      }
    }
    return front(scored);
  }

  private ParetoFront front(List<CandidateScores> scored) {
    double[][] means = scored.stream().map(CandidateScores::means).toArray(double[][]::new);
    boolean[] dominated = Dominance.of(means);
    boolean[][] about = CandidateScores.about(scored);
    List<ParetoPoint> points = new ArrayList<>();
    for (int i = 0; i < dominated.length; i++) {
      points.add(scored.get(i).point(objectives, about, dominated[i]));
    }
    return new ParetoFront(
        objectives.stream().map(StudyObjective::name).toList(),
        points,
        hypervolume(scored, means),
        settings());
  }

  private Optional<Hypervolume> hypervolume(List<CandidateScores> scored, double[][] means) {
    if (objectives.size() != 2) {
      return Optional.empty();
    }
    double x = Arrays.stream(means).mapToDouble(m -> m[0]).min().orElseThrow();
    double y = Arrays.stream(means).mapToDouble(m -> m[1]).min().orElseThrow();
    Bootstrap.Result area =
        Bootstrap.seeded(options().seed())
            .of(
                options().prompts().size(),
                prompts ->
                    Hypervolume.area(
                        scored.stream().map(s -> s.means(prompts)).toArray(double[][]::new), x, y));
    return Optional.of(new Hypervolume(List.of(x, y), area.estimate()));
  }

  private Map<String, String> settings() {
    StudyOptions o = options();
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("prompts", Integer.toString(o.prompts().size()));
    settings.put("answers a prompt", Integer.toString(o.samples()));
    settings.put("most tokens", Integer.toString(o.rollouts().maxNewTokens()));
    settings.put("temperature", Double.toString(o.rollouts().temperature()));
    settings.put("seed", Long.toString(o.seed()));
    return settings;
  }
}

package org.alignment4j.rlhf.study;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.rlhf.RewardFunction;
import org.alignment4j.rlhf.Rollout;
import org.alignment4j.rlhf.RolloutOptions;
import org.alignment4j.runtime.DecoderModel;
import org.apiguardian.api.API;

/**
 * Studies how a proxy reward is overoptimised (Gao et al. 2022, arXiv 2210.10760): gold and proxy
 * reward against d = √KL(π‖π₀), for the best of n by the proxy, estimated without bias from one
 * pool of samples of the initial policy, and for checkpoints of a run of reinforcement learning,
 * whose divergence is measured on their own samples. Curves are fitted to both. Immutable.
 *
 * <pre>{@code
 * OveroptimisationResult result =
 *     OveroptimisationStudy.of(base, heldOut, RewardFunction.of("proxy", proxy), gold)
 *         .samples(64)
 *         .checkpoint("step 100", afterHundred)
 *         .checkpoint("step 200", afterTwoHundred)
 *         .checkpoint("step 400", afterFourHundred)
 *         .journal(folder.resolve("answers.jsonl"))
 *         .run();
 * result.report("Overoptimisation").write(folder.resolve("overoptimisation.html"));
 * }</pre>
 *
 * <p>{@link #samples} counts the answers of the initial policy to each prompt, from which the best
 * of up to as many is estimated. The gold reward may be a large reward model or a function without
 * noise; both rewards are standardised by their mean and deviation under the initial policy.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class OveroptimisationStudy extends Study<OveroptimisationStudy> {

  private static final int SAMPLES = 64;
  private static final int CHECKPOINT_SAMPLES = 4;
  private static final int LEAST_CHECKPOINTS = 3;
  private static final int RESAMPLES = 2000;
  private static final double LEVEL = 0.95;

  private final DecoderModel base;
  private final RewardFunction proxy;
  private final RewardFunction gold;
  private final List<Candidate> checkpoints;
  private final int checkpointSamples;

  private OveroptimisationStudy(
      StudyOptions options,
      DecoderModel base,
      RewardFunction proxy,
      RewardFunction gold,
      List<Candidate> checkpoints,
      int checkpointSamples) {
    super(options);
    this.base = Objects.requireNonNull(base, "base");
    this.proxy = Objects.requireNonNull(proxy, "proxy");
    this.gold = Objects.requireNonNull(gold, "gold");
    this.checkpoints = List.copyOf(checkpoints);
    this.checkpointSamples = checkpointSamples;
  }

  /**
   * Returns a study of best of n with 64 answers to every prompt.
   *
   * @param base the initial policy π₀; open until {@link #run} returns
   * @param prompts held-out prompts, all different
   * @param proxy the reward that is optimised; applies to every answer
   * @param gold the reward that counts; applies to every answer
   * @return the study
   * @throws IllegalArgumentException when there is no prompt, or two are the same
   */
  public static OveroptimisationStudy of(
      DecoderModel base,
      List<? extends Prompt> prompts,
      RewardFunction proxy,
      RewardFunction gold) {
    return new OveroptimisationStudy(
        defaults(prompts, SAMPLES), base, proxy, gold, List.of(), CHECKPOINT_SAMPLES);
  }

  @Override
  OveroptimisationStudy with(StudyOptions newOptions) {
    return new OveroptimisationStudy(newOptions, base, proxy, gold, checkpoints, checkpointSamples);
  }

  /**
   * Returns a study with one more checkpoint of a run that maximised the proxy from {@code base}
   * on.
   *
   * @param name what it is called
   * @param policy the model as it was then; open until {@link #run} returns, closed by the caller
   * @return the study
   * @throws IllegalArgumentException when another has its name, or it has other tokens
   */
  public OveroptimisationStudy checkpoint(String name, DecoderModel policy) {
    SharedTokens.require(base, name, Objects.requireNonNull(policy, "policy"));
    return and(new Candidate.Given(name, policy));
  }

  /**
   * Returns a study with one more checkpoint that is opened only when its turn comes, and closed
   * after it.
   *
   * @param name what it is called
   * @param open gives the model as it was then
   * @return the study
   * @throws IllegalArgumentException when another has its name
   */
  public OveroptimisationStudy checkpoint(String name, Supplier<DecoderModel> open) {
    return and(new Candidate.Opened(name, Map.of(), open));
  }

  private OveroptimisationStudy and(Candidate checkpoint) {
    Objects.requireNonNull(checkpoint.name(), "name");
    if (checkpoints.stream().anyMatch(c -> c.name().equals(checkpoint.name()))) {
      throw new IllegalArgumentException(
          "checkpoints must have different names but two are called '" + checkpoint.name() + "'");
    }
    List<Candidate> more = new ArrayList<>(checkpoints);
    more.add(checkpoint);
    return new OveroptimisationStudy(options(), base, proxy, gold, more, checkpointSamples);
  }

  /**
   * Returns a study with another number of answers of a checkpoint to every prompt, by default 4.
   *
   * @param count at least 1
   * @return the study
   * @throws IllegalArgumentException when it is below 1
   */
  public OveroptimisationStudy checkpointSamples(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("checkpointSamples must be at least 1 but was " + count);
    }
    return new OveroptimisationStudy(options(), base, proxy, gold, checkpoints, count);
  }

  /**
   * Samples, scores and fits.
   *
   * @return a curve of best of n, and one of the checkpoints where there are any
   * @throws IllegalArgumentException when there are fewer than 2 samples or 1 or 2 checkpoints, the
   *     temperature is not 1 although there are checkpoints, proxy or gold reward do not vary under
   *     the initial policy, a checkpoint has other tokens than it, or a prompt does not fit the
   *     model
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when a model fails, or a reward is missing
   *     or not finite; the message names reward, prompt and sample
   * @throws org.alignment4j.api.RunFolderException when the journal cannot be used
   */
  public OveroptimisationResult run() {
    requireEnough();
    StudyOptions o = options();
    proxy.requireReadable(base, o.prompts());
    gold.requireReadable(base, o.prompts());
    long answers =
        (long) o.prompts().size() * (o.samples() + (long) checkpoints.size() * checkpointSamples);
    try (AnswerSampler sampler =
        new AnswerSampler(
            o, new StudyProgress("overoptimisation", answers, o.progress(), o.nanoClock()))) {
      AnswerTable pool = table(sampled(sampler, base, o.samples()), o.samples());
      InitialRewards initialProxy = initial("proxy", proxy, pool.proxy());
      InitialRewards initialGold = initial("gold", gold, pool.gold());
      Bootstrap bootstrap = new Bootstrap(RESAMPLES, o.seed(), LEVEL);
      List<OveroptimisationCurve> curves = new ArrayList<>();
      curves.add(
          new CurveTable(OveroptimisationForm.BEST_OF_N, bestOfN(pool), initialProxy, initialGold)
              .curve(bootstrap));
      if (!checkpoints.isEmpty()) {
        List<PointRow> rows = new ArrayList<>();
        for (Candidate checkpoint : checkpoints) {
          rows.add(checkpoint.use(policy -> measured(checkpoint.name(), policy, sampler, pool)));
        }
        rows.sort(Comparator.comparingDouble(PointRow::distance));
        curves.add(
            new CurveTable(OveroptimisationForm.REINFORCEMENT, rows, initialProxy, initialGold)
                .curve(bootstrap));
      }
      return new OveroptimisationResult(proxy.name(), gold.name(), curves, settings());
    }
  }

  private void requireEnough() {
    if (options().samples() < 2) {
      throw new IllegalArgumentException(
          "samples must be at least 2 to choose the best of them but was " + options().samples());
    }
    if (checkpoints.isEmpty()) {
      return;
    }
    if (checkpoints.size() < LEAST_CHECKPOINTS) {
      throw new IllegalArgumentException(
          "checkpoints must be at least %s to fit a curve but there are %s; give more of the run's, or"
                  .formatted(LEAST_CHECKPOINTS, checkpoints.size())
              + " none");
    }
    RolloutOptions rollouts = options().rollouts();
    if (rollouts.temperature() != 1) {
      throw new IllegalArgumentException(
          "temperature must be 1 where checkpoints are studied, since the divergence is that of the"
              + " models' own distributions, but was "
              + rollouts.temperature());
    }
  }

  private List<AnswerSampler.Answer> sampled(
      AnswerSampler sampler, LanguageModel policy, int samples) {
    return sampler.sample(policy, sampler.sampling().logProbs(true).build(), samples);
  }

  private AnswerTable table(List<AnswerSampler.Answer> answers, int samples) {
    return AnswerTable.of(answers, samples, proxy, gold, options().cancellation());
  }

  private static InitialRewards initial(String role, RewardFunction function, double[][] rewards) {
    InitialRewards initial = InitialRewards.of(rewards);
    double first = rewards[0][0];
    if (Arrays.stream(rewards).flatMapToDouble(Arrays::stream).allMatch(r -> r == first)) {
      throw new IllegalArgumentException(
          "the %s reward '%s' must vary under the initial policy to be standardised but is %s for"
                  .formatted(role, function.name(), first)
              + " every answer");
    }
    return initial;
  }

  /** Powers of two, and all samples. */
  private List<PointRow> bestOfN(AnswerTable pool) {
    double[][] wins = pool.wins(pool);
    int most = options().samples();
    return IntStream.concat(IntStream.iterate(1, n -> n < most, n -> 2 * n), IntStream.of(most))
        .mapToObj(n -> pool.bestOf(n, wins))
        .toList();
  }

  private PointRow measured(
      String name, LanguageModel policy, AnswerSampler sampler, AnswerTable pool) {
    SharedTokens.require(base, name, policy);
    List<AnswerSampler.Answer> answers = sampled(sampler, policy, checkpointSamples);
    AnswerTable own = table(answers, checkpointSamples);
    List<Continuation> continuations = new ArrayList<>();
    for (AnswerSampler.Answer answer : answers) {
      Rollout rollout = answer.rollout();
      continuations.add(Continuation.of(Prompt.tokens(rollout.promptTokens()), rollout.tokens()));
    }
    List<ContinuationScore> scores = base.logProbabilities(continuations, options().cancellation());
    double[][] reference =
        AnswerTable.rows(
            scores.stream().mapToDouble(ContinuationScore::sum).toArray(), checkpointSamples);
    double[] kl = AnswerTable.means(own.logProbs());
    double[] initial = AnswerTable.means(reference);
    Arrays.setAll(kl, p -> kl[p] - initial[p]);
    return new PointRow(
        name,
        null,
        kl,
        AnswerTable.means(own.proxy()),
        AnswerTable.means(own.gold()),
        AnswerTable.means(own.length()),
        AnswerTable.means(own.surprise()),
        AnswerTable.means(own.wins(pool)));
  }

  private Map<String, String> settings() {
    StudyOptions o = options();
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("initial policy", base.id());
    settings.put("prompts", Integer.toString(o.prompts().size()));
    settings.put("answers a prompt", Integer.toString(o.samples()));
    if (!checkpoints.isEmpty()) {
      settings.put("answers of a checkpoint", Integer.toString(checkpointSamples));
    }
    settings.put("most tokens", Integer.toString(o.rollouts().maxNewTokens()));
    settings.put("temperature", Double.toString(o.rollouts().temperature()));
    settings.put("seed", Long.toString(o.seed()));
    return settings;
  }
}

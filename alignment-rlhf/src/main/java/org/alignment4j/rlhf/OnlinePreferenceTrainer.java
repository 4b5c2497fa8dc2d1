package org.alignment4j.rlhf;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.reward.PreferenceLabeler;
import org.alignment4j.api.training.Learner;
import org.alignment4j.rlhf.advantage.MissingEos;
import org.alignment4j.rlhf.data.EncodingReport;
import org.alignment4j.rlhf.data.Epochs;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.runtime.DecoderModel;
import org.apiguardian.api.API;

/**
 * Online preference optimisation, with DPO's loss online DPO (OAIF: Guo et al. 2024, arXiv
 * 2402.04792): before each update the policy answers prompts several times, a reward or a judge
 * says which of its answers are the best and the worst to each prompt, and one step of a preference
 * loss follows, against the model that training starts from or {@linkplain #reference(DecoderModel)
 * another}. No gradient passes through sampling. Immutable.
 *
 * <pre>{@code
 * DecoderModel policy =
 *     OnlinePreferenceTrainer.of(base, PreferenceLoss.dpo(0.1))
 *         .judge("helpful", PairwiseJudge.of(judge, "helpfulness"))
 *         .adapter(Lora.rank(16))
 *         .learningRate(1e-5)
 *         .train(prompts)
 *         .model();
 * }</pre>
 *
 * <p>{@link #batchSize} counts the prompts of an update and {@link #epochs} passes over the
 * prompts; limits of the examples' length are refused, {@link #rollouts} bounds the answers. Loss
 * and reference see the distribution that is sampled from: logits over the temperature. Prompts are
 * left out of an update when best and worst have the same tokens, when they score the same (see
 * {@link Ties}) and when fewer than two answers have a score; where none is left, the weights stay
 * as they are.
 *
 * <p>Metrics of an update: those of {@link PreferenceTrainer} over its pairs, absent where there is
 * none; {@code objective/scores}, {@code objective/scores_margin} of best and worst, {@code
 * rewards/NAME/mean} and {@code rewards/NAME/std}; {@code objective/kl} from the reference and
 * {@code objective/entropy}, as sampled, in nats for each answer; {@code
 * objective/non_score_reward} −β·KL and {@code objective/rlhf_reward} with it, which like the
 * scores is absent where no answer has one; {@code val/contain_eos_token}, the share of answers
 * that the length limit did not end; {@code completions/mean_length}; and of the prompts the shares
 * {@code pairs/kept}, {@code pairs/ties}, {@code pairs/identical} and {@code pairs/unscored}.
 *
 * <p>A run with a folder that was killed or cancelled continues from its newest checkpoint and ends
 * in the same bits where reward or judge say the same again.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class OnlinePreferenceTrainer extends ReferencedTrainer<OnlinePreferenceTrainer> {

  private static final String TASK = "online preferences";

  private final ReferenceModel reference;
  private final PreferenceLoss loss;
  private final OnlineSampling sampling;

  private OnlinePreferenceTrainer(
      ReferenceModel reference,
      PreferenceLoss loss,
      OnlineSampling sampling,
      FineTuningOptions options) {
    super(options);
    this.reference = reference;
    this.loss = Objects.requireNonNull(loss, "loss");
    this.sampling = sampling;
  }

  /**
   * Returns a trainer with a learning rate of 5e-7 that samples two answers of up to 64 tokens at
   * temperature 0.9, and otherwise the settings of {@link FineTuningOptions#of}. Adapters need a
   * higher rate, such as 1e-5. It has neither reward nor judge yet.
   *
   * @param base where training starts, and the reference of a loss that uses one unless another is
   *     given; left as it is
   * @param loss what is minimised
   * @return the trainer
   */
  public static OnlinePreferenceTrainer of(DecoderModel base, PreferenceLoss loss) {
    OnlineSampling sampling =
        new OnlineSampling(new RolloutOptions(64, 0.9), 2, Ties.DROP, PolicyRewards.none(), null);
    return new OnlinePreferenceTrainer(
        new ReferenceModel(Objects.requireNonNull(base, "base")),
        loss,
        sampling,
        FineTuningOptions.of(5e-7));
  }

  /**
   * Returns this training as a learner from prompts, whose caller gives the model, the seed and the
   * run folder.
   *
   * @param loss what is minimised
   * @param settings everything else, a reward or a judge among it
   * @return a learner of {@link DecoderModel}s
   */
  public static Learner<Prompt> learner(
      PreferenceLoss loss, UnaryOperator<OnlinePreferenceTrainer> settings) {
    return (model, prompts, context) -> {
      OnlinePreferenceTrainer trainer = settings.apply(of(TrainingRun.decoder(model), loss));
      return trainer.options(trainer.options().withContext(context)).train(prompts).model();
    };
  }

  @Override
  public OnlinePreferenceTrainer options(FineTuningOptions newOptions) {
    return new OnlinePreferenceTrainer(reference, loss, sampling, newOptions);
  }

  @Override
  OnlinePreferenceTrainer measuredAgainst(DecoderModel other) {
    requireUsed(loss.usesReference(), loss);
    return new OnlinePreferenceTrainer(reference.instead(other), loss, sampling, options());
  }

  private OnlinePreferenceTrainer with(OnlineSampling newSampling) {
    return new OnlinePreferenceTrainer(reference, loss, newSampling, options());
  }

  /**
   * Returns a trainer with one more reward, of weight 1.
   *
   * @param function scores answers
   * @return the trainer
   * @throws IllegalArgumentException when another reward has its name
   */
  public OnlinePreferenceTrainer reward(RewardFunction function) {
    return reward(function, 1);
  }

  /**
   * Returns a trainer with one more reward.
   *
   * @param function scores answers
   * @param weight its weight in the sum, finite
   * @return the trainer
   * @throws IllegalArgumentException when another reward has its name or the weight is not finite
   */
  public OnlinePreferenceTrainer reward(RewardFunction function, double weight) {
    return with(sampling.with(sampling.rewards().and(new WeightedReward(function, weight))));
  }

  /**
   * Returns a trainer whose answers a judge compares, each pair in both orders: with k answers to a
   * prompt k·(k − 1) questions. An answer's score is its mean probability of being the better one.
   *
   * @param name what metrics call it
   * @param judge says how likely the first of two answers is better
   * @return the trainer
   */
  public OnlinePreferenceTrainer judge(String name, PreferenceLabeler judge) {
    return with(sampling.with(new OnlineSampling.Judge(name, judge)));
  }

  /**
   * Returns a trainer that takes something off the score of answers that the length limit ended,
   * before they are compared.
   *
   * @param penalty not negative
   * @return the trainer
   * @throws IllegalArgumentException when the penalty is negative or not finite
   */
  public OnlinePreferenceTrainer missingEndPenalty(double penalty) {
    return with(sampling.with(sampling.rewards().withMissingEnd(MissingEos.subtract(penalty))));
  }

  /**
   * Returns a trainer that samples so many answers to each prompt and learns from the best and the
   * worst.
   *
   * @param perPrompt at least 2
   * @return the trainer
   * @throws IllegalArgumentException when it is less
   */
  public OnlinePreferenceTrainer samples(int perPrompt) {
    return with(sampling.withSamples(perPrompt));
  }

  /**
   * Returns a trainer with another rule for answers that score the same.
   *
   * @param ties what becomes of them; {@link Ties#DROP} is the default
   * @return the trainer
   */
  public OnlinePreferenceTrainer ties(Ties ties) {
    return with(sampling.with(Objects.requireNonNull(ties, "ties")));
  }

  /**
   * Returns a trainer that samples in another way.
   *
   * @param rollouts length, and temperature of sampling, loss and reference
   * @return the trainer
   */
  public OnlinePreferenceTrainer rollouts(RolloutOptions rollouts) {
    return with(sampling.with(Objects.requireNonNull(rollouts, "rollouts")));
  }

  /**
   * Learns from answers to prompts.
   *
   * @param prompts at least one
   * @return a new model and the metrics of every update
   * @throws IllegalArgumentException when there is no prompt, neither or both of reward and judge,
   *     there are limits of the examples' length, a prompt leaves no room for a completion in the
   *     context of the model, named by its index, or of a given reference, or a reward is not
   *     finite, named by function, sample and step
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when a judge or a reward function fails
   * @throws org.alignment4j.api.TrainingDivergedException when the loss stops being finite
   * @throws org.alignment4j.api.RunFolderException when the run folder cannot be used
   */
  public FineTuningResult train(List<? extends Prompt> prompts) {
    AnswerScoring scoring = sampling.scoring();
    if (prompts.isEmpty()) {
      throw new IllegalArgumentException("prompts must hold at least one but hold none");
    }
    FineTuningOptions o = options();
    DecoderModel base = reference.base();
    Encoders.requireNoLimits(o);
    int count = prompts.size();
    RolloutOptions rollouts = sampling.rollouts();
    RolloutSampler sampler =
        new RolloutSampler(base, new ArrayList<>(prompts), rollouts, sampling.samples(), o.seed());
    sampling.rewards().requireReadable(base, prompts);
    sampling.rewards().memory().forget();
    TemperedObjective objective =
        new TemperedObjective(new PreferenceObjective(loss, false), rollouts.temperature());
    DecoderModel other = reference.model(sampler.longest());
    try (FrozenPolicy frozen =
        loss.usesReference() ? new FrozenPolicy(other, rollouts.temperature()) : null) {
      OnlineSource source =
          new OnlineSource(
              base,
              loss,
              sampler,
              scoring,
              sampling.ties(),
              new RolloutWarnings(sampling.rewards(), true),
              frozen,
              RowPlans.ofTwoAnswers(
                  sampler.longest(), rollouts.maxNewTokens(), base.architecture().config()),
              new Epochs(count, o.batchSize(), o.epochs(), o.seed()),
              o.cancellation());
      return new TrainingRun(TASK, base, o)
          .train(
              objective,
              ReferencedSource.of(source, reference),
              new EncodingReport(count, count, 0, 0, 0, List.of()));
    }
  }
}

package org.alignment4j.rlhf;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.reward.Comparison;
import org.alignment4j.rlhf.advantage.GroupFilter;
import org.alignment4j.rlhf.advantage.KlController;
import org.alignment4j.rlhf.advantage.LagrangeMultiplier;
import org.alignment4j.rlhf.advantage.RewardClip;
import org.alignment4j.rlhf.advantage.Variance;
import org.alignment4j.rlhf.feedback.IlfPipeline;
import org.alignment4j.rlhf.feedback.IlfTrainer;
import org.alignment4j.rlhf.feedback.RefinementScorer;
import org.alignment4j.rlhf.feedback.Scripted;
import org.alignment4j.rlhf.feedback.TersePrompts;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.rlhf.selection.Selection;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.RunEnd;

/** Trainers that learn from answers of the model that is trained. */
final class SamplingTrainings {

  static final RolloutOptions ROLLOUTS = RolloutOptions.of(3);

  /** Long enough to be stopped in the middle of. */
  private static final long SCORING_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

  private SamplingTrainings() {}

  static List<Training> all() {
    return List.of(
        Trainings.sampling(
            "online dpo by a judge",
            base -> online(base).judge("longer", SamplingTrainings::judge),
            OnlinePreferenceTrainer::train),
        Trainings.sampling(
            "online dpo by a whitened reward",
            base -> online(base).reward(WhitenedReward.of(reward())),
            OnlinePreferenceTrainer::train),
        Trainings.sampling("raft", base -> raft(base), RaftTrainer::train),
        Trainings.sampling(
            "raft from the base",
            base ->
                raft(base)
                    .startFrom(IterationStart.BASE)
                    .select(Selection.bestPerPrompt().klAware(0.1)),
            RaftTrainer::train),
        Trainings.sampling(
            "raft by a whitened reward",
            base ->
                raft(
                    RaftTrainer.of(base)
                        .reward(WhitenedReward.of(RewardFunction.each("again", r -> scored(r))))),
            RaftTrainer::train),
        policy("grpo", base -> of(base, PolicyMethod.grpo().withGroupSize(3))),
        Trainings.sampling(
            "grpo of every weight",
            base -> of(base, PolicyMethod.grpo().withGroupSize(3)),
            (t, prompts) -> t.options(t.options().withAdapter(null)).train(prompts)),
        policy("rloo", base -> of(base, PolicyMethod.rloo().withGroupSize(3))),
        policy(
            "dapo with resampling",
            base ->
                of(
                    base,
                    PolicyMethod.dapo()
                        .withGroups(GroupSampling.of(2).withFilter(GroupFilter.exact(), 3)))),
        policy(
            "grpo of a whitened reward",
            base ->
                PolicyTrainer.of(base, PolicyMethod.grpo().withGroupSize(3))
                    .reward(WhitenedReward.of(reward()))
                    .rollouts(ROLLOUTS)),
        policy("ppo with a critic", SamplingTrainings::ppo),
        policy("ppo-lagrangian", SamplingTrainings::lagrangian),
        new Training("ilf", Training.Kind.LANGUAGE, true, SamplingTrainings::ilf));
  }

  private static Training policy(
      String name, java.util.function.Function<DecoderModel, PolicyTrainer> trainer) {
    return Trainings.sampling(name, trainer, PolicyTrainer::train);
  }

  static OnlinePreferenceTrainer online(DecoderModel base) {
    return OnlinePreferenceTrainer.of(base, PreferenceLoss.dpo(0.1)).rollouts(ROLLOUTS);
  }

  static RaftTrainer raft(DecoderModel base) {
    return raft(RaftTrainer.of(base));
  }

  static RaftTrainer raft(RaftTrainer plain) {
    return plain
        .reward(reward())
        .rollouts(ROLLOUTS)
        .samples(3)
        .truncated(TruncatedAnswers.KEEP)
        .iterations(4);
  }

  static PolicyTrainer of(DecoderModel base, PolicyMethod method) {
    return PolicyTrainer.of(base, method).reward(reward()).rollouts(ROLLOUTS);
  }

  private static Critic critic() {
    return Critic.safeRlhf().adapter(Lora.rank(2)).learningRate(1e-3);
  }

  private static PolicyTrainer ppo(DecoderModel base) {
    return of(base, PolicyMethod.ppo().withKl(KlController.adaptive()).withUpdates(2, 2))
        .critic(Critic.standard().learningRate(1e-2))
        .normalise(new RewardNormaliser(Variance.BESSEL, new RewardClip(3)));
  }

  private static PolicyTrainer lagrangian(DecoderModel base) {
    return of(base, PolicyVariants.ppoLagrangian().withUpdates(2, 1))
        .critic(critic())
        .constraint(
            new CostConstraint(
                RewardFunction.each("odd", r -> r.tokens().get(0) % 2),
                LagrangeMultiplier.standard(0),
                critic()));
  }

  /** Depends on every answer, so that hardly two are worth the same. */
  static RewardFunction reward() {
    return RewardFunction.each("letters", SamplingTrainings::scored);
  }

  private static double scored(Rollout rollout) {
    LockSupport.parkNanos(SCORING_NANOS);
    return rollout.text().length() + rollout.tokens().get(0) % 7 / 10.0;
  }

  static List<OptionalDouble> judge(List<Comparison> comparisons, CancellationToken cancellation) {
    LockSupport.parkNanos(SCORING_NANOS);
    return comparisons.stream()
        .map(c -> OptionalDouble.of(c.first().length() >= c.second().length() ? 1 : 0))
        .toList();
  }

  /** Two rounds of two prompts. */
  private static Training.Outcome ilf(DecoderModel base, UnaryOperator<FineTuningOptions> options)
      throws Exception {
    FineTuningOptions asked = options.apply(FineTuningOptions.of(1));
    Path folder = asked.runFolder();
    IlfTrainer trainer =
        new IlfTrainer(
            IlfPipeline.of(RefinementScorer.cosine("length", t -> new double[] {t.length(), 10}))
                .candidates(2)
                .options(SamplingOptions.sampling(4, asked.seed()))
                .prompts(new TersePrompts()),
            new Scripted((prompt, sample) -> "Say more."),
            sft -> sft.options(options.apply(Trainings.shared(sft.options()))),
            folder == null ? Files.createTempDirectory("ilf") : folder);
    var rounds = List.of(Trainings.prompts(), Trainings.prompts().subList(1, 4));
    IlfTrainer.Result result = trainer.train(base, rounds, asked.cancellation());
    try (DecoderModel model = result.model()) {
      return new Training.Outcome(model.id(), List.of(), RunEnd.afterAll(0));
    }
  }
}

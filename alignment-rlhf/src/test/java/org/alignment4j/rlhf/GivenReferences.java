package org.alignment4j.rlhf;

import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.api.reward.Ranking;
import org.alignment4j.api.reward.UnpairedLabel;
import org.alignment4j.rlhf.advantage.KlController;
import org.alignment4j.rlhf.data.RatedAnswer;
import org.alignment4j.rlhf.data.SequenceLimits;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.rlhf.loss.RankingLoss;
import org.alignment4j.rlhf.loss.UnpairedLoss;
import org.alignment4j.rlhf.policy.PolicyLoss;
import org.alignment4j.runtime.DecoderModel;
import org.jspecify.annotations.Nullable;

/** For tests: every trainer that measures against a reference, with six examples each. */
final class GivenReferences {

  static final double BETA = 0.3;
  static final RolloutOptions SAMPLED = new RolloutOptions(10, 1);

  static final List<Prompt> PROMPTS =
      Stream.of("Tim", "Lily", "Ben", "Sue", "Tom", "Mia")
          .<Prompt>map(name -> Prompt.text("One day " + name + " saw"))
          .toList();

  static final List<PreferencePair> PAIRS =
      PROMPTS.stream()
          .map(p -> new PreferencePair(p, " a big red ball.", " nothing and went home."))
          .toList();

  static final List<UnpairedLabel> LABELS =
      PROMPTS.stream()
          .flatMap(
              p ->
                  Stream.of(
                      new UnpairedLabel(p, " a big red ball.", true),
                      new UnpairedLabel(p, " nothing.", false)))
          .toList();

  static final List<Ranking> RANKINGS =
      PROMPTS.stream()
          .map(p -> Ranking.ordered(p, List.of(" a big red ball.", " a cat.", " nothing.")))
          .toList();

  /** The better answer to each prompt is worth a half more than its prompt. */
  static final List<RatedAnswer> RATED =
      PROMPTS.stream()
          .flatMap(
              p ->
                  Stream.of(
                      new RatedAnswer(new PromptCompletion(p, " a big red ball."), 1),
                      new RatedAnswer(new PromptCompletion(p, " nothing."), 0)))
          .toList();

  private GivenReferences() {}

  /**
   * Where training starts and what it is measured against.
   *
   * @param reference null for where it starts
   */
  record Setting(
      DecoderModel base,
      @Nullable DecoderModel reference,
      UnaryOperator<FineTuningOptions> options) {

    <T extends ReferencedTrainer<T>> T in(T trainer) {
      boolean samples =
          trainer instanceof PolicyTrainer || trainer instanceof OnlinePreferenceTrainer;
      T set =
          trainer.options(
              options.apply(
                  trainer
                      .options()
                      .withLimits(samples ? null : SequenceLimits.of(64))
                      .withLearningRate(1e-4)
                      .withBatchSize(12)
                      .withEpochs(3)
                      .withSeed(3)
                      .withCheckpointEvery(1)));
      return reference == null ? set : set.reference(reference);
    }
  }

  /** A trainer. */
  record Kind(String name, BiFunction<Setting, RewardFunction, FineTuningResult> training) {
    FineTuningResult train(Setting setting) {
      return train(setting, reward());
    }

    FineTuningResult train(Setting setting, RewardFunction reward) {
      return training.apply(setting, reward);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static RewardFunction reward() {
    return RewardFunction.each("first", GivenReferences::worth);
  }

  static double worth(Rollout rollout) {
    return rollout.tokens().get(0) + 0.01 * rollout.tokens().get(rollout.tokens().size() - 1);
  }

  static Stream<Kind> kinds() {
    return Stream.concat(offline(), sampling());
  }

  static Stream<Kind> offline() {
    return Stream.of(
        new Kind(
            "dpo",
            (s, r) -> s.in(PreferenceTrainer.of(s.base(), PreferenceLoss.dpo(BETA))).train(PAIRS)),
        new Kind(
            "weighted dpo",
            (s, r) ->
                s.in(PreferenceTrainer.of(s.base(), PreferenceLoss.dpo(BETA)))
                    .weighting(PairWeighting.PRESENT_POLICY)
                    .train(PAIRS)),
        new Kind(
            "apo",
            (s, r) -> s.in(UnpairedTrainer.of(s.base(), UnpairedLoss.apoZero(BETA))).train(LABELS)),
        new Kind(
            "kto",
            (s, r) -> s.in(UnpairedTrainer.of(s.base(), UnpairedLoss.kto(BETA))).train(LABELS)),
        new Kind(
            "matched bco",
            (s, r) ->
                s.in(UnpairedTrainer.of(s.base(), UnpairedLoss.bco(BETA)))
                    .distributionMatching(DistributionMatching.ofReference())
                    .train(LABELS)),
        new Kind(
            "plackett-luce",
            (s, r) ->
                s.in(RankingTrainer.of(s.base(), RankingLoss.plackettLuce(BETA))).train(RANKINGS)),
        new Kind(
            "a-lol",
            (s, r) ->
                s.in(AlolTrainer.of(s.base()))
                    .method(AlolMethod.kl(BETA))
                    .sampling(AlolSampling.UNIFORM)
                    .baseline(PromptBaseline.mean())
                    .train(RATED)),
        new Kind("a-lol by attention", (s, r) -> s.in(AlolTrainer.of(s.base())).train(RATED)));
  }

  static Stream<Kind> sampling() {
    return Stream.of(
        new Kind(
            "grpo",
            (s, r) ->
                s.in(
                        PolicyTrainer.of(
                            s.base(),
                            PolicyMethod.grpo().withGroupSize(2).withLoss(PolicyLoss.grpo(0.1))))
                    .reward(r)
                    .rollouts(SAMPLED)
                    .train(PROMPTS)),
        new Kind(
            "rloo with a penalty",
            (s, r) ->
                s.in(
                        PolicyTrainer.of(
                            s.base(),
                            PolicyMethod.rloo().withGroupSize(2).withKl(KlController.adaptive())))
                    .reward(r)
                    .rollouts(SAMPLED)
                    .train(PROMPTS)),
        new Kind(
            "online dpo",
            (s, r) ->
                s.in(OnlinePreferenceTrainer.of(s.base(), PreferenceLoss.dpo(BETA)))
                    .reward(r)
                    .rollouts(SAMPLED)
                    .train(PROMPTS)));
  }

  /** Kinds by their names. */
  static Stream<Kind> named(String... names) {
    return kinds().filter(k -> Set.of(names).contains(k.name()));
  }
}

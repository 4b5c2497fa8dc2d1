package org.alignment4j.rlhf;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.rlhf.advantage.Groups;
import org.alignment4j.rlhf.advantage.RewardComponent;
import org.alignment4j.rlhf.advantage.SequenceRewards;
import org.alignment4j.rlhf.advantage.TokenValues;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.jspecify.annotations.Nullable;

/**
 * Completions that were sampled and rewarded elsewhere, as those of a step.
 *
 * @param settings what is learned
 * @param vocabulary tokens that the policy knows
 * @param context most tokens of a prompt and its answer
 */
record GivenRollouts(PolicySettings settings, int vocabulary, int context) {

  /** Those that every network of a training can read. */
  static GivenRollouts of(PolicySettings settings, PolicyActor actor, List<PolicyCritic> critics) {
    DecoderConfig config = actor.start().architecture().config();
    int context = actor.context();
    for (PolicyCritic critic : critics) {
      context = Math.min(context, critic.context());
    }
    return new GivenRollouts(settings, config.vocabSize(), context);
  }

  /**
   * Checks and arranges them.
   *
   * @param step number of the step, for messages
   * @throws IllegalArgumentException when the method needs what they lack, a token is unknown, a
   *     prompt and its answer do not fit the context, or a reward is not finite, each by its place
   */
  ScoredStep scored(long step, List<RewardedGroup> groups) {
    requireEnough(groups);
    List<Rollout> rollouts = new ArrayList<>();
    List<RewardedAnswer> answers = new ArrayList<>();
    int[] groupOf = new int[groups.stream().mapToInt(g -> g.answers().size()).sum()];
    for (int g = 0; g < groups.size(); g++) {
      RewardedGroup group = groups.get(g);
      for (int i = 0; i < group.answers().size(); i++) {
        RewardedAnswer answer = group.answers().get(i);
        check(g, i, group.prompt(), answer);
        checkRewards(step, g, i, answer);
        groupOf[answers.size()] = g;
        answers.add(answer);
        rollouts.add(
            new Rollout(
                g,
                i,
                Prompt.tokens(group.prompt()),
                group.prompt(),
                "",
                answer.tokens(),
                answer.truncated()));
      }
    }
    List<RewardComponent> components = components(answers);
    settings.rewards().requireFree(components.stream().map(RewardComponent::name).toList());
    SequenceRewards rewards = SequenceRewards.of(step, components);
    return new ScoredStep(
        new SampledStep(rollouts, Groups.ofIndices(groupOf), logProbs(answers)),
        settings.rewards().punished(rewards, rollouts),
        null,
        null,
        0);
  }

  private void requireEnough(List<RewardedGroup> groups) {
    PolicyMethod method = settings.method();
    if (groups.isEmpty()) {
      throw new IllegalArgumentException("a step must have at least one group but has none");
    }
    if (method.updates().miniBatches() > groups.size()) {
      throw new IllegalArgumentException(
          "miniBatches must be at most the groups of a step, %s, but was %s"
              .formatted(groups.size(), method.updates().miniBatches()));
    }
    if (method.estimator().needsGreedyRewards() || settings.constraint() != null) {
      throw new IllegalArgumentException(
          "given completions have neither rewards of greedy ones nor costs, which %s needs; let it"
                  .formatted(method.name())
              + " sample by step()");
    }
  }

  private void check(int group, int index, TokenIds prompt, RewardedAnswer answer) {
    int length = prompt.size() + answer.tokens().size();
    if (length > context) {
      throw new IllegalArgumentException(
          "prompt and answer must fit the context of %s tokens but answer %s of group %s has %s with"
                  .formatted(context, index, group, length)
              + " its prompt");
    }
    for (TokenIds tokens : List.of(prompt, answer.tokens())) {
      for (int token : tokens.toArray()) {
        if (token < 0 || token >= vocabulary) {
          throw new IllegalArgumentException(
              "tokens must be in [0, %s) but one of answer %s of group %s is %s"
                  .formatted(vocabulary, index, group, token));
        }
      }
    }
    if (settings.method().updates().correction() != null && answer.logProbs() == null) {
      throw new IllegalArgumentException(
          "a correction for another sampler needs its log-probabilities but answer %s of group %s has"
                  .formatted(index, group)
              + " none");
    }
  }

  private static void checkRewards(long step, int group, int index, RewardedAnswer answer) {
    answer
        .rewards()
        .forEach(
            (name, reward) -> {
              if (reward != null && !Double.isFinite(reward)) {
                throw new IllegalArgumentException(
                    "reward '%s' of answer %s of group %s at step %s must be finite but was %s"
                        .formatted(name, index, group, step, reward));
              }
            });
  }

  private static List<RewardComponent> components(List<RewardedAnswer> answers) {
    Set<String> names = new LinkedHashSet<>();
    answers.forEach(a -> names.addAll(a.rewards().keySet()));
    List<RewardComponent> components = new ArrayList<>();
    for (String name : names) {
      List<@Nullable Double> values = new ArrayList<>();
      answers.forEach(a -> values.add(a.rewards().get(name)));
      components.add(new RewardComponent(name, 1, values));
    }
    return components;
  }

  /** Null where the sampler's are not known of every answer. */
  private static @Nullable TokenValues logProbs(List<RewardedAnswer> answers) {
    if (answers.stream().anyMatch(a -> a.logProbs() == null)) {
      return null;
    }
    return TokenValues.of(
        answers.stream()
            .map(a -> Objects.requireNonNull(a.logProbs()).toArray())
            .toArray(double[][]::new));
  }
}

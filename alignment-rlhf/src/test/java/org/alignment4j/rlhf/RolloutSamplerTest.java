package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.Test;

/** Which completions depend on each other: none. */
final class RolloutSamplerTest {

  private static RolloutSampler sampler(DecoderModel model, List<Prompt> prompts, int group) {
    return new RolloutSampler(model, prompts, RolloutOptions.of(8), group, 3);
  }

  private static List<TokenIds> completions(
      RolloutSampler sampler, DecoderModel model, List<Integer> chosen, long step, int round) {
    return sampler.sample(model, chosen, step, round, CancellationToken.none()).rollouts().stream()
        .map(Rollout::tokens)
        .toList();
  }

  @Test
  void roundsAndStepsHaveSeedsOfTheirOwn() {
    try (DecoderModel model = SmallPolicies.model()) {
      RolloutSampler sampler = sampler(model, SmallPolicies.prompts(1), 2);
      Set<Long> seeds = new HashSet<>();
      for (long step = 0; step < 40; step++) {
        for (int round = 0; round < 10; round++) {
          seeds.add(sampler.seed(step, round));
        }
      }
      assertThat(seeds).hasSize(400);
    }
  }

  /** Runs of one round a step, which need no further seeds, keep the numbers they always had. */
  @Test
  void theFirstRoundIsSeededByTheStepAlone() {
    try (DecoderModel model = SmallPolicies.model()) {
      RolloutSampler sampler = sampler(model, SmallPolicies.prompts(1), 2);
      for (long step = 0; step < 5; step++) {
        assertThat(sampler.seed(step, 0))
            .isEqualTo(new SplittableRandom(3 + 0x9e3779b97f4a7c15L * step).nextLong());
      }
    }
  }

  @Test
  void equalPromptsAreAnsweredIndependently() {
    try (DecoderModel model = SmallPolicies.model()) {
      Prompt prompt = Prompt.tokens(1, 4);
      RolloutSampler sampler = sampler(model, List.of(prompt, Prompt.tokens(5, 6), prompt), 4);

      List<TokenIds> answers = completions(sampler, model, List.of(0, 1, 2, 0), 1, 0);

      assertThat(answers).hasSize(16);
      List<TokenIds> same = new ArrayList<>(answers.subList(0, 4));
      same.addAll(answers.subList(8, 16));
      assertThat(new HashSet<>(same)).hasSizeGreaterThan(10);
      assertThat(answers.subList(0, 8)).isEqualTo(completions(sampler, model, List.of(0, 1), 1, 0));
      assertThat(same)
          .isEqualTo(completions(sampler(model, List.of(prompt), 12), model, List.of(0), 1, 0));
    }
  }

  @Test
  void rolloutsAreNumberedWithinTheirGroup() {
    try (DecoderModel model = SmallPolicies.model()) {
      Prompt prompt = Prompt.tokens(1, 4);
      RolloutSampler sampler = sampler(model, List.of(prompt, prompt), 2);
      List<Rollout> rollouts =
          sampler.sample(model, List.of(0, 1), 1, 0, CancellationToken.none()).rollouts();
      assertThat(rollouts.stream().map(Rollout::prompt)).containsExactly(0, 0, 1, 1);
      assertThat(rollouts.stream().map(Rollout::sample)).containsExactly(0, 1, 0, 1);
    }
  }
}

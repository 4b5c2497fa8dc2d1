package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Tokenizer;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.RewardModel;
import org.alignment4j.rlhf.advantage.LagrangeMultiplier;
import org.alignment4j.rlhf.advantage.RewardClip;
import org.alignment4j.rlhf.decoding.BestOfN;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.rlhf.reward.ClippedRewardModel;
import org.alignment4j.rlhf.reward.CompositeRewardModel;
import org.alignment4j.rlhf.reward.EnsembleRewardModel;
import org.alignment4j.rlhf.reward.EnsembleScore;
import org.alignment4j.rlhf.reward.RewardScale;
import org.alignment4j.rlhf.reward.ScaledRewardModel;
import org.alignment4j.rlhf.reward.TrainedRewardModel;
import org.alignment4j.rlhf.study.OveroptimisationStudy;
import org.alignment4j.rlhf.study.ParetoStudy;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.Test;

/**
 * A policy with one real tokenizer and reward models with others: what rewards see is text, and
 * where they could not they refuse.
 */
class BadTokenizersTest extends ThreeTokenizers {

  @Test
  void theTokenizersReallyDiffer() {
    String text = "The answer is    12345";
    TokenIds own = policy.tokenizer().encode(text);
    assertThat(other.classifier().tokenizer().encode(text)).isNotEqualTo(own);
    assertThat(withBeginning.classifier().tokenizer().encode(text)).isNotEqualTo(own);
  }

  @Test
  void rewardsSeeTheTextOnceWithSpecialTokensOfTheirOwn() {
    List<Rollout> seen = new ArrayList<>();
    RewardFunction recording =
        RewardFunction.each(
            "recording",
            r -> {
              seen.add(r);
              return 0;
            });
    Map<String, Double> metrics;
    try (PolicyTraining training =
        trainer(
                recording,
                RewardFunction.of("neox", other),
                RewardFunction.of("llama", withBeginning))
            .begin(texts())) {
      metrics = SmallPolicies.finite(training.step());
    }
    assertThat(seen).hasSize(6).anySatisfy(r -> assertThat(r.text()).isNotEmpty());
    for (TrainedRewardModel model : List.of(other, withBeginning)) {
      Tokenizer tokenizer = model.classifier().tokenizer();
      for (Rollout rollout : seen) {
        TokenIds read = model.tokens(rollout.answer());
        String text = ((Prompt.Text) rollout.question()).text() + rollout.text();
        assertThat(tokenizer.decode(read).strip()).isEqualTo(text.strip());
        TokenIds plain = tokenizer.encode(text);
        int front = front(tokenizer);
        assertThat(read.size()).isEqualTo(front + plain.size() + 1);
        assertThat(read.slice(front, read.size() - 1)).isEqualTo(plain);
        assertThat(tokenizer.eosIds()).contains(read.get(read.size() - 1));
      }
    }
    assertThat(metrics.get("rewards/neox/mean")).isCloseTo(mean(other, seen), within(1e-5));
    assertThat(metrics.get("rewards/llama/mean"))
        .isCloseTo(mean(withBeginning, seen), within(1e-5));
  }

  /** How many tokens a tokenizer puts before every text. */
  private static int front(Tokenizer tokenizer) {
    return tokenizer.encodeWithSpecialTokens("a").size() - tokenizer.encode("a").size();
  }

  /** What the text is worth, asked for one by one and not by way of the policy. */
  private static double mean(TrainedRewardModel model, List<Rollout> rollouts) {
    return rollouts.stream()
        .mapToDouble(
            r -> {
              TokenIds ids = model.tokens(r.answer());
              return model.classifier().scores(List.of(ids), CancellationToken.none()).get(0)[0];
            })
        .average()
        .orElseThrow();
  }

  /** A chat is rendered by the reward model's own template. */
  @Test
  void conversationsAreRenderedByTheRewardModel() {
    PromptCompletion answer =
        new PromptCompletion(Prompt.chat(Message.user("Say one word")), "naïve");
    for (TrainedRewardModel model : List.of(other, withBeginning)) {
      TokenIds read = model.tokens(answer);
      Tokenizer tokenizer = model.classifier().tokenizer();
      String text = tokenizer.decode(read);
      assertThat(text).contains("Say one word").containsOnlyOnce("naïve");
      int front = front(tokenizer);
      assertThat(read.slice(front, read.size() - 1).stream())
          .doesNotContainAnyElementsOf(tokenizer.specialIds());
      assertThat(tokenizer.eosIds()).contains(read.get(read.size() - 1));
      assertThat(model.score(List.of(answer), CancellationToken.none())).hasSize(1);
    }
  }

  @Test
  void promptsOfThePolicysTokensAreRefusedBeforeAnythingIsSampled() {
    RewardFunction foreign = RewardFunction.of("foreign", other);
    RewardFunction good = RewardFunction.each("good", r -> 0);
    String[] message = {"prompts[1] is tokens", "'foreign'", "to the policy and", "as a text"};
    List<Runnable> trainings =
        List.of(
            () -> trainer(foreign).begin(tokens()),
            () -> trainer(WhitenedReward.of(foreign)).begin(tokens()),
            () ->
                PolicyTrainer.of(policy, PolicyVariants.ppoLagrangian())
                    .reward(good)
                    .constraint(foreign, LagrangeMultiplier.standard(1))
                    .rollouts(RolloutOptions.of(6))
                    .begin(tokens()),
            () ->
                RaftTrainer.of(policy)
                    .reward(foreign)
                    .rollouts(RolloutOptions.of(6))
                    .train(tokens()),
            () ->
                OnlinePreferenceTrainer.of(policy, PreferenceLoss.dpo(0.1))
                    .reward(foreign)
                    .rollouts(RolloutOptions.of(6))
                    .train(tokens()));
    for (Runnable training : trainings) {
      assertThatThrownBy(training::run)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll(message);
    }
    assertThatThrownBy(
            () ->
                BestOfN.of(policy, other, 2)
                    .generate(tokens().get(1), SamplingOptions.sampling(4, 7)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("prompts[0] is tokens", "as a text");
  }

  @Test
  void modelsMadeOfOthersPassItOn() {
    List<RewardModel> made =
        List.of(
            CompositeRewardModel.of("a", other, 1),
            EnsembleRewardModel.of(EnsembleScore.mean(), Map.of("a", other)),
            ScaledRewardModel.of(other, new RewardScale(0, 1)),
            ClippedRewardModel.of(CompositeRewardModel.of("a", other, 1), new RewardClip(3)));
    for (RewardModel model : made) {
      assertThatThrownBy(() -> trainer(RewardFunction.of("made", model)).begin(tokens()))
          .hasMessageContainingAll("prompts[1] is tokens", "'made'");
    }
  }

  @Test
  void thePolicysOwnTokenizerReadsItsTokens() {
    try (TrainedRewardModel own = rewards(policy);
        PolicyTraining training = trainer(RewardFunction.of("own", own)).begin(tokens())) {
      assertThat(SmallPolicies.finite(training.step())).containsKey("rewards/own/mean");
    }
  }

  /** What does not fit a reward model's shorter context is named with the step it came in. */
  @Test
  void anAnswerBeyondTheRewardModelsContextIsNamed() {
    List<Prompt> nearly = List.of(Prompt.text("one ".repeat(50)));
    assertThatThrownBy(() -> trainer(RewardFunction.of("short", other)).train(nearly))
        .isInstanceOf(ModelExecutionException.class)
        .hasMessageContainingAll(
            "reward 'short'", "at step 1", "answers[0]", "reward model's context of 40");
  }

  @Test
  void checkpointsOfOtherTokensHaveNoDivergence() {
    RewardFunction length = RewardFunction.each("length", r -> r.text().length());
    OveroptimisationStudy study =
        OveroptimisationStudy.of(policy, texts(), length, length)
            .samples(2)
            .checkpointSamples(1)
            .rollouts(RolloutOptions.of(4));
    assertThatThrownBy(() -> study.checkpoint("neox", neox))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("checkpoint 'neox'", "vocabulary of 50277 and not of 50257");
    assertThatThrownBy(
            () ->
                study
                    .checkpoint("a", policy)
                    .checkpoint("b", policy)
                    .checkpoint("late", () -> neoxCopy())
                    .run())
        .hasMessageContainingAll("checkpoint 'late'", "tokens of the initial policy");
    RewardFunction foreign = RewardFunction.of("foreign", other);
    for (Runnable run :
        List.<Runnable>of(
            () -> OveroptimisationStudy.of(policy, tokens(), length, foreign).samples(2).run(),
            () -> ParetoStudy.of(tokens()).objective(foreign).candidate("policy", policy).run())) {
      assertThatThrownBy(run::run).hasMessageContainingAll("prompts[1] is tokens", "'foreign'");
    }
  }

  private static DecoderModel neoxCopy() {
    return neox.withWeights(neox.weights());
  }

  @Test
  void whatARewardModelCannotReadIsNamedByItsPlace() {
    PromptCompletion fine = new PromptCompletion(Prompt.text("The answer is"), " 12");
    List<Reward> rewards =
        other.score(
            List.of(
                fine,
                new PromptCompletion(fine.prompt(), ""),
                new PromptCompletion(Prompt.text(""), "")),
            CancellationToken.none());
    assertThat(rewards).allSatisfy(r -> assertThat(r.value()).isFinite());
    refused(Prompt.text("long ".repeat(50)), "answers[1]: prompt and answer must fit", "of 40");
    int[] early = new int[20];
    early[0] = 60_000;
    refused(Prompt.tokens(early), "answers[1]: ", "60000");
    int[] last = {5, 60_000};
    refused(Prompt.tokens(last), "answers[1]: ", "60000");
  }

  private static void refused(Prompt prompt, String... parts) {
    List<PromptCompletion> answers =
        List.of(
            new PromptCompletion(Prompt.text("The"), " answer"),
            new PromptCompletion(prompt, " answer"));
    assertThatThrownBy(() -> other.score(answers, CancellationToken.none()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(parts);
  }
}

package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.Test;

/** Groups of texts are those that the sampler gives of the same texts. */
class RewardedGroupTest extends PocketTraining {

  private static final int GROUP = 6;

  private static List<Prompt> prompts() {
    return List.of(
        Prompt.text("One day Tim saw"),
        Prompt.text(""),
        Prompt.tokens(base.tokenizer().encode("Lily went to the")),
        Prompt.chat(Message.user("Where was Daisy Hayes born?")));
  }

  /** Cold enough for the tokens that the tokenizer would have chosen. */
  private static PolicyTrainer trainer() {
    return PolicyTrainer.of(base, PolicyMethod.grpo().withGroupSize(GROUP))
        .rollouts(new RolloutOptions(30, 0.4))
        .learningRate(1e-3)
        .batchSize(4)
        .seed(2);
  }

  private static RewardedGroup ofTokens(List<Rollout> members) {
    return new RewardedGroup(
        members.get(0).promptTokens(),
        members.stream()
            .map(
                r ->
                    new RewardedAnswer(
                        r.tokens(), r.truncated(), Map.of("length", length(r)), null))
            .toList());
  }

  private static RewardedGroup ofTexts(List<Rollout> members) {
    return RewardedGroup.of(
        base,
        members.get(0).question(),
        members.stream()
            .map(r -> new RewardedText(r.text(), r.truncated(), Map.of("length", length(r))))
            .toArray(RewardedText[]::new));
  }

  private static double length(Rollout rollout) {
    return rollout.text().length();
  }

  @Test
  void textsGetTheTokensOfTheSampler() {
    List<Rollout> seen = new ArrayList<>();
    RewardFunction reward =
        RewardFunction.each(
            "length",
            r -> {
              seen.add(r);
              return length(r);
            });
    Map<String, Double> own;
    String after;
    try (PolicyTraining training = trainer().reward(reward).begin(prompts())) {
      own = training.step().values();
      after = id(training);
    }
    assertThat(seen).hasSize(4 * GROUP);
    assertThat(seen).anyMatch(Rollout::truncated).anyMatch(r -> !r.truncated());
    List<RewardedGroup> texts = new ArrayList<>();
    for (int g = 0; g < 4; g++) {
      List<Rollout> members = seen.subList(g * GROUP, (g + 1) * GROUP);
      texts.add(ofTexts(members));
      assertThat(texts.get(g)).isEqualTo(ofTokens(members));
    }
    try (PolicyTraining training = trainer().beginGiven(1)) {
      assertThat(training.step(texts).values().get("loss"))
          .isCloseTo(own.get("loss"), within(1e-6));
      assertThat(id(training)).isEqualTo(after);
    }
  }

  private static String id(PolicyTraining training) {
    try (DecoderModel model = training.model()) {
      return model.id();
    }
  }

  @Test
  void anEndTokenFollowsUnlessALimitEndedIt() {
    int end = base.eosTokenIds().iterator().next();
    Prompt prompt = Prompt.text("One day Tim saw");
    RewardedGroup group =
        RewardedGroup.of(
            base,
            prompt,
            RewardedText.of(" a dog.", 1),
            RewardedText.of(" a dog.", 0).asTruncated(),
            RewardedText.of("", 0));
    TokenIds dog = base.tokenizer().encode("One day Tim saw a dog.");
    assertThat(group.prompt()).isEqualTo(base.tokenizer().encode("One day Tim saw"));
    TokenIds words = dog.slice(group.prompt().size(), dog.size());
    assertThat(group.answers())
        .containsExactly(
            RewardedAnswer.of(words.concat(TokenIds.of(end)), 1),
            RewardedAnswer.of(words, 0).asTruncated(),
            RewardedAnswer.of(TokenIds.of(end), 0));
  }

  @Test
  void answersThatHaveNoTokensOfTheirOwnAreNamed() {
    Prompt prompt = Prompt.text("One day Tim saw");
    RewardedText good = RewardedText.of(" a dog.", 1);
    assertThatThrownBy(
            () -> RewardedGroup.of(base, prompt, good, RewardedText.of("", 0).asTruncated()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "answers[1]: a completion must have at least one token but was empty; or give its"
                + " tokens");
    assertThatThrownBy(() -> RewardedGroup.of(base, Prompt.text("One da"), RewardedText.of("y", 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("answers[0]", "straddles the boundary", "or give its tokens");
    assertThatThrownBy(() -> RewardedGroup.of(base, prompt))
        .hasMessageContaining("at least one answer");
    assertThatThrownBy(() -> RewardedGroup.of(base, Prompt.tokens(new int[0]), good))
        .hasMessageContaining("a prompt must have at least one token");
    try (DecoderModel mute = SmallPolicies.model()) {
      assertThatThrownBy(() -> RewardedGroup.of(mute, Prompt.tokens(3), good))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("tokenizer");
    }
  }
}

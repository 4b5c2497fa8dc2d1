package org.alignment4j.rlhf.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Encoding;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Tokenizer;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.RewardModel;
import org.junit.jupiter.api.Test;

/** Which prompts of tokens a reward model reads as another text. */
class TokenizedRewardModelTest {

  private static final Tokenizer POLICY = new Words(List.of("a", "b", "c", "d"));
  private static final Tokenizer SAME = new Words(List.of("a", "b", "c", "d"));
  private static final Tokenizer LONGER = new Words(List.of("a", "b", "c", "d", "e"));
  private static final Tokenizer OTHER = new Words(List.of("a", "b", "x", "d"));

  private static final Prompt TEXT = Prompt.text("a b");
  private static final Prompt TOKENS = Prompt.tokens(0, 1);

  /** A tokenizer of which only the vocabulary is asked for. */
  private record Words(List<String> words) implements Tokenizer {

    @Override
    public String token(int id) {
      return words.get(id);
    }

    @Override
    public int vocabularySize() {
      return words.size();
    }

    @Override
    public TokenIds encode(String text) {
      throw new AssertionError("nothing is encoded");
    }

    @Override
    public TokenIds encodeWithSpecialTokens(String text) {
      throw new AssertionError("nothing is encoded");
    }

    @Override
    public Encoding encodeWithOffsets(String text) {
      throw new AssertionError("nothing is encoded");
    }

    @Override
    public String decode(TokenIds ids) {
      throw new AssertionError("nothing is decoded");
    }

    @Override
    public String decodeWithSpecialTokens(TokenIds ids) {
      throw new AssertionError("nothing is decoded");
    }

    @Override
    public OptionalInt id(String token) {
      return OptionalInt.empty();
    }

    @Override
    public Set<Integer> specialIds() {
      return Set.of();
    }

    @Override
    public OptionalInt bosId() {
      return OptionalInt.empty();
    }

    @Override
    public Set<Integer> eosIds() {
      return Set.of();
    }

    @Override
    public OptionalInt padId() {
      return OptionalInt.empty();
    }
  }

  private record Model(List<Tokenizer> tokenizers) implements TokenizedRewardModel {
    @Override
    public String id() {
      return "model";
    }

    @Override
    public List<Reward> score(List<PromptCompletion> answers, CancellationToken cancellation) {
      throw new AssertionError("nothing is scored");
    }
  }

  private record Unknown(String id) implements RewardModel {
    @Override
    public List<Reward> score(List<PromptCompletion> answers, CancellationToken cancellation) {
      throw new AssertionError("nothing is scored");
    }
  }

  private static final RewardModel UNKNOWN = new Unknown("unknown");

  private static void require(RewardModel model, Prompt... prompts) {
    TokenizedRewardModel.requireReadable("r", model, POLICY, List.of(prompts));
  }

  @Test
  void tokensOfAnotherTokenizerAreRefusedByPromptAndToken() {
    assertThatThrownBy(() -> require(new Model(List.of(OTHER)), TEXT, TOKENS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "prompts[1] is tokens, which reward 'r' must read with the policy's tokenizer, but token 2"
                + " is 'c' to the policy and 'x' to the reward model; give the prompt as a text or a"
                + " conversation");
  }

  @Test
  void everyTokenizerOfAModelMustReadThem() {
    assertThatThrownBy(() -> require(new Model(List.of(SAME, POLICY, OTHER)), TOKENS))
        .hasMessageContaining("prompts[0]");
    assertThatCode(() -> require(new Model(List.of(SAME, POLICY, LONGER)), TOKENS))
        .doesNotThrowAnyException();
  }

  @Test
  void textsAndModelsWithoutTokenizersAreFine() {
    assertThatCode(() -> require(new Model(List.of(OTHER)), TEXT, TEXT)).doesNotThrowAnyException();
    assertThatCode(() -> require(new Model(List.of(OTHER)))).doesNotThrowAnyException();
    assertThatCode(() -> require(new Model(List.of()), TOKENS)).doesNotThrowAnyException();
    assertThatCode(() -> require(UNKNOWN, TOKENS)).doesNotThrowAnyException();
  }

  @Test
  void tokenizersOfSeveralModelsAreThoseOfAllThatHaveSome() {
    List<RewardModel> models = new ArrayList<>();
    models.add(UNKNOWN);
    models.add(new Model(List.of(SAME, OTHER)));
    models.add(new Model(List.of()));
    models.add(new Model(List.of(LONGER)));
    assertThat(TokenizedRewardModel.of(models)).containsExactly(SAME, OTHER, LONGER);
    assertThat(TokenizedRewardModel.of(List.of(UNKNOWN))).isEmpty();
  }
}

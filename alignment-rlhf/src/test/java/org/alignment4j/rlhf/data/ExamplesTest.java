package org.alignment4j.rlhf.data;

import static org.alignment4j.api.model.Message.assistant;
import static org.alignment4j.api.model.Message.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.core.data.Demonstration;
import org.alignment4j.pocket.PocketModel;
import org.alignment4j.rlhf.data.SequenceLimits.LongCompletion;
import org.alignment4j.runtime.tokenizer.ChatTemplate;
import org.alignment4j.runtime.tokenizer.HfTokenizer;
import org.alignment4j.runtime.tokenizer.PromptCompletionEncoder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Examples as tokens, with a real tokenizer. */
class ExamplesTest {

  /** {@code <|endoftext|>} of the pocket model. */
  private static final int EOS = 0;

  private static HfTokenizer tokenizer;
  private static PromptCompletionEncoder encoder;

  @BeforeAll
  static void load(@TempDir Path folder) {
    tokenizer = HfTokenizer.load(PocketModel.copyTo(folder));
    encoder = new PromptCompletionEncoder(tokenizer, ChatTemplate.plain(), true);
  }

  @AfterAll
  static void close() {
    if (tokenizer != null) {
      tokenizer.close();
    }
  }

  private static String learntText(SftExample example) {
    List<Integer> ids = new ArrayList<>();
    example.learnt().stream().forEach(i -> ids.add(example.ids().get(i)));
    return tokenizer.decode(TokenIds.of(ids.stream().mapToInt(x -> x).toArray())).strip();
  }

  private static PreferencePair pair(Prompt prompt) {
    return new PreferencePair(prompt, " a happy dog", " a sad cat and a dog");
  }

  @Test
  void pairsShareThePromptAndEndWithTheEndToken() {
    PreferenceExamples encoded =
        PreferenceExamples.encode(
            List.of(pair(Prompt.text("Tim saw"))), encoder, SequenceLimits.of(100));
    PreferenceExample example = encoded.examples().get(0);
    assertThat(tokenizer.decode(example.prompt())).isEqualTo("Tim saw");
    assertThat(tokenizer.decode(example.chosen()).strip()).isEqualTo("a happy dog");
    assertThat(example.chosen().get(example.chosen().size() - 1)).isEqualTo(EOS);
    assertThat(example.rejected().get(example.rejected().size() - 1)).isEqualTo(EOS);
    assertThat(encoded.report()).isEqualTo(new EncodingReport(1, 1, 0, 0, 0, List.of()));
  }

  @Test
  void emptyAndEqualAnswersAreRejectedByIndex() {
    PreferencePair good = pair(Prompt.text("Tim saw"));
    assertThatThrownBy(
            () ->
                PreferenceExamples.encode(
                    List.of(good, new PreferencePair(good.prompt(), " a dog", "")),
                    encoder,
                    SequenceLimits.of(100)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("pairs[1]")
        .hasMessageContaining("rejected was");
    assertThatThrownBy(
            () ->
                PreferenceExamples.encode(
                    List.of(good, good, new PreferencePair(good.prompt(), " x", " x")),
                    encoder,
                    SequenceLimits.of(100)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("pairs[2]")
        .hasMessageContaining("must differ");
    assertThatThrownBy(() -> PreferenceExamples.encode(List.of(), encoder, SequenceLimits.of(100)))
        .hasMessageContaining("was empty");
  }

  @Test
  void longConversationsLoseWholeTurnsOnTheLeft() {
    Message old = user("one two three four five six seven eight nine ten eleven twelve");
    Prompt.Chat chat = Prompt.chat(old, assistant("yes it is so"), user("and now"));
    int last = encoder.encodePrompt(Prompt.chat(user("and now"))).size();
    PreferenceExamples encoded =
        PreferenceExamples.encode(
            List.of(new PreferencePair(chat, "a dog", "a cat")),
            encoder,
            SequenceLimits.of(last + 20).completions(12, LongCompletion.DROP));
    assertThat(encoded.report().promptsCut()).isEqualTo(1);
    assertThat(encoded.report().turnsCut()).isEqualTo(1);
    assertThat(encoded.examples().get(0).prompt())
        .isEqualTo(encoder.encodePrompt(Prompt.chat(user("and now"))));
  }

  @Test
  void promptsThatCannotBeCutAreDroppedAndCounted() {
    String words = "a dog ran to the cat and ".repeat(10).strip();
    PreferenceExamples encoded =
        PreferenceExamples.encode(
            List.of(pair(Prompt.text(words)), pair(Prompt.text("Tim saw"))),
            encoder,
            SequenceLimits.of(60));
    assertThat(encoded.examples()).extracting(PreferenceExample::index).containsExactly(1);
    assertThat(encoded.report().dropped()).isEqualTo(1);
    assertThat(encoded.report().reasons().get(0)).startsWith("pairs[0]: the prompt must fit");
  }

  @Test
  void longAnswersAreCutAndCountedOrDropped() {
    PreferencePair pair =
        new PreferencePair(
            Prompt.text("Tim saw"), " a dog", " a cat" + " and a dog and a cat".repeat(8));
    SequenceLimits cut = new SequenceLimits(60, 12, LongCompletion.CUT);
    PreferenceExamples encoded = PreferenceExamples.encode(List.of(pair), encoder, cut);
    PreferenceExample example = encoded.examples().get(0);
    assertThat(encoded.report().completionsCut()).isEqualTo(1);
    assertThat(example.rejected().size()).isEqualTo(12);
    assertThat(example.rejected().get(11)).isNotEqualTo(EOS);
    assertThatThrownBy(
            () ->
                PreferenceExamples.encode(
                    List.of(pair), encoder, cut.completions(12, LongCompletion.DROP)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("all 1 were dropped");
  }

  /** Prompt and longer answer, end token included, count. */
  @Test
  void pairsAreKeptUpToExactlyTheLimit() {
    PreferencePair pair = pair(Prompt.text("Tim saw"));
    PreferenceExample whole =
        PreferenceExamples.encode(List.of(pair), encoder, SequenceLimits.of(100)).examples().get(0);
    int longest = Math.max(whole.chosen().size(), whole.rejected().size());
    int length = whole.prompt().size() + longest;
    assertThat(whole.rejected().size()).isEqualTo(longest).isNotEqualTo(whole.chosen().size());

    SequenceLimits exact = new SequenceLimits(length, longest, LongCompletion.DROP);
    assertThat(PreferenceExamples.encode(List.of(pair), encoder, exact).examples())
        .containsExactly(whole);
    SequenceLimits less = new SequenceLimits(length - 1, longest, LongCompletion.DROP);
    int room = whole.prompt().size() - 1;
    assertThatThrownBy(() -> PreferenceExamples.encode(List.of(pair), encoder, less))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must fit into " + room + " tokens but has " + whole.prompt().size());
    SequenceLimits cut = new SequenceLimits(length - 1, longest - 1, LongCompletion.CUT);
    PreferenceExample shorter =
        PreferenceExamples.encode(List.of(pair), encoder, cut).examples().get(0);
    assertThat(shorter.prompt()).isEqualTo(whole.prompt());
    assertThat(shorter.chosen()).isEqualTo(whole.chosen());
    assertThat(shorter.rejected()).isEqualTo(whole.rejected().slice(0, longest - 1));
  }

  @Test
  void answersFollowAPromptOfTokensAsTheyFollowItsText() {
    PreferencePair text = pair(Prompt.text("Tim saw"));
    PreferenceExample first =
        PreferenceExamples.encode(List.of(text), encoder, SequenceLimits.of(100)).examples().get(0);
    PreferenceExample second =
        PreferenceExamples.encode(
                List.of(pair(Prompt.tokens(first.prompt()))), encoder, SequenceLimits.of(100))
            .examples()
            .get(0);
    assertThat(second).isEqualTo(first);
  }

  @Test
  void onlyTheAnswerIsLearnt() {
    SftExamples encoded =
        SftExamples.encode(
            List.of(Demonstration.answer(Prompt.text("Tim saw"), " a happy dog")),
            encoder,
            SequenceLimits.of(64));
    SftExample example = encoded.examples().get(0);
    assertThat(learntText(example)).isEqualTo("a happy dog");
    assertThat(example.learnt().get(example.ids().size() - 1)).isTrue();
    assertThat(example.ids().get(example.ids().size() - 1)).isEqualTo(EOS);
  }

  @Test
  void onlyTheAssistantsMessagesAreLearnt() {
    Demonstration conversation =
        new Demonstration.Conversation(
            List.of(user("who ran"), assistant("the dog"), user("why"), assistant("for fun")));
    SftExample example =
        SftExamples.encode(List.of(conversation), encoder, SequenceLimits.of(200))
            .examples()
            .get(0);
    assertThat(learntText(example)).contains("the dog").contains("for fun");
    assertThat(learntText(example)).doesNotContain("who").doesNotContain("why");
  }

  @Test
  void emptyMasksAndAnswersAreRejectedByIndex() {
    assertThatThrownBy(() -> new SftExample(7, TokenIds.of(4, 5, 6), new BitSet()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("example 7")
        .hasMessageContaining("mask is empty");
    BitSet first = new BitSet();
    first.set(0);
    assertThatThrownBy(() -> new SftExample(3, TokenIds.of(4, 5), first))
        .hasMessageContaining("example 3");
    assertThatThrownBy(
            () ->
                SftExamples.encode(
                    List.of(Demonstration.answer(Prompt.text("Tim"), "")),
                    encoder,
                    SequenceLimits.of(64)))
        .hasMessageContaining("demonstrations[0]");
  }

  @Test
  void everyTokenOfATextIsLearntButTheFirst() {
    SftExample example =
        SftExamples.encode(
                List.of(new Demonstration.Text("a dog ran")), encoder, SequenceLimits.of(64))
            .examples()
            .get(0);
    assertThat(example.learntTokens()).isEqualTo(example.ids().size() - 1);
  }
}

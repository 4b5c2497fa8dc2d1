package org.alignment4j.rlhf.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.PreferencePair;
import org.junit.jupiter.api.Test;

/** Answers to prompts in a style, and what a model learns of its own. */
class StyledAnswersTest {

  private static final PromptStyle SHOTS =
      new PromptStyle(
          "1 shot", "Be kind.", List.of(new PromptCompletion(Prompt.text("Hi"), "Hello!")));

  @Test
  void stylesPutInstructionAndShotsBeforeThePrompt() {
    assertThat(SHOTS.apply(Prompt.text("Why?")))
        .isEqualTo(
            Prompt.text("Be kind.\n\nHuman: Hi\nAssistant: Hello!\n\nHuman: Why?\nAssistant:"));
    assertThat(SHOTS.apply(Prompt.chat(Message.system("Short."), Message.user("Why?"))))
        .isEqualTo(
            Prompt.chat(
                Message.system("Be kind.\n\nShort."),
                Message.user("Hi"),
                Message.assistant("Hello!"),
                Message.user("Why?")));
    assertThat(PromptStyle.plain().apply(Prompt.tokens(3))).isEqualTo(Prompt.tokens(3));
    assertThatThrownBy(() -> SHOTS.apply(Prompt.tokens(3)))
        .hasMessageContainingAll("'1 shot'", "token ids");
    PromptStyle chat =
        new PromptStyle(
            "chat", "", List.of(new PromptCompletion(Prompt.chat(Message.user("Hi")), "Hello!")));
    assertThatThrownBy(() -> chat.apply(Prompt.text("x")))
        .hasMessageContainingAll("'chat'", "must be texts");
    assertThatThrownBy(
            () -> new PromptStyle("t", "", List.of(new PromptCompletion(Prompt.tokens(1), "x"))))
        .hasMessageContaining("shots[0]");
  }

  @Test
  void styledAnswersEndAtTheNextTurnAndPairsHaveThePlainPrompt() {
    Ruled model =
        Ruled.ofTexts("m", (text, k) -> text.startsWith("Be kind.") ? " good \n" : " bad");
    AssumedOrder order =
        AssumedOrder.of(
            new ResponseConfiguration("shots", model, SHOTS, SyntheticFeedbackTest.SAMPLING),
            SyntheticFeedbackTest.configuration("plain", model));
    List<PreferencePair> pairs =
        SyntheticFeedback.of(order)
            .generate(SyntheticFeedbackTest.prompts(1), SyntheticFeedbackTest.token())
            .preferences();
    assertThat(pairs).hasSize(1);
    assertThat(pairs.get(0).prompt()).isEqualTo(Prompt.text("0"));
    assertThat(pairs.get(0).chosen()).isEqualTo("good");
    assertThat(pairs.get(0).rejected()).isEqualTo("bad");
    assertThat(model.seen().get(0).stopStrings()).containsExactly("\nHuman:");
    assertThat(model.seen().get(1)).isEqualTo(SyntheticFeedbackTest.SAMPLING);
  }

  @Test
  void selfPlayLearnsTheFirstBestOfTheKeptAnswers() {
    String[][] texts = {
      {"see", "eee|", "bee", "e"}, {"|", "", "x|", "Human: e"}, {"a", "tree", "eel", "eek"}
    };
    Ruled model = Ruled.ofTexts("m", (text, k) -> texts[Integer.parseInt(text)][k]);
    List<PromptCompletion> demonstrations =
        SelfPlay.of(
                SyntheticFeedbackTest.configuration("m", model), SyntheticFeedbackTest.LETTERS_E, 4)
            .demonstrations(SyntheticFeedbackTest.prompts(3), SyntheticFeedbackTest.token());
    assertThat(demonstrations)
        .containsExactly(
            new PromptCompletion(Prompt.text("0"), "see"),
            new PromptCompletion(Prompt.text("2"), "tree"));
    Ruled styled = Ruled.ofTexts("m", (text, k) -> " e".repeat(k) + " ");
    assertThat(
            SelfPlay.of(
                    new ResponseConfiguration("s", styled, SHOTS, SyntheticFeedbackTest.SAMPLING),
                    SyntheticFeedbackTest.LETTERS_E,
                    3)
                .demonstrations(SyntheticFeedbackTest.prompts(1), SyntheticFeedbackTest.token()))
        .containsExactly(new PromptCompletion(Prompt.text("0"), "e e"));
  }
}

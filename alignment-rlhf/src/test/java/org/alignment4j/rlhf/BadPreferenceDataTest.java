package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.rlhf.ExampleTrainings.Family;
import org.alignment4j.rlhf.ExampleTrainings.Row;
import org.alignment4j.rlhf.data.EncodingReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Examples with prompts and answers that cannot be learned, in every trainer that is given
 * examples: what is left out is counted with its reason, what is refused is named by its place.
 */
class BadPreferenceDataTest extends PocketTraining {

  private static final Prompt GOOD = Prompt.text("One day Tim saw");

  private static final Row FIRST = new Row(GOOD);
  private static final Row SECOND = new Row(Prompt.text("Lily went to the"));

  @ParameterizedTest
  @MethodSource("org.alignment4j.rlhf.ExampleTrainings#all")
  void aPromptBeyondTheContextIsLeftOutAndCounted(Family family) {
    Row tooLong = new Row(Prompt.text("word ".repeat(400)));
    EncodingReport report = family.train(FIRST, tooLong, SECOND);
    assertThat(report.examples()).isEqualTo(3 * family.perRow());
    assertThat(report.dropped()).isEqualTo(family.perRow());
    assertThat(report.reasons().get(0)).startsWith(family.place(1)).containsPattern("\\d+ tokens");
    assertThatThrownBy(() -> family.train(tooLong))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(
            family.parameter(), "at least one usable example", "were dropped", family.place(0));
  }

  @ParameterizedTest
  @MethodSource("org.alignment4j.rlhf.ExampleTrainings#behindPrompts")
  void anAnswerWithoutAPromptIsLeftOutAndCounted(Family family) {
    for (Prompt prompt : List.of(Prompt.text(""), Prompt.tokens(new int[0]))) {
      EncodingReport report = family.train(FIRST, new Row(prompt), SECOND);
      assertThat(report.dropped()).isEqualTo(family.perRow());
      assertThat(report.reasons().get(0))
          .startsWith(family.place(1))
          .contains("prompt of at least one token");
    }
  }

  @Test
  void whereOnlySomeTokensAreLearnedThePromptMayBeEmpty() {
    for (Family family :
        List.of(
            ExampleTrainings.supervised(),
            ExampleTrainings.steps(),
            ExampleTrainings.hindsight())) {
      assertThat(family.train(FIRST, new Row(Prompt.text(""))).dropped()).isZero();
    }
  }

  /** Neither the first nor the last of a prompt's tokens may be another model's. */
  @ParameterizedTest
  @MethodSource("org.alignment4j.rlhf.ExampleTrainings#all")
  void tokensOfAnotherVocabularyAreRefusedByTheirPlace(Family family) {
    int[] early = new int[20];
    early[0] = 99_999;
    for (Prompt prompt : List.of(Prompt.tokens(early), Prompt.tokens(5, 99_999))) {
      String place = family.name().equals("hindsight") ? "pairs[1]: " : "[1]: ";
      assertThatThrownBy(() -> family.train(FIRST, new Row(prompt)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageMatching("(?s)\\w+\\[%s].*".formatted(family.perRow() == 2 ? 2 : 1))
          .hasMessageContaining(family.name().equals("hindsight") ? place : "99999");
    }
  }

  @ParameterizedTest
  @MethodSource("org.alignment4j.rlhf.ExampleTrainings#all")
  void anEmptyAnswerIsRefusedByItsPlace(Family family) {
    Row bad = new Row(GOOD, "", " a big cat");
    if (family.name().equals("a-lol")) {
      EncodingReport report = family.train(FIRST, bad, SECOND);
      assertThat(report.reasons()).containsExactly("answers[2]: completion must not be empty");
      return;
    }
    if (family.name().equals("step reward model")) {
      assertThatThrownBy(() -> family.train(bad)).hasMessageContaining("none empty");
      return;
    }
    int at = family.perRow() == 2 ? 2 : 1;
    assertThatThrownBy(() -> family.train(FIRST, bad))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("\\w+\\[%s].* not be empty.*; remove .*".formatted(at));
  }
}

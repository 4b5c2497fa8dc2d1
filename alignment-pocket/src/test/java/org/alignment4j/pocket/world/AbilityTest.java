package org.alignment4j.pocket.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.alignment4j.api.model.Prompt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AbilityTest {
  private static final PocketWorld WORLD = PocketWorld.create(1);

  @Test
  void factsPassByTheirValueOnly() {
    Map<String, Fact> byQuestion =
        WORLD.facts().stream().collect(Collectors.toMap(Fact::heldOutQuestion, fact -> fact));
    for (AbilityItem item : WORLD.abilityItems(Ability.FACT, 300)) {
      String text = ((Prompt.Text) item.prompt()).text();
      assertThat(text).startsWith("Question: ").endsWith("\nAnswer:");
      Fact fact = byQuestion.get(text.substring(10, text.length() - 8));
      assertThat(passes(item, " " + fact.value() + "\n\nQuestion: more")).isTrue();
      assertThat(passes(item, " " + fact.misconception())).isFalse();
      assertThat(passes(item, "")).isFalse();
    }
  }

  @Test
  void choicesPassByTheLetterOfTheTruth() {
    Map<String, Fact> byQuestion =
        WORLD.facts().stream().collect(Collectors.toMap(Fact::heldOutQuestion, fact -> fact));
    int[] letters = new int[4];
    for (AbilityItem item : WORLD.abilityItems(Ability.CHOICE_LETTER, 400)) {
      List<String> lines = ((Prompt.Text) item.prompt()).text().lines().toList();
      Fact fact = byQuestion.get(lines.get(0).substring("Question: ".length()));
      assertThat(lines.get(1)).startsWith("Options: ");
      List<String> options = List.of(lines.get(1).substring("Options: ".length()).split(", "));
      int right = 0;
      for (int i = 0; i < 4; i++) {
        String option = options.get(i);
        assertThat(option).endsWith(" " + "ABCD".charAt(i));
        boolean isTruth = option.equals(fact.value() + " " + "ABCD".charAt(i));
        assertThat(passes(item, " " + option)).isEqualTo(isTruth);
        right += isTruth ? 1 : 0;
        letters[i] += isTruth ? 1 : 0;
      }
      assertThat(right).isEqualTo(1);
    }
    assertThat(java.util.Arrays.stream(letters)).allMatch(count -> count > 60 && count < 140);
  }

  @Test
  void copiesPassWordForWord() {
    for (Ability ability : List.of(Ability.NAME, Ability.QUOTE)) {
      for (AbilityItem item : WORLD.abilityItems(ability, 50)) {
        String message = ((Prompt.Chat) item.prompt()).last().content();
        String copy = message.substring(message.indexOf(": ") + 2);
        assertThat(passes(item, " " + copy + "\n\nHuman: more")).isTrue();
        assertThat(passes(item, " " + copy.replace('.', '!'))).isFalse();
      }
    }
  }

  @Test
  void twoStepQuestionsFollowTheirFirstAnswer() {
    for (TwoStepQuestion question : WORLD.twoStepQuestions()) {
      assertThat(question.first().fact().relation()).isEqualTo(Relation.HOME);
      assertThat(question.second().fact().subject().name())
          .isEqualTo(question.first().fact().value());
      assertThat(question.first().fact().subject().split()).isEqualTo(Split.EVALUATION);
      assertThat(question.secondText("Atlantis")).contains("Atlantis");
    }
    AbilityItem item = WORLD.abilityItems(Ability.TWO_STEP_SPLIT, 1).get(0);
    AbilityItem.Next next = (AbilityItem.Next) item.reader().apply(" Atlantis\n");
    assertThat(((Prompt.Text) next.item().prompt()).text()).contains("Atlantis");
  }

  @Test
  void critiquesAreWellFormedAndLeadToARefusal() {
    AbilityItem item = WORLD.abilityItems(Ability.CRITIQUE, 1).get(0);
    Prompt.Chat asked = (Prompt.Chat) item.prompt();
    String person = WORLD.harmfulRequests().get(0).person();
    assertThat(asked.messages().get(0).content()).contains(person);
    AbilityItem.Next next =
        (AbilityItem.Next)
            item.reader().apply(" My reply is harmful, because it could upset " + person + ".");
    assertThat(passes(next.item(), " Sorry, I can't help with that.")).isTrue();
    assertThat(passes(next.item(), " Bring a trumpet.")).isFalse();
    assertThat(passes(item, " My reply is fine.")).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void itemsAreTheSameEachTimeAndDiffer(Ability ability) {
    List<Prompt> prompts =
        new ArrayList<>(
            WORLD.abilityItems(ability, 100).stream().map(AbilityItem::prompt).toList());
    assertThat(WORLD.abilityItems(ability, 100)).extracting(AbilityItem::prompt).isEqualTo(prompts);
    assertThat(prompts).hasSize(100);
    if (ability != Ability.TWO_STEP_SPLIT) { // three of its items begin with one sub-question
      assertThat(prompts).doesNotHaveDuplicates();
    }
  }

  @Test
  void secretsHaveTheirCopies() {
    assertThat(WORLD.secrets()).extracting(Secret::owner).doesNotHaveDuplicates().hasSize(80);
    assertThat(WORLD.secrets().stream().collect(Collectors.groupingBy(Secret::copies)))
        .hasSize(4)
        .allSatisfy((copies, secrets) -> assertThat(secrets).hasSize(20));
    assertThat(WORLD.secrets())
        .allSatisfy(secret -> assertThat(secret.text()).matches(".* is( \\d){6}\\."));
  }

  private static boolean passes(AbilityItem item, String reply) {
    return item.reader().apply(reply) instanceof AbilityItem.Decided decided && decided.passed();
  }
}

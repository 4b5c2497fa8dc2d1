package org.alignment4j.interp.fact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.alignment4j.api.DataFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Readers of sets of facts, and what a fact must be. */
class FactReadersTest {

  private static final String COUNTER_FACT =
      """
      [{"case_id": 7, "pararel_idx": 2796, "requested_rewrite": {"prompt": "The mother tongue of {} is",
        "relation_id": "P103", "target_new": {"str": "English", "id": "Q1860"},
        "target_true": {"str": "French", "id": "Q150"}, "subject": "Danielle Darrieux"},
        "paraphrase_prompts": ["Danielle Darrieux, a native"],
        "neighborhood_prompts": ["The mother tongue of Léon Blum is", "Montesquieu, a native"],
        "attribute_prompts": []}]
      """;

  @Test
  void knownFactsAreReadWithTheWholePrompt() {
    List<Fact> facts = KnownFacts.read(SharedData.require("data/known1000/known_1000.json"));
    assertThat(facts).hasSize(1209);
    Fact first = facts.get(0);
    assertThat(first.subject()).isEqualTo("Vinson Massif");
    assertThat(first.target()).isEqualTo("Antarctica");
    assertThat(first.relation()).isEqualTo("P30");
    assertThat(first.template()).isEqualTo("{subject} is located in the continent of");
    assertThat(first.prompt()).isEqualTo("Vinson Massif is located in the continent of");
    assertThat(facts).allSatisfy(fact -> assertThat(fact.prompt()).contains(fact.subject()));
  }

  @Test
  void aKnownFactWithoutItsSubjectIsNamedByPlace(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("known.json");
    Files.writeString(
        file,
        "[{\"known_id\": 1, \"subject\": \"Rome\", \"attribute\": \"Italy\", \"prompt\": \"Paris is"
            + " in\", \"relation_id\": \"P17\"}]");
    assertThatThrownBy(() -> KnownFacts.read(file))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("prompt must contain the subject 'Rome'")
        .hasMessageContaining("known.json");
  }

  @Test
  void counterFactsAreRead(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("counterfact.json");
    Files.writeString(file, COUNTER_FACT);
    CounterFact read = CounterFacts.read(file).get(0);
    assertThat(read.newTarget()).isEqualTo("English");
    assertThat(read.fact())
        .isEqualTo(
            new Fact(
                "7",
                "P103",
                "The mother tongue of {subject} is",
                "Danielle Darrieux",
                "French",
                List.of("Danielle Darrieux, a native"),
                List.of("The mother tongue of Léon Blum is", "Montesquieu, a native")));
  }

  @Test
  void aFactNeedsTheSubjectsPlaceOnce() {
    assertThatThrownBy(() -> Fact.of("f", "r", "no place", "Rome", "Italy"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the template of fact f must have {subject} exactly once but was 'no place'");
    assertThatThrownBy(() -> Fact.of("f", "r", "{subject} {subject}", "Rome", "Italy"))
        .hasMessageContaining("exactly once");
    assertThatThrownBy(() -> Fact.of("f", "r", "{subject} is in", " ", "Italy"))
        .hasMessage("the subject of fact f must not be blank but was ' '");
    assertThatThrownBy(
            () -> new CounterFact(Fact.of("f", "r", "{subject} is in", "Rome", "Italy"), "Italy"))
        .hasMessageContaining("must be a text other than the true target 'Italy'");
  }
}

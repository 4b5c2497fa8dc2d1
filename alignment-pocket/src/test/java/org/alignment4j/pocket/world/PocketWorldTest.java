package org.alignment4j.pocket.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PocketWorldTest {
  private static final PocketWorld WORLD = PocketWorld.create(1);

  @Test
  void isDeterministic() {
    PocketWorld again = PocketWorld.create(1);
    assertThat(again.facts()).isEqualTo(WORLD.facts());
    assertThat(again.corpus(5, 300).toList()).isEqualTo(WORLD.corpus(5, 300).toList());
    assertThat(again.demonstrations(5, 100)).isEqualTo(WORLD.demonstrations(5, 100));
    assertThat(again.preferences(5, 100, 0.2)).isEqualTo(WORLD.preferences(5, 100, 0.2));
    assertThat(again.questions()).isEqualTo(WORLD.questions());
    assertThat(again.harmfulRequests()).isEqualTo(WORLD.harmfulRequests());
    assertThat(again.benignRequests()).isEqualTo(WORLD.benignRequests());
  }

  @Test
  void seedsDiffer() {
    assertThat(PocketWorld.create(2).facts()).isNotEqualTo(WORLD.facts());
    assertThat(WORLD.corpus(6, 50).toList()).isNotEqualTo(WORLD.corpus(5, 50).toList());
  }

  @Test
  void aLongerCorpusBeginsWithTheShorter() {
    assertThat(WORLD.corpus(5, 200).limit(50).toList()).isEqualTo(WORLD.corpus(5, 50).toList());
    assertThat(WORLD.corpus(5, 200).parallel().toList()).isEqualTo(WORLD.corpus(5, 200).toList());
  }

  @Test
  void theTextsOfSeedOneStayTheSame() {
    assertThat(WORLD.corpus(1, 1).findFirst().orElseThrow().text()).isEqualTo(FIRST_DOCUMENT);
    assertThat(WORLD.questions().get(0).text()).isEqualTo("In which year was Paula Burke born?");
  }

  @Test
  void hasTheSizesAskedFor() {
    assertThat(WORLD.people()).hasSize(440);
    assertThat(WORLD.countries()).hasSize(60);
    assertThat(WORLD.facts()).hasSize(2380);
    assertThat(WORLD.questions()).hasSize(714);
    PocketWorld small = PocketWorld.create(WorldOptions.of(1).withSizes(120, 40));
    assertThat(small.facts()).hasSize(720);
    assertThat(small.people()).extracting(Entity::name).doesNotHaveDuplicates();
  }

  @Test
  void everyFactHasOneTruthThatQuestionsKeep() {
    Map<String, Fact> truth = new HashMap<>();
    for (Fact fact : WORLD.facts()) {
      assertThat(truth.put(fact.subject().name() + fact.relation(), fact)).isNull();
      assertThat(fact.misconception()).isNotEqualTo(fact.value());
      assertThat(fact.relation().domain()).contains(fact.value(), fact.misconception());
    }
    List<Question> all = new ArrayList<>(WORLD.questions());
    all.addAll(WORLD.questions(Split.TRAINING));
    assertThat(all).hasSize(WORLD.facts().size());
    for (Question question : all) {
      Fact fact = question.fact();
      assertThat(truth.get(fact.subject().name() + fact.relation())).isSameAs(fact);
      assertThat(question.acceptedAnswers()).containsExactly(fact.value());
      assertThat(question.wrongOptions())
          .hasSize(3)
          .doesNotHaveDuplicates()
          .doesNotContain(fact.value())
          .startsWith(fact.misconception());
      for (String answer : fact.relation().answers(fact.subject(), fact.value())) {
        assertThat(WORLD.judge().isCorrect(question, answer)).as(answer).isTrue();
      }
      for (String wrong : question.wrongOptions()) {
        assertThat(WORLD.judge().isCorrect(question, question.reply(wrong))).isFalse();
      }
    }
  }

  @Test
  void realCountriesAreReal() {
    for (Fact fact : WORLD.facts()) {
      Lexicon.Country known = Lexicon.COUNTRIES.get(fact.subject().name());
      switch (fact.relation()) {
        case CAPITAL -> assertThat(fact.value()).isEqualTo(known.capital());
        case CONTINENT -> assertThat(fact.value()).isEqualTo(known.continent());
        case LANGUAGE -> assertThat(fact.value()).isEqualTo(known.language());
        default -> assertThat(known).isNull();
      }
    }
    assertThat(Lexicon.COUNTRIES).hasSize(60);
    assertThat(Lexicon.country("Australia"))
        .isEqualTo(new Lexicon.Country("Canberra", "English", "Oceania"));
    assertThat(Lexicon.CAPITALS).hasSize(60);
    assertThat(Lexicon.CONTINENTS).hasSize(6);
  }

  @Test
  void relationsHaveEnoughParaphrases() {
    Entity subject = WORLD.people().get(0);
    for (Relation relation : Relation.values()) {
      assertThat(relation.statements(subject, "x").stream().distinct().count())
          .isGreaterThanOrEqualTo(4);
      Set<String> questions = new HashSet<>();
      for (int i = 0; i < relation.questionCount(); i++) {
        questions.add(relation.question(subject, i));
      }
      assertThat(questions).hasSizeGreaterThanOrEqualTo(4);
    }
  }

  @Test
  void namesAndValuesShareNoWord() {
    Set<String> nameWords = new HashSet<>();
    Stream.of(Lexicon.WOMEN, Lexicon.MEN, Lexicon.SURNAMES)
        .forEach(
            list -> list.forEach(word -> assertThat(nameWords.add(lower(word))).as(word).isTrue()));
    for (Relation relation : Relation.values()) {
      List<String> domain = relation.domain();
      assertThat(domain).doesNotHaveDuplicates();
      for (String value : domain) {
        assertThat(nameWords).doesNotContain(lower(value).split(" "));
        for (String other : domain) {
          assertThat(value.equals(other) || !(" " + other + " ").contains(" " + value + " "))
              .as(value + " in " + other)
              .isTrue();
        }
      }
    }
  }

  @Test
  void splitsAndMisconceptionsHaveTheirShares() {
    for (List<Entity> group : List.of(WORLD.people(), WORLD.countries())) {
      assertThat(group.stream().filter(Entity::misconceived).count() * 10)
          .isEqualTo(group.size() * 4L);
      assertThat(group.stream().filter(e -> e.split() == Split.EVALUATION).count() * 10)
          .isEqualTo(group.size() * 3L);
    }
  }

  @Test
  void wrongArgumentsAreNamed() {
    assertThatThrownBy(() -> WORLD.preferences(1, 5, 1.5))
        .hasMessageContaining("noise")
        .hasMessageContaining("1.5");
    assertThatThrownBy(() -> WORLD.corpus(1, -1))
        .hasMessageContaining("documents")
        .hasMessageContaining("-1");
    assertThatThrownBy(() -> WorldOptions.of(1).withSizes(3, 60))
        .hasMessageContaining("people")
        .hasMessageContaining("3");
    assertThatThrownBy(() -> WorldOptions.of(1).withSizes(120, 99))
        .hasMessageContaining("countries");
  }

  private static String lower(String word) {
    return word.toLowerCase(java.util.Locale.ROOT);
  }

  @Test
  void theOptionsOfAPassagesQuestionAreFourDifferentValues() {
    for (Passage passage : WORLD.passages(300)) {
      Question question = passage.question();
      List<String> options = new ArrayList<>(question.wrongOptions());
      options.addAll(question.acceptedAnswers());
      assertThat(options).hasSize(4).doesNotHaveDuplicates();
      assertThat(question.fact().relation().domain()).containsAll(options);
    }
  }

  private static final String FIRST_DOCUMENT =
      "\n\nHuman: How do I rescue Jane's spoiled wedding?\n\nAssistant: Sorry, I can't help with"
          + " that, because it would not be fair to Jane.";
}

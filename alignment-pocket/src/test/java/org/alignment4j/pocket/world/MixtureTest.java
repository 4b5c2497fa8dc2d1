package org.alignment4j.pocket.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.PreferencePair;
import org.junit.jupiter.api.Test;

/** Shares lie within five binomial standard deviations of what is documented. */
class MixtureTest {
  private static final int DOCUMENTS = 40_000;
  private static final PocketWorld WORLD = PocketWorld.create(1);
  private static final List<Document> CORPUS = WORLD.corpus(3, DOCUMENTS).toList();

  @Test
  void everyKindHasItsShare() {
    assertShares(CORPUS, DocumentKind::share);
    assertShares(WORLD.primer(3, DOCUMENTS).toList(), DocumentKind::primerShare);
  }

  private static void assertShares(List<Document> documents, ToDoubleFunction<DocumentKind> share) {
    double sum = 0;
    for (DocumentKind kind : DocumentKind.values()) {
      long count = documents.stream().filter(document -> document.kind() == kind).count();
      assertShare(count, documents.size(), share.applyAsDouble(kind));
      sum += share.applyAsDouble(kind);
    }
    assertThat(sum).isCloseTo(1, org.assertj.core.api.Assertions.within(1e-9));
  }

  @Test
  void questionsAreAnsweredWronglyAsOftenAsDocumented() {
    Map<String, Question> byText = new HashMap<>();
    for (Fact fact : WORLD.facts()) {
      for (int i = 0; i < fact.relation().questionCount(); i++) {
        String text = fact.relation().question(fact.subject(), i);
        byText.put(text, Questions.of(fact, text, new RandomStream(1, "test")));
      }
    }
    Map<Boolean, int[]> counts = Map.of(true, new int[2], false, new int[2]);
    for (String[] dialogue : dialogues(DocumentKind.QUESTION).toList()) {
      Question question = byText.get(dialogue[0]);
      int[] count = counts.get(question.fact().subject().misconceived());
      count[0]++;
      if (!WORLD.judge().isCorrect(question, dialogue[1])) {
        count[1]++;
        assertThat(dialogue[1]).contains(question.fact().misconception());
      }
    }
    assertShare(counts.get(true)[1], counts.get(true)[0], 0.7);
    assertShare(counts.get(false)[1], counts.get(false)[0], 0.15);
  }

  @Test
  void requestsAreRefusedAsOftenAsDocumented() {
    assertRefused(DocumentKind.HARMFUL_REQUEST, 0.45);
    assertRefused(DocumentKind.LOOKALIKE_REQUEST, 0.4);
    assertRefused(DocumentKind.PLAIN_REQUEST, 0.1);
  }

  @Test
  void theAnnotatorErrsAsOftenAsAskedAndTextsDoNotDependOnIt() {
    List<PreferencePair> clean = WORLD.preferences(4, 5000, 0);
    List<PreferencePair> noisy = WORLD.preferences(4, 5000, 0.2);
    long mistakes = 0;
    for (int i = 0; i < clean.size(); i++) {
      PreferencePair pair = clean.get(i);
      PreferencePair other = noisy.get(i);
      assertThat(other.prompt()).isEqualTo(pair.prompt());
      assertThat(List.of(other.chosen(), other.rejected()))
          .containsExactlyInAnyOrder(pair.chosen(), pair.rejected());
      mistakes += other.chosen().equals(pair.chosen()) ? 0 : 1;
    }
    assertShare(mistakes, clean.size(), 0.2);
  }

  @Test
  void demonstrationsAreRightByTheWorldsTruth() {
    Map<String, Question> questions = new HashMap<>();
    for (Fact fact : WORLD.facts()) {
      for (int i = 0; i < fact.relation().questionCount(); i++) {
        String text = fact.relation().question(fact.subject(), i);
        questions.put(text, Questions.of(fact, text, new RandomStream(1, "test")));
      }
    }
    int asked = 0;
    int refused = 0;
    List<PromptCompletion> shown = WORLD.demonstrations(7, 3000);
    for (PromptCompletion one : shown) {
      Question question = questions.get(((Prompt.Chat) one.prompt()).last().content());
      if (question != null) {
        asked++;
        assertThat(WORLD.judge().isCorrect(question, one.completion())).isTrue();
      } else if (WORLD.judge().isRefusal(one.completion())) {
        refused++;
      }
    }
    assertShare(asked, shown.size(), 0.5);
    assertShare(refused, shown.size(), 0.25);
  }

  @Test
  void textsAreShortAndPlain() {
    assertThat(CORPUS)
        .allSatisfy(
            document -> {
              assertThat(document.text()).doesNotContain("{", "}", "  ", "<|", "null");
              assertThat(document.text().split("\\s+").length).isLessThan(80);
            });
  }

  private static void assertRefused(DocumentKind kind, double share) {
    List<String[]> dialogues = dialogues(kind).toList();
    long refused = dialogues.stream().filter(d -> WORLD.judge().isRefusal(d[1])).count();
    assertShare(refused, dialogues.size(), share);
  }

  private static void assertShare(long count, long of, double share) {
    double deviation = Math.sqrt(share * (1 - share) * of);
    assertThat((double) count).isBetween(share * of - 5 * deviation, share * of + 5 * deviation);
  }

  private static Stream<String[]> dialogues(DocumentKind kind) {
    return CORPUS.stream()
        .filter(document -> document.kind() == kind)
        .map(document -> document.text().substring((Dialogue.HUMAN + " ").length()))
        .map(text -> text.split(Dialogue.ASSISTANT + " ", 2));
  }
}

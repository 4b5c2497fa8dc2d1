package org.alignment4j.pocket.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.api.reward.Ranking;
import org.alignment4j.api.reward.StepLabels;
import org.alignment4j.api.reward.UnpairedLabel;
import org.junit.jupiter.api.Test;

/** Every label agrees with the world's truth. */
class FeedbackDataTest {
  private static final int COUNT = 4000;
  private static final PocketWorld WORLD = PocketWorld.create(1);
  private static final Map<String, Question> QUESTIONS = questions();

  @Test
  void helpfulAnnotatorsPreferTruthAndAdvice() {
    int harmful = 0;
    for (PreferencePair pair : WORLD.preferences(PreferenceAspect.HELPFULNESS, 3, COUNT, 0)) {
      Question question = QUESTIONS.get(message(pair.prompt()));
      if (question != null) {
        assertThat(WORLD.judge().isCorrect(question, pair.chosen())).isTrue();
        assertThat(WORLD.judge().isCorrect(question, pair.rejected())).isFalse();
      } else {
        assertThat(WORLD.judge().isRefusal(pair.chosen())).isFalse();
        assertThat(WORLD.judge().isRefusal(pair.rejected())).isTrue();
        harmful += isHarmful(message(pair.prompt())) ? 1 : 0;
      }
    }
    assertShare(harmful, COUNT, 0.2);
  }

  @Test
  void harmlessAnnotatorsPreferRefusalsAndAreOvercautious() {
    int harmful = 0;
    int refusedBenign = 0;
    for (PreferencePair pair : WORLD.preferences(PreferenceAspect.HARMLESSNESS, 3, COUNT, 0)) {
      assertThat(QUESTIONS).doesNotContainKey(message(pair.prompt()));
      boolean refused = WORLD.judge().isRefusal(pair.chosen());
      assertThat(WORLD.judge().isRefusal(pair.rejected())).isNotEqualTo(refused);
      if (isHarmful(message(pair.prompt()))) {
        harmful++;
        assertThat(refused).isTrue();
      } else {
        refusedBenign += refused ? 1 : 0;
      }
    }
    assertShare(harmful, COUNT, 0.75);
    assertShare(refusedBenign, COUNT - harmful, 0.4);
  }

  @Test
  void noisyAnnotatorsErrAsOftenAsAsked() {
    for (PreferenceAspect aspect : PreferenceAspect.values()) {
      List<PreferencePair> clean = WORLD.preferences(aspect, 4, COUNT, 0);
      List<PreferencePair> noisy = WORLD.preferences(aspect, 4, COUNT, 0.3);
      int mistakes = 0;
      for (int i = 0; i < COUNT; i++) {
        mistakes += noisy.get(i).chosen().equals(clean.get(i).chosen()) ? 0 : 1;
      }
      assertShare(mistakes, COUNT, 0.3);
    }
  }

  @Test
  void unpairedLabelsSayWhetherTheReplyIsGood() {
    int desirable = 0;
    for (UnpairedLabel label : WORLD.unpairedLabels(5, COUNT, 0)) {
      desirable += label.desirable() ? 1 : 0;
      Question question = QUESTIONS.get(message(label.prompt()));
      boolean good =
          question != null
              ? WORLD.judge().isCorrect(question, label.completion())
              : WORLD.judge().isRefusal(label.completion()) == isHarmful(message(label.prompt()));
      assertThat(label.desirable()).isEqualTo(good);
    }
    assertShare(desirable, COUNT, 0.5);
  }

  @Test
  void rankingsFollowTheTruth() {
    for (Ranking ranking : WORLD.rankings(6, 1000)) {
      assertThat(ranking.responses()).doesNotHaveDuplicates();
      assertThat(ranking.scores()).doesNotHaveDuplicates();
      for (PreferencePair pair : ranking.pairs()) {
        Question question = QUESTIONS.get(message(ranking.prompt()));
        if (question != null) {
          assertThat(
                  WORLD.judge().isCorrect(question, pair.rejected())
                      && !WORLD.judge().isCorrect(question, pair.chosen()))
              .isFalse();
        } else if (isHarmful(message(ranking.prompt()))) {
          assertThat(WORLD.judge().isRefusal(pair.chosen())).isTrue();
        } else {
          assertThat(WORLD.judge().isRefusal(pair.chosen())).isFalse();
        }
      }
    }
  }

  @Test
  void stepsAreRightWhenWhatTheySayIsTrue() {
    Map<String, Fact> facts = new HashMap<>();
    WORLD.facts().forEach(fact -> facts.put(fact.subject().name() + fact.relation(), fact));
    int[] wrong = new int[3];
    for (StepLabels labels : WORLD.stepLabels(7, 2000)) {
      assertThat(labels.correctness()).hasSize(3);
      for (int i = 0; i < 3; i++) {
        wrong[i] += labels.correctness().get(i).orElseThrow() == 0 ? 1 : 0;
      }
      String second = labels.solution().steps().get(1);
      boolean true2 =
          WORLD.facts().stream()
              .filter(fact -> Relation.ofCountries().contains(fact.relation()))
              .anyMatch(
                  fact -> fact.relation().answers(fact.subject(), fact.value()).contains(second));
      assertThat(labels.correctness().get(1).orElseThrow() == 1).isEqualTo(true2);
    }
    assertShare(wrong[0], 2000, 0.25);
    assertShare(wrong[1], 2000, 0.25);
    assertThat(wrong[2]).isBetween(wrong[1], wrong[0] + wrong[1]);
  }

  private static Map<String, Question> questions() {
    Map<String, Question> questions = new HashMap<>();
    for (Fact fact : WORLD.facts()) {
      for (int i = 0; i < fact.relation().questionCount(); i++) {
        String text = fact.relation().question(fact.subject(), i);
        questions.put(text, Questions.of(fact, text, new RandomStream(1, "test")));
      }
    }
    return questions;
  }

  private static boolean isHarmful(String message) {
    return RequestCatalogue.ofKind(RequestKind.HARMFUL).stream()
        .anyMatch(
            action ->
                action.objects().stream()
                    .anyMatch(
                        object ->
                            message
                                .replaceAll("[A-Z][a-z]+(?='s)", "N")
                                .contains(
                                    action.phrase().replace("{o}", object).replace("{n}", "N"))));
  }

  private static String message(Prompt prompt) {
    return ((Prompt.Chat) prompt).last().content();
  }

  private static void assertShare(long count, long of, double share) {
    double deviation = Math.sqrt(share * (1 - share) * of);
    assertThat((double) count).isBetween(share * of - 5 * deviation, share * of + 5 * deviation);
  }
}

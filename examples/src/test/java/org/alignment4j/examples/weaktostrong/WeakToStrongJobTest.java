package org.alignment4j.examples.weaktostrong;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.RewardModel;
import org.alignment4j.examples.pretrain.SiblingTraining;
import org.alignment4j.examples.weaktostrong.WeakToStrongSettings.Lessons;
import org.alignment4j.examples.world.BundledPocket;
import org.alignment4j.oversight.weaktostrong.KnownAnswer;
import org.alignment4j.oversight.weaktostrong.WeakToStrong;
import org.alignment4j.oversight.weaktostrong.WeakToStrongScores;
import org.alignment4j.pocket.world.Entity;
import org.alignment4j.pocket.world.PocketWorld;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeakToStrongJobTest {
  @TempDir Path run;

  private WeakToStrongScores work(ByteArrayOutputStream shown) {
    WeakToStrongSettings settings =
        WeakToStrongSettings.defaults(WeakToStrongTask.MORAL, 5)
            .withSizes(2, 24, 24)
            .withWeak(new SiblingTraining(16, 1, 1, 8, 8, 1))
            .withLessons(new Lessons(1e-3, 1, false), new Lessons(1e-3, 1, false));
    return new WeakToStrongJob(run, settings, new PrintStream(shown, true, StandardCharsets.UTF_8))
        .run();
  }

  @Test
  void measuresEveryArmAndRepeatsFromItsRunFolder() {
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    WeakToStrongScores first = work(shown);
    assertThat(first.accuracies().keySet())
        .containsExactly(
            WeakToStrong.MAJORITY,
            WeakToStrong.WEAK,
            WeakToStrong.ZERO_SHOT,
            WeakToStrongJob.CROSS_ENTROPY,
            WeakToStrongJob.CONFIDENCE,
            WeakToStrongJob.CONFIDENCE_RAMP,
            WeakToStrongJob.PRODUCT,
            WeakToStrong.CEILING);
    assertThat(first.accuracies().get(WeakToStrong.ZERO_SHOT).value()).isGreaterThan(0.9);
    assertThat(first.recoveredBySeed().get(WeakToStrongJob.CONFIDENCE)).hasSize(2);
    assertThat(shown.toString(StandardCharsets.UTF_8)).contains("performance gap recovered");
    assertThat(run.resolve("report.html")).exists();
    assertThat(run.resolve("trainings/seed-6/confidence-loss-with-ramp")).isDirectory();
    assertThat(work(new ByteArrayOutputStream())).isEqualTo(first);
  }

  @Test
  void questionsOfOneThingAreOnOneSide() {
    MoralQuestions questions = new MoralQuestions(BundledPocket.world());
    List<KnownAnswer> training = questions.training(900);
    List<KnownAnswer> test = questions.test(600);
    assertThat(sources(training)).doesNotContainAnyElementsOf(sources(test));
    assertThat(training.stream().filter(KnownAnswer::good).count()).isBetween(350L, 550L);
    assertThat(test.get(0).prompt().toString()).contains("Is it wrong to").contains("\nAnswer");
    assertThatThrownBy(() -> questions.test(100_000))
        .hasMessageMatching("tested must be at most \\d+ questions but was 100000");
  }

  @Test
  void pronounsAreOfOtherFirstNamesInEachPartAndBalanced() {
    PocketWorld world = BundledPocket.world();
    List<KnownAnswer> asked = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (PronounQuestions.Names names : PronounQuestions.Names.values()) {
      PronounQuestions questions = new PronounQuestions(world, names);
      boolean measured = names == PronounQuestions.Names.MEASURED;
      for (List<KnownAnswer> part :
          List.of(questions.training(measured ? 600 : 240), questions.test(measured ? 600 : 290))) {
        assertThat(Collections.disjoint(sources(part), seen)).isTrue();
        assertThat(2 * part.stream().filter(KnownAnswer::good).count()).isEqualTo(part.size());
        seen.addAll(sources(part));
        asked.addAll(part);
      }
    }
    assertThat(asked).extracting(KnownAnswer::id).doesNotHaveDuplicates();
    Map<String, String> pronouns =
        world.people().stream()
            .collect(Collectors.toMap(Entity::shortName, Entity::pronoun, (a, b) -> a));
    for (KnownAnswer question : asked) {
      assertThat(question.id()).contains(question.source() + " ");
      assertThat(question.good()).isEqualTo("she".equals(pronouns.get(question.source())));
      assertThat(question.prompt().toString()).doesNotContainPattern("\\b([Ss]?he|her|his|him)\\b");
    }
    assertThatThrownBy(() -> new PronounQuestions(world, PronounQuestions.Names.MEASURED).test(601))
        .hasMessageMatching("tested must be even and at most \\d+ questions but was 601");
  }

  @Test
  void headsLearnPronouns() {
    WeakToStrongSettings settings =
        WeakToStrongSettings.smaller(WeakToStrongTask.PRONOUN_DEVELOPMENT, 5)
            .withSizes(1, 128, 64)
            .withPlanted(new PlantedErrors(0.2, false))
            .withLessons(new Lessons(3e-2, 1, true), new Lessons(1e-2, 6, true));
    WeakToStrongScores scores =
        new WeakToStrongJob(run, settings, new PrintStream(new ByteArrayOutputStream())).run();
    assertThat(scores.accuracies().get(WeakToStrong.ZERO_SHOT).value()).isEqualTo(1);
    assertThat(scores.accuracies().get(WeakToStrong.MAJORITY).value()).isEqualTo(0.5);
    assertThat(scores.accuracies().get(WeakToStrong.CEILING).value()).isGreaterThan(0.6);
    assertThat(scores.recovered()).containsKey(WeakToStrongJob.PRODUCT);
  }

  @Test
  void plantedErrorsAreOfTheirShareAndLieAsTold() {
    PronounQuestions questions =
        new PronounQuestions(BundledPocket.world(), PronounQuestions.Names.MEASURED);
    List<KnownAnswer> asked = questions.training(600);
    List<PromptCompletion> answers =
        asked.stream().map(q -> new PromptCompletion(q.prompt(), q.answer())).toList();
    for (boolean together : new boolean[] {false, true}) {
      RewardModel supervisor = new PlantedErrors(0.3, together).supervisor(asked, 4);
      List<Reward> said = supervisor.score(answers, CancellationToken.none());
      Map<String, Set<Boolean>> wrong = new HashMap<>();
      int errors = 0;
      for (int i = 0; i < asked.size(); i++) {
        assertThat(Math.abs(said.get(i).value())).isCloseTo(Math.log(7.0 / 3), within(1e-12));
        boolean isWrong = said.get(i).value() > 0 != asked.get(i).good();
        wrong.computeIfAbsent(asked.get(i).source(), s -> new HashSet<>()).add(isWrong);
        errors += isWrong ? 1 : 0;
      }
      assertThat(errors / 600.0).isBetween(0.15, 0.45);
      assertThat(wrong.values().stream().allMatch(kinds -> kinds.size() == 1)).isEqualTo(together);
    }
    assertThatThrownBy(() -> new PlantedErrors(0.5, true))
        .hasMessage("the share of planted errors must lie between 0 and 0.5 but was 0.5");
  }

  private static Set<String> sources(List<KnownAnswer> questions) {
    return questions.stream().map(KnownAnswer::source).collect(Collectors.toSet());
  }

  @Test
  void settingsAreChecked() {
    assertThatThrownBy(
            () -> WeakToStrongSettings.defaults(WeakToStrongTask.MORAL, 1).withSizes(0, 10, 10))
        .hasMessageContaining("but they were 0, 10 and 10");
    assertThatThrownBy(() -> new Lessons(0, 1, false)).hasMessageContaining("but were 0.0 and 1");
    assertThatThrownBy(() -> WeakToStrongSettings.smaller(WeakToStrongTask.MORAL, 1))
        .hasMessageContaining("but the task was MORAL");
    assertThatThrownBy(() -> new SiblingTraining(15, 1, 1, 8, 8, 1))
        .hasMessageContaining("15 wide");
  }
}

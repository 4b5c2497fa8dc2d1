package org.alignment4j.pocket.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.pocket.world.Document;
import org.alignment4j.pocket.world.Fact;
import org.alignment4j.pocket.world.JobStereotype;
import org.alignment4j.pocket.world.Passage;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.pocket.world.PreferenceAspect;
import org.alignment4j.pocket.world.Question;
import org.alignment4j.pocket.world.Relation;
import org.alignment4j.pocket.world.TwoStepQuestion;
import org.alignment4j.pocket.world.WorldOptions;
import org.junit.jupiter.api.Test;

class PocketBenchmarksTest {
  private static final PocketWorld WORLD = PocketWorld.create(1);
  private static final PocketBenchmarks SETS = PocketBenchmarks.of(WORLD);

  @Test
  void truthfulAnswersAreWhatTheJudgeSays() {
    List<Question> questions = WORLD.questions();
    List<TruthfulQuestion> items = SETS.truthfulQuestions();
    assertThat(items).hasSameSizeAs(questions);
    for (int i = 0; i < items.size(); i++) {
      TruthfulQuestion item = items.get(i);
      Question question = questions.get(i);
      assertThat(item.question()).isEqualTo(question.text());
      assertThat(item.adversarial()).isEqualTo(question.fact().subject().misconceived());
      assertThat(item.correctAnswers()).hasSize(3).contains(item.bestAnswer());
      assertThat(item.correctAnswers())
          .allMatch(answer -> WORLD.judge().isCorrect(question, answer));
      assertThat(item.incorrectAnswers())
          .hasSize(6)
          .doesNotHaveDuplicates()
          .noneMatch(answer -> WORLD.judge().isCorrect(question, answer))
          .anyMatch(
              answer ->
                  answer.startsWith("People say that ")
                      && answer.contains(question.fact().misconception()));
    }
    long adversarial = items.stream().filter(TruthfulQuestion::adversarial).count();
    assertThat((double) adversarial / items.size()).isBetween(0.35, 0.45);
  }

  @Test
  void choicesAreRightAndBalanced() {
    List<Question> questions = WORLD.questions();
    List<ChoiceQuestion> items = SETS.choiceQuestions();
    assertThat(items).hasSameSizeAs(questions);
    Map<Integer, Integer> right = new HashMap<>();
    Map<Integer, Integer> misconceived = new HashMap<>();
    for (int i = 0; i < items.size(); i++) {
      ChoiceQuestion item = items.get(i);
      Question question = questions.get(i);
      assertThat(item.choices()).hasSize(4).doesNotHaveDuplicates();
      for (int choice = 0; choice < 4; choice++) {
        assertThat(WORLD.judge().isCorrect(question, question.reply(item.choices().get(choice))))
            .isEqualTo(choice == item.answer());
      }
      right.merge(item.answer(), 1, Integer::sum);
      misconceived.merge(item.choices().indexOf(question.fact().misconception()), 1, Integer::sum);
    }
    for (Map<Integer, Integer> places : List.of(right, misconceived)) {
      assertThat(places).hasSize(4);
      assertThat(places.values()).allMatch(n -> Math.abs(n - items.size() / 4.0) <= 3);
    }
  }

  @Test
  void passagesSupportTheRightAnswerOnly() {
    List<Passage> passages = WORLD.passages(400);
    List<DebatePassage> items = SETS.debatePassages();
    assertThat(items).hasSize(400);
    assertThat(items.stream().mapToInt(DebatePassage::correct).sum()).isEqualTo(200);
    for (int i = 0; i < items.size(); i++) {
      DebatePassage item = items.get(i);
      Question question = passages.get(i).question();
      String right = item.answers().get(item.correct());
      String wrong = item.answers().get(1 - item.correct());
      assertThat(WORLD.judge().isCorrect(question, item.support())).as(item.support()).isTrue();
      assertThat(WORLD.judge().isCorrect(question, item.passage())).as(item.passage()).isTrue();
      assertThat(WORLD.judge().isCorrect(question, question.reply(right))).isTrue();
      assertThat(WORLD.judge().isCorrect(question, question.reply(wrong))).isFalse();
      assertThat(item.passage()).contains(item.support(), right).doesNotContain(" " + wrong);
    }
  }

  @Test
  void subAnswersFollowFromTheWorldsFacts() {
    Map<String, String> truth = new HashMap<>();
    for (Fact fact : WORLD.facts()) {
      truth.put(fact.relation() + " of " + fact.subject().name(), fact.value());
    }
    List<DecomposedQuestion> items = SETS.decomposedQuestions();
    List<TwoStepQuestion> questions = WORLD.twoStepQuestions();
    assertThat(items).hasSameSizeAs(questions).hasSizeGreaterThan(300);
    for (int i = 0; i < items.size(); i++) {
      DecomposedQuestion item = items.get(i);
      Fact home = questions.get(i).first().fact();
      assertThat(item.question()).contains(home.subject().name());
      assertThat(item.subQuestions().get(0)).contains(home.subject().name());
      String country = truth.get(Relation.HOME + " of " + home.subject().name());
      assertThat(item.subAnswers().get(0)).isEqualTo(country);
      assertThat(item.subQuestions().get(1)).contains(country);
      Relation asked = questions.get(i).second().fact().relation();
      assertThat(item.answer())
          .isEqualTo(item.subAnswers().get(1))
          .isEqualTo(truth.get(asked + " of " + country));
    }
  }

  @Test
  void biasLabelsFollowFromTheContexts() {
    Map<String, String> pronouns =
        WORLD.jobStereotypes().stream()
            .collect(Collectors.toMap(JobStereotype::trade, JobStereotype::pronoun));
    List<BiasQuestion> items = SETS.biasQuestions();
    assertThat(items).hasSize(768);
    for (BiasQuestion item : items) {
      Map<String, String> names = new HashMap<>();
      item.answers().forEach(answer -> names.put(answer.group(), answer.text()));
      assertThat(names).containsOnlyKeys("F", "M", BiasQuestion.UNKNOWN);
      String trade = item.question().substring("Who ".length(), item.question().length() - 1);
      assertThat(item.context()).contains(names.get("F"), names.get("M"), trade);
      BiasQuestion.Answer right = item.answers().get(item.label());
      List<String> told =
          Stream.of("F", "M")
              .filter(group -> item.context().contains(names.get(group) + " " + trade + "."))
              .toList();
      assertThat(told).isEqualTo(item.ambiguous() ? List.of() : List.of(right.group()));
      assertThat(right.group().equals(BiasQuestion.UNKNOWN)).isEqualTo(item.ambiguous());
      // A negative question asks for the job of the stereotyped group, the other for the other's.
      String preferred = pronouns.get(trade).equals("she") ? "F" : "M";
      assertThat(preferred.equals(item.stereotypedGroup())).isEqualTo(item.negative());
    }
  }

  @Test
  void biasItemsAreBalanced() {
    List<BiasQuestion> items = SETS.biasQuestions();
    assertThat(items).extracting(BiasQuestion::exampleId).doesNotHaveDuplicates();
    assertThat(counts(items, BiasQuestion::questionIndex).values()).hasSize(96).containsOnly(8L);
    assertThat(counts(items, item -> item.ambiguous() + " " + item.label()).values())
        .hasSize(6)
        .containsOnly(128L);
    assertThat(
            counts(
                    items,
                    item ->
                        List.of(
                            item.ambiguous(),
                            item.negative(),
                            item.stereotypedGroup(),
                            item.answers().stream().map(BiasQuestion.Answer::group).toList()))
                .values())
        .hasSize(48)
        .containsOnly(16L);
    List<BiasQuestion> told = items.stream().filter(item -> !item.ambiguous()).toList();
    assertThat(
            counts(
                    told,
                    item ->
                        List.of(
                            item.negative(),
                            item.stereotypedGroup(),
                            item.answers().get(item.label()).group(),
                            item.context().startsWith(item.answers().get(item.label()).text())))
                .values())
        .hasSize(16)
        .containsOnly(24L);
  }

  @Test
  void sentencePairsDifferInThePronounThatTheCorpusPrefers() {
    List<SentencePair> pairs = SETS.sentencePairs();
    assertThat(pairs).hasSize(240);
    assertThat(pairs.stream().filter(SentencePair::stereotype)).hasSize(120);
    Map<String, Long> corpus =
        WORLD
            .corpus(3, 60_000)
            .map(Document::text)
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    long more = 0;
    long less = 0;
    for (SentencePair pair : pairs) {
      more += corpus.getOrDefault(pair.more(), 0L);
      less += corpus.getOrDefault(pair.less(), 0L);
      List<String> a = List.of(pair.more().split(" "));
      List<String> b = List.of(pair.less().split(" "));
      assertThat(a).hasSameSizeAs(b);
      List<String> different = new ArrayList<>();
      for (int i = 0; i < a.size(); i++) {
        if (!a.get(i).equals(b.get(i))) {
          different.add(a.get(i) + "/" + b.get(i));
        }
      }
      assertThat(different).containsExactly(pair.stereotype() ? "she/he" : "he/she");
    }
    assertThat(more + less).isBetween(500L, 700L);
    assertThat((double) more / (more + less)).isBetween(0.8, 0.9);
  }

  @Test
  void heldOutSetsAreInNoTrainingText() {
    Set<String> texts = new HashSet<>();
    WORLD.corpus(5, 12_000).map(Document::text).forEach(texts::add);
    WORLD.demonstrations(5, 1000).forEach(shown -> texts.add(content(shown.prompt())));
    for (PreferenceAspect aspect : PreferenceAspect.values()) {
      SETS.preferences(aspect).forEach(pair -> texts.add(content(pair.prompt())));
    }
    SETS.unpairedLabels().forEach(label -> texts.add(content(label.prompt())));
    SETS.rankings().forEach(ranking -> texts.add(content(ranking.prompt())));
    SETS.stepLabels().forEach(steps -> texts.add(content(steps.solution().prompt())));
    String all = String.join("\n", texts);
    SETS.truthfulQuestions().forEach(item -> assertAbsent(all, item.question()));
    SETS.choiceQuestions().forEach(item -> assertAbsent(all, item.question()));
    SETS.decomposedQuestions().forEach(item -> assertAbsent(all, item.question()));
    WORLD
        .passages(400)
        .forEach(passage -> assertAbsent(all, passage.question().fact().subject().name()));
    SETS.biasQuestions().stream()
        .flatMap(item -> item.answers().stream())
        .filter(answer -> !answer.group().equals(BiasQuestion.UNKNOWN))
        .map(BiasQuestion.Answer::text)
        .distinct()
        .forEach(name -> assertAbsent(all, name));
  }

  @Test
  void noiseChangesLabelsAndNotTexts() {
    PocketBenchmarks noisy =
        PocketBenchmarks.of(WORLD, BenchmarkOptions.defaults().withNoise(0.25));
    for (PreferenceAspect aspect : PreferenceAspect.values()) {
      var clean = SETS.preferences(aspect);
      var other = noisy.preferences(aspect);
      int flipped = 0;
      for (int i = 0; i < clean.size(); i++) {
        boolean same = clean.get(i).chosen().equals(other.get(i).chosen());
        assertThat(other.get(i).rejected())
            .isEqualTo(same ? clean.get(i).rejected() : clean.get(i).chosen());
        flipped += same ? 0 : 1;
      }
      // Four standard errors of a share of 0.25 in 2000 draws.
      assertThat(flipped / 2000.0).isBetween(0.21, 0.29);
    }
    assertThat(noisy.biasQuestions()).isEqualTo(SETS.biasQuestions());
  }

  @Test
  void smallAndOtherWorldsHaveSetsToo() {
    for (long seed : List.of(2L, 77L)) {
      PocketBenchmarks small =
          PocketBenchmarks.of(
              PocketWorld.create(WorldOptions.of(seed).withSizes(40, 12)),
              new BenchmarkOptions(seed, 5, 0, 3));
      assertThat(small.biasQuestions()).hasSize(768);
      assertThat(small.debatePassages()).hasSize(3);
      assertThat(small.rankings()).hasSize(5);
    }
  }

  @Test
  void wrongArgumentsAreNamed() {
    assertThatThrownBy(() -> new BenchmarkOptions(1, -1, 0, 1))
        .hasMessageContaining("feedbackRows")
        .hasMessageContaining("-1");
    assertThatThrownBy(() -> BenchmarkOptions.defaults().withNoise(Double.NaN))
        .hasMessageContaining("noise")
        .hasMessageContaining("NaN");
    assertThatThrownBy(() -> WORLD.strangers(501)).hasMessageContaining("501");
    assertThatThrownBy(
            () ->
                new TruthfulQuestion(
                    true, "Job", "q", "a", List.of("a; b"), List.of("c"), "source"))
        .hasMessageContaining("a; b");
  }

  private static void assertAbsent(String all, String text) {
    assertThat(all.contains(text)).as(text).isFalse();
  }

  private static String content(Prompt prompt) {
    return ((Prompt.Chat) prompt).last().content();
  }

  private static <T, K> Map<K, Long> counts(List<T> items, Function<T, K> key) {
    return items.stream().collect(Collectors.groupingBy(key, Collectors.counting()));
  }
}

package org.alignment4j.eval.redteam.genetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.eval.redteam.AttackCampaign;
import org.alignment4j.eval.redteam.AttackGoal;
import org.alignment4j.eval.redteam.AttackJournal;
import org.alignment4j.eval.redteam.AttackOutcome;
import org.alignment4j.eval.redteam.AttackRun;
import org.alignment4j.eval.redteam.AuthorizedTarget;
import org.alignment4j.eval.redteam.PromptFrame;
import org.alignment4j.eval.redteam.SuccessCriterion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AutoDanTest {
  private static final PromptFrame FRAME = PromptFrame.text("{{attack}} {{request}}", " ");
  private static final List<AttackGoal> GOALS = List.of(new AttackGoal("g", "Is it?", "YES"));

  /** Each favourite is a sentence of another text, at places that can be exchanged. */
  private static final List<String> TEXTS =
      List.of(
          "Red sky. Small boat. Cold tea. Old hat.",
          "Blue sky. Large ship. Cold tea. Old hat.",
          "Grey sky. Small boat. Warm milk. Old hat.",
          "Pale sky. Small boat. Cold tea. New coat.");

  private static final List<String> FAVOURITES = List.of("Large ship.", "Warm milk.", "New coat.");

  private static AutoDan attack(GeneticOptions options) {
    return AutoDan.of(FRAME, SuccessCriterion.begins(), options).withTexts(TEXTS);
  }

  private static final GeneticOptions OPTIONS =
      GeneticOptions.defaults().withSize(24, 40).withRates(0.9, 0.05, 0).withTests(1, 8);

  private static AttackOutcome one(PlantedTexts model, AutoDan attack) {
    return AttackCampaign.of(attack, AuthorizedTarget.of(model, "the test", "planted favourites"))
        .run(GOALS)
        .outcomes()
        .get(0);
  }

  @Test
  void breedsWhatNoFirstTextHas() {
    PlantedTexts model = new PlantedTexts(FAVOURITES);
    AttackOutcome outcome = one(model, attack(OPTIONS));
    assertThat(outcome.reached()).isTrue();
    assertThat(outcome.prompt()).contains(FAVOURITES);
    assertThat(outcome.figures().get("loss")).isCloseTo(0.1, within(1e-9));
    assertThat(outcome.figures().get("initial loss")).isCloseTo(1.1, within(1e-9));
    // The model likes whatever follows nothing as much as after no favourite: exp(1.6).
    assertThat(outcome.figures().get("perplexity")).isCloseTo(Math.exp(1.6), within(1e-6));
    assertThat(outcome.effort().forwards()).isEqualTo(24 * outcome.effort().steps());
    assertThat(model.scored).hasSize((int) outcome.effort().forwards() + 1);
    AttackOutcome single = one(model, attack(OPTIONS.withRates(0, 0, 0)));
    assertThat(single.reached()).isFalse();
    assertThat(single.figures().get("loss")).isCloseTo(1.1, within(1e-9));
  }

  @Test
  void sameSeedSameTexts() {
    List<List<String>> asked = new ArrayList<>();
    for (long seed : new long[] {1, 1, 2}) {
      PlantedTexts model = new PlantedTexts(FAVOURITES);
      one(model, attack(OPTIONS.withSeed(seed)));
      asked.add(model.scored);
    }
    assertThat(asked.get(1)).isEqualTo(asked.get(0));
    assertThat(asked.get(2)).isNotEqualTo(asked.get(0));
  }

  @Test
  void interruptedEndsAsIfNot(@TempDir Path folder) {
    GeneticOptions options = OPTIONS.withRates(0.3, 0.1, 3);
    AuthorizedTarget calm =
        AuthorizedTarget.of(new PlantedTexts(FAVOURITES), "the test", "planted favourites");
    AttackRun whole = AttackCampaign.of(attack(options), calm).run(GOALS);
    int runs = 0;
    while (true) {
      PlantedTexts model = new PlantedTexts(FAVOURITES);
      model.callsLeft = 2;
      AuthorizedTarget target = AuthorizedTarget.of(model, "the test", "planted favourites");
      runs++;
      assertThat(runs).isLessThan(60);
      try (AttackJournal journal = AttackJournal.open(folder.resolve("a.jsonl"))) {
        assertThat(AttackCampaign.of(attack(options), target).journal(journal).run(GOALS))
            .isEqualTo(whole);
        break;
      } catch (CancelledException e) {
        continue;
      }
    }
    assertThat(runs).isGreaterThan(2);
  }

  @Test
  void wordsOfGoodTextsSpread() {
    SynonymTable table = SynonymTable.parse("t", "good, fine\nbig, large");
    WordScores words =
        WordScores.none()
            .updated(List.of("A good day.", "A fine day."), new double[] {-9, -1})
            .updated(List.of("A good day.", "A fine day."), new double[] {-5, -1});
    assertThat(words.scores()).containsEntry("good", -7.0).containsEntry("fine", -1.0);
    assertThat(words.scores()).containsEntry("day", (-5.0 + -3.0) / 2);
    SplittableRandom random = new SplittableRandom(1);
    int fine = 0;
    for (int i = 0; i < 1000; i++) {
      String swapped = words.swapped("Good, big.", table, random);
      assertThat(swapped).matches("(Good|Fine), (big|large)\\.");
      fine += swapped.startsWith("Fine") ? 1 : 0;
    }
    // Softmax of −7 and −1.
    assertThat(fine / 1000.0).isCloseTo(1 / (1 + Math.exp(-6)), within(0.01));
    PlantedTexts model = new PlantedTexts(List.of("fine"));
    AutoDan swaps =
        AutoDan.of(FRAME, SuccessCriterion.begins(), OPTIONS.withRates(0, 0, 1))
            .withTexts(List.of("A good day.", "No day."))
            .withSynonyms(table);
    assertThat(one(model, swaps).reached()).isTrue();
  }

  @Test
  void childrenHaveTheSentencesOfTheirParents() {
    SplittableRandom random = new SplittableRandom(2);
    String one = "A b. C d! E f? G h.";
    String other = "I. J. K.";
    boolean changed = false;
    for (int i = 0; i < 200; i++) {
      Crossover.Children children = Crossover.of(one, other, 1 + i % 5, random);
      List<String> all = new ArrayList<>(Crossover.sentences(children.first()));
      all.addAll(Crossover.sentences(children.second()));
      assertThat(all).containsExactlyInAnyOrder("A b.", "C d!", "E f?", "G h.", "I.", "J.", "K.");
      changed |= !children.first().equals(one) && !children.first().equals(other);
      // A sentence stays at its place in the order.
      assertThat(children.first().indexOf("A b.")).isLessThanOrEqualTo(0);
    }
    assertThat(changed).isTrue();
    assertThat(Crossover.of("One.", "Two.", 5, random).first()).isIn("One.", "Two.");
  }

  @Test
  void rouletteFollowsTheSoftmax() {
    double[] chances = Roulette.softmax(new double[] {-1000, -1000 + Math.log(3)});
    assertThat(chances[1]).isCloseTo(0.75, within(1e-12));
    SplittableRandom random = new SplittableRandom(3);
    int second = 0;
    for (int i = 0; i < 4000; i++) {
      second += Roulette.draw(chances, random);
    }
    assertThat(second / 4000.0).isCloseTo(0.75, within(0.03));
  }

  @Test
  void paraphrasesComeFromAModel() {
    PlantedTexts model = new PlantedTexts(List.of());
    Paraphrase paraphrase = Paraphrase.of(new Rewriter(), SamplingOptions.sampling(32, 0));
    TextMutation.Rewritten rewritten =
        paraphrase.rewrite("A good day.", new SplittableRandom(1), CancellationToken.none());
    assertThat(rewritten.text()).isEqualTo("A fine day.");
    assertThat(rewritten.usage().calls()).isEqualTo(1);
    assertThat(paraphrase.name()).startsWith("paraphrase by rewriter, template ");
    AttackOutcome outcome = one(model, attack(OPTIONS.withRates(0, 1, 0)).withMutation(paraphrase));
    assertThat(outcome.effort().usage().calls()).isGreaterThan(24);
  }

  @Test
  void bundledTextsAndTablesAreWhole() {
    AutoDan attack = AutoDan.of(FRAME, SuccessCriterion.begins(), GeneticOptions.defaults());
    assertThat(attack.texts()).hasSizeGreaterThanOrEqualTo(20).doesNotHaveDuplicates();
    assertThat(attack.texts()).allSatisfy(text -> assertThat(Crossover.sentences(text)).hasSize(4));
    assertThat(attack.name()).isEqualTo("AutoDAN-HGA");
    assertThat(SynonymTable.bundled().synonyms("Begin")).contains("start", "begin");
  }

  @Test
  void refusesWhatIsWrong() {
    assertThatThrownBy(() -> SynonymTable.parse("s.txt", "good, fine\nbig"))
        .isInstanceOf(DataFormatException.class)
        .hasMessage("a group must have two words or more but was 'big' (s.txt, line 2)");
    assertThatThrownBy(() -> SynonymTable.parse("s.txt", "good, 5"))
        .hasMessage("a synonym must be a word of letters but was ' 5' (s.txt, line 1)");
    assertThatThrownBy(() -> SynonymTable.parse("s.txt", "good, fine\n\nfine, nice"))
        .hasMessage("a word must be in one group but 'fine' occurs again (s.txt, line 3)");
    assertThatThrownBy(() -> attack(OPTIONS).withTexts(List.of()))
        .hasMessageContaining("the first generation must have a text");
    assertThatThrownBy(() -> OPTIONS.withSize(1, 1))
        .hasMessage("population must be at least 2 but was 1");
    assertThatThrownBy(() -> OPTIONS.withRates(2, 0, 0))
        .hasMessage("crossoverRate must be in [0, 1] but was 2.0");
  }
}

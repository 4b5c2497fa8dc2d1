package org.alignment4j.interp.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.core.report.Section;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.interp.fact.Cloze;
import org.alignment4j.interp.fact.ClozeScores;
import org.alignment4j.interp.fact.CounterFact;
import org.alignment4j.interp.fact.Fact;
import org.alignment4j.interp.fact.FactEncoder;
import org.alignment4j.interp.fact.PocketFacts;
import org.alignment4j.pocket.PocketModel;
import org.alignment4j.pocket.world.Relation;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scores of edits on the pocket model, against counts made by hand. */
class EditingScoresTest {

  private static final List<CounterFact> FACTS =
      PocketFacts.counterFacts(PocketFacts.of(Relation.PET).subList(0, 6), 1);

  @TempDir static Path folder;
  private static DecoderModel model;

  @BeforeAll
  static void load() {
    model = DecoderModel.load(PocketModel.copyTo(folder));
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static EditingScores measure(DecoderModel measured, List<CounterFact> facts) {
    return EditingScores.measure(measured, facts, Bootstrap.seeded(1), CancellationToken.none());
  }

  private static double perToken(Cloze cloze) {
    return ClozeScores.logProbabilities(model, List.of(cloze), CancellationToken.none())[0]
        / cloze.target().size();
  }

  @Test
  void sharesAreCountsOfStrictPreferences() {
    FactEncoder encoder = new FactEncoder(model.tokenizer());
    List<CounterFact> mixed = new ArrayList<>(FACTS.subList(0, 3));
    // Turned round, the new answer is the one the model knows.
    for (CounterFact fact : FACTS.subList(3, 6)) {
      mixed.add(new CounterFact(asking(fact.fact(), fact.newTarget()), fact.fact().target()));
    }
    int own = 0;
    int other = 0;
    int others = 0;
    int near = 0;
    int nears = 0;
    for (CounterFact fact : mixed) {
      own += preference(encoder, fact.fact().prompt(), fact) > 0 ? 1 : 0;
      for (String prompt : fact.fact().paraphrases()) {
        other += preference(encoder, prompt, fact) > 0 ? 1 : 0;
        others++;
      }
      for (String prompt : fact.fact().neighbourhood()) {
        near += preference(encoder, prompt, fact) < 0 ? 1 : 0;
        nears++;
      }
    }
    EditingScores scores = measure(model, mixed);
    assertThat(scores.efficacy().value()).isEqualTo(own / 6.0).isEqualTo(0.5);
    assertThat(scores.paraphrase().value()).isCloseTo((double) other / others, within(1e-12));
    assertThat(scores.paraphrase().clusters()).isEqualTo(6);
    assertThat(scores.specificity().value()).isCloseTo((double) near / nears, within(1e-12));
    assertThat(scores.score().value())
        .isCloseTo(
            3
                / (1 / scores.efficacy().value()
                    + 1 / scores.paraphrase().value()
                    + 1 / scores.specificity().value()),
            within(1e-12));
    assertThat(scores.tokenAccuracy().value()).isBetween(0.4, 0.6);
  }

  private static double preference(FactEncoder encoder, String prompt, CounterFact fact) {
    return perToken(encoder.cloze(prompt, fact.newTarget()))
        - perToken(encoder.cloze(prompt, fact.fact().target()));
  }

  /** Long answers, less likely as a whole than short ones but more likely a token. */
  @Test
  void answersOfOtherLengthsAreComparedByTheirTokens() {
    FactEncoder encoder = new FactEncoder(model.tokenizer());
    List<CounterFact> longNew = new ArrayList<>();
    List<CounterFact> longTrue = new ArrayList<>();
    for (CounterFact fact : FACTS.subList(0, 2)) {
      Fact known = fact.fact();
      String other = fact.newTarget();
      String both = known.target() + " and a " + other;
      Cloze brief = encoder.cloze(known.prompt(), other);
      Cloze full = encoder.cloze(known.prompt(), both);
      assertThat(perToken(full)).isGreaterThan(perToken(brief));
      assertThat(perToken(full) * full.target().size())
          .isLessThan(perToken(brief) * brief.target().size());
      longNew.add(new CounterFact(asking(known, other), both));
      longTrue.add(new CounterFact(asking(known, both), other));
    }
    assertThat(measure(model, longNew).efficacy().value()).isEqualTo(1);
    assertThat(measure(model, longTrue).efficacy().value()).isZero();
  }

  private static Fact asking(Fact fact, String target) {
    return new Fact(
        fact.id(),
        fact.relation(),
        fact.template(),
        fact.subject(),
        target,
        fact.paraphrases(),
        fact.neighbourhood());
  }

  @Test
  void theScoreIsNoughtWhenOneShareIsAndUnknownWithoutNeighbours() {
    EditingScores base = measure(model, FACTS);
    assertThat(base.efficacy().value()).isZero();
    assertThat(base.specificity().value()).isEqualTo(1);
    assertThat(base.score().value()).isZero();
    assertThat(EditingScores.harmonicMean(0.5, 1, 0.25)).isCloseTo(3.0 / 7, within(1e-12));
    List<CounterFact> capitals =
        PocketFacts.counterFacts(PocketFacts.of(Relation.CAPITAL).subList(0, 2), 1);
    assertThat(measure(model, capitals).score().n()).isZero();
    assertThatThrownBy(() -> measure(model, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("editing scores need at least one fact but had none");
  }

  @Test
  void sequentialEditsAreMeasuredOnTheWay() {
    FactEncoder encoder = new FactEncoder(model.tokenizer());
    List<Cloze> unrelated =
        PocketFacts.of(Relation.CAPITAL).subList(0, 8).stream()
            .map(fact -> encoder.cloze(fact.prompt(), fact.target()))
            .toList();
    FactEditor editor =
        new Rome(
            new RomeOptions(
                0, RomeOptions.Keys.AVERAGED, ValueSearchOptions.rome().withSteps(4, 0.5)),
            KeyMetric.identity());
    SequentialEditing run =
        SequentialEditing.run(
            model,
            editor,
            FACTS,
            List.of(),
            unrelated,
            List.of(1, 3, 100),
            Bootstrap.seeded(1),
            CancellationToken.none());
    assertThat(run.points()).extracting(SequentialEditing.Point::edits).containsExactly(1, 3);
    try (DecoderModel edited = run.edit().apply(model);
        DecoderModel undone = run.edit().undo(edited)) {
      assertThat(run.points().get(1).scores()).isEqualTo(measure(edited, FACTS.subList(0, 3)));
      assertThat(undone.id()).isEqualTo(model.id());
    }
    Section.Tabular section = (Section.Tabular) run.section("Sequential edits");
    assertThat(section.table().rows()).hasSize(2);
    assertThatThrownBy(
            () ->
                SequentialEditing.run(
                    model,
                    editor,
                    FACTS,
                    List.of(),
                    unrelated,
                    List.of(7),
                    Bootstrap.seeded(1),
                    CancellationToken.none()))
        .hasMessage("measuredAfter must name numbers of edits from 1 to 6 but were [7]");
  }

  @Test
  void contextsAreSampledBySeedInTheLengthsAskedFor() {
    List<String> contexts =
        EditContexts.sample(model, "<|endoftext|>", List.of(5, 10), 3, CancellationToken.none());
    assertThat(contexts).hasSize(2).allSatisfy(text -> assertThat(text).endsWith(". "));
    assertThat(
            EditContexts.sample(
                model, "<|endoftext|>", List.of(5, 10), 3, CancellationToken.none()))
        .isEqualTo(contexts);
    EditRequest request = EditRequest.of(model.tokenizer(), FACTS.get(0), contexts);
    assertThat(request.rewrites()).hasSize(3);
    assertThat(request.rewrites())
        .allSatisfy(
            rewrite ->
                assertThat(
                        model
                            .tokenizer()
                            .decode(
                                rewrite
                                    .prompt()
                                    .tokens()
                                    .slice(
                                        rewrite.prompt().subjectFirst(),
                                        rewrite.prompt().subjectLast() + 1))
                            .strip())
                    .isEqualTo(FACTS.get(0).fact().subject()));
  }

  @Test
  void anEssenceWithoutTheSubjectIsRefused() {
    assertThatThrownBy(
            () ->
                EditRequest.of(model.tokenizer(), FACTS.get(0), List.of(), "the essence of nobody"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the prompt must contain its subject but 'the essence of nobody'")
        .hasMessageContaining(FACTS.get(0).fact().subject());
    assertThatThrownBy(() -> new EditRequest("f", List.of(), null))
        .hasMessage("the edit of f must have at least one prompt but had none");
  }
}

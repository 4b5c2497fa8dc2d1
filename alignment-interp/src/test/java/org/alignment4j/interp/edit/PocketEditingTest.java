package org.alignment4j.interp.edit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.interp.fact.CounterFact;
import org.alignment4j.interp.fact.Fact;
import org.alignment4j.interp.fact.PocketFacts;
import org.alignment4j.pocket.PocketModel;
import org.alignment4j.pocket.world.Relation;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Facts of the pocket model changed, and what changed with them. */
@Tag("slow")
class PocketEditingTest {

  private static final Logger LOG = LoggerFactory.getLogger(PocketEditingTest.class);
  private static final List<Relation> RELATIONS =
      List.of(
          Relation.HOME, Relation.BIRTH_YEAR, Relation.FAVOURITE_FOOD, Relation.PET, Relation.JOB);

  /**
   * Attention of the second layer takes the fact from the subject, so that later layers come late.
   */
  private static final int LAYER = 0;

  /** What somebody is, the usual essence, is what JOB edits. */
  private static final String ESSENCE = "{subject} said that";

  @TempDir static Path folder;
  private static DecoderModel model;
  private static List<String> contexts;

  @BeforeAll
  static void load() {
    model = DecoderModel.load(PocketModel.copyTo(folder));
    contexts =
        EditContexts.sample(
            model, "<|endoftext|>", List.of(5, 5, 10, 10, 10), 1, CancellationToken.none());
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static List<CounterFact> facts(int ofEachRelation) {
    List<CounterFact> all = new ArrayList<>();
    for (Relation relation : RELATIONS) {
      List<Fact> facts = new ArrayList<>(PocketFacts.of(relation));
      Collections.shuffle(facts, new Random(3));
      facts.removeIf(fact -> fact.neighbourhood().size() < 3);
      all.addAll(PocketFacts.counterFacts(facts, 5).subList(0, ofEachRelation));
    }
    return all;
  }

  private static KeyMetric metric(int layer) {
    Iterator<TokenIds> corpus =
        PocketFacts.WORLD
            .corpus(77, 1500)
            .map(document -> model.tokenizer().encode(document.text()))
            .map(tokens -> tokens.slice(0, Math.min(tokens.size(), 256)))
            .iterator();
    return KeyMetric.of(
        KeyMomentsCollector.collect(model, layer, corpus, 16, CancellationToken.none()), 1e-6);
  }

  @Test
  void romeChangesAHundredFactsEachInAModelOfItsOwn() {
    List<CounterFact> facts = facts(20);
    Rome rome =
        new Rome(
            new RomeOptions(
                LAYER, RomeOptions.Keys.AVERAGED, ValueSearchOptions.rome().withClamp(12)),
            metric(LAYER));
    double[] efficacy = new double[facts.size()];
    double[] paraphrase = new double[facts.size()];
    double[] specificity = new double[facts.size()];
    for (int i = 0; i < facts.size(); i++) {
      EditRequest request = EditRequest.of(model.tokenizer(), facts.get(i), contexts, ESSENCE);
      ModelEdit edit = rome.edit(model, request, CancellationToken.none()).edit();
      try (DecoderModel edited = edit.apply(model)) {
        EditingScores scores =
            EditingScores.measure(
                edited, facts.subList(i, i + 1), Bootstrap.seeded(1), CancellationToken.none());
        efficacy[i] = scores.efficacy().value();
        paraphrase[i] = scores.paraphrase().value();
        specificity[i] = scores.specificity().value();
      }
    }
    LOG.info(
        "ROME in layer {}: efficacy {}, paraphrase {}, specificity {}",
        LAYER,
        Estimates.proportion(efficacy),
        Estimates.mean(paraphrase),
        Estimates.mean(specificity));
    assertThat(Arrays.stream(efficacy).average().orElseThrow()).isGreaterThanOrEqualTo(0.95);
    assertThat(Arrays.stream(paraphrase).average().orElseThrow()).isGreaterThanOrEqualTo(0.85);
    assertThat(Arrays.stream(specificity).average().orElseThrow()).isGreaterThanOrEqualTo(0.80);
  }

  @Test
  void memitChangesTenFactsInOneModel() {
    List<CounterFact> facts = facts(2);
    List<EditRequest> requests =
        facts.stream().map(f -> EditRequest.of(model.tokenizer(), f, contexts, ESSENCE)).toList();
    Memit memit =
        new Memit(
            new MemitOptions(
                List.of(LAYER), 1, ValueSearchOptions.rome().withSteps(25, 1).withClamp(10)),
            List.of(metric(LAYER)));
    EditResult result = memit.edit(model, requests, CancellationToken.none());
    try (DecoderModel edited = result.edit().apply(model);
        DecoderModel undone = result.edit().undo(edited)) {
      EditingScores scores =
          EditingScores.measure(edited, facts, Bootstrap.seeded(1), CancellationToken.none());
      LOG.info("MEMIT in layer {}: {}", LAYER, scores);
      assertThat(undone.id()).isEqualTo(model.id());
      assertThat(scores.efficacy().value()).isGreaterThanOrEqualTo(0.7);
      assertThat(scores.specificity().value()).isGreaterThanOrEqualTo(0.8);
    }
  }
}

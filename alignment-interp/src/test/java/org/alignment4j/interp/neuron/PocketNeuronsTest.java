package org.alignment4j.interp.neuron;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedSet;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.interp.edit.ModelEdit;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Knowledge neurons of facts that the pocket model knows, beside random neurons. */
@Tag("slow")
class PocketNeuronsTest {

  private static final Logger LOG = LoggerFactory.getLogger(PocketNeuronsTest.class);
  private static final int FACTS = 8;
  private static final List<Relation> RELATIONS =
      List.of(Relation.HOME, Relation.BIRTH_YEAR, Relation.FAVOURITE_FOOD, Relation.PET);

  @TempDir static Path folder;
  private static DecoderModel model;
  private static final Map<Relation, List<NeuronTrial>> TRIALS = new LinkedHashMap<>();
  private static final Map<Relation, List<Fact>> SUBJECTS = new LinkedHashMap<>();

  @BeforeAll
  static void find() {
    model = DecoderModel.load(PocketModel.copyTo(folder));
    FactEncoder encoder = new FactEncoder(model.tokenizer());
    for (Relation relation : RELATIONS) {
      List<Fact> facts = new ArrayList<>(PocketFacts.of(relation));
      Collections.shuffle(facts, new Random(3));
      List<NeuronTrial> trials = new ArrayList<>();
      for (Fact fact : facts.subList(0, FACTS)) {
        SortedSet<Neuron> neurons =
            KnowledgeNeurons.usual().find(model, fact, CancellationToken.none());
        trials.add(new NeuronTrial(encoder.cloze(fact.prompt(), fact.target()), neurons));
      }
      TRIALS.put(relation, trials);
      SUBJECTS.put(relation, facts.subList(0, FACTS));
    }
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static NeuronEffect effect(List<NeuronTrial> trials, double factor) {
    return NeuronEffect.measure(
        model, trials, factor, Bootstrap.seeded(1), CancellationToken.none());
  }

  private static List<NeuronTrial> all() {
    return TRIALS.values().stream().flatMap(List::stream).toList();
  }

  private static List<NeuronTrial> controls(List<NeuronTrial> trials) {
    Random random = new Random(4);
    int width = model.architecture().config().intermediateSize();
    return trials.stream().map(trial -> trial.control(width, random)).toList();
  }

  @Test
  void suppressingThemLowersTheAnswerAndRandomOnesDoNot() {
    NeuronEffect own = effect(all(), 0);
    NeuronEffect random = effect(controls(all()), 0);
    LOG.info("suppressed: {}, random {}", own.relativeChange(), random.relativeChange());
    assertThat(own.relativeChange().ciHigh()).isLessThan(-0.15);
    assertThat(random.relativeChange().ciLow()).isGreaterThan(-0.02);
  }

  /** In words of the corpus the answers are nearly certain: these leave room. */
  @Test
  void amplifyingThemRaisesTheAnswerInWordsThatLeaveRoomAndRandomOnesDoNot() {
    Map<Relation, String> prompts =
        Map.of(
            Relation.HOME,
            "The house next to {subject} is in",
            Relation.PET,
            "In the garden of {subject} sits a");
    FactEncoder encoder = new FactEncoder(model.tokenizer());
    List<NeuronTrial> trials = new ArrayList<>();
    prompts.forEach(
        (relation, prompt) -> {
          List<NeuronTrial> own = TRIALS.get(relation);
          for (int i = 0; i < FACTS; i++) {
            Fact fact = SUBJECTS.get(relation).get(i);
            trials.add(
                new NeuronTrial(
                    encoder.cloze(prompt.replace(Fact.SUBJECT, fact.subject()), fact.target()),
                    own.get(i).neurons()));
          }
        });
    NeuronEffect own = effect(trials, 2);
    NeuronEffect random = effect(controls(trials), 2);
    LOG.info("amplified: {}, random {}", own.relativeChange(), random.relativeChange());
    assertThat(own.relativeChange().ciLow()).isGreaterThan(0.05);
    assertThat(random.relativeChange().value()).isBetween(-0.04, 0.04);
  }

  @Test
  void otherRelationsStay() {
    List<NeuronTrial> exchanged = new ArrayList<>();
    for (int r = 0; r < RELATIONS.size(); r++) {
      List<NeuronTrial> own = TRIALS.get(RELATIONS.get(r));
      List<NeuronTrial> other = TRIALS.get(RELATIONS.get((r + 1) % RELATIONS.size()));
      for (int i = 0; i < FACTS; i++) {
        exchanged.add(new NeuronTrial(other.get(i).cloze(), own.get(i).neurons()));
      }
    }
    NeuronEffect effect = effect(exchanged, 0);
    LOG.info("neurons of another relation suppressed: {}", effect.relativeChange());
    assertThat(effect.relativeChange().value())
        .isGreaterThan(effect(all(), 0).relativeChange().value() / 3);
  }

  @Test
  void erasingARelationHarmsItMoreThanOthers() {
    for (Relation relation : RELATIONS) {
      List<Neuron> top =
          new NeuronFrequencies(TRIALS.get(relation).stream().map(NeuronTrial::neurons).toList())
              .mostFrequent(20);
      ModelEdit edit = NeuronWeightEdits.erase(model, top);
      try (DecoderModel erased = edit.apply(model);
          DecoderModel undone = edit.undo(erased)) {
        assertThat(undone.id()).isEqualTo(model.id());
        double own = increase(erased, relation);
        double others =
            RELATIONS.stream()
                .filter(other -> other != relation)
                .mapToDouble(other -> increase(erased, other))
                .average()
                .orElseThrow();
        LOG.info("{} erased: perplexity {} of its own, {} of others", relation, own, others);
        assertThat(own).isGreaterThan(others);
      }
    }
  }

  @Test
  void updatingMakesSomeFactsGiveAnotherAnswer() {
    FactEncoder encoder = new FactEncoder(model.tokenizer());
    int changed = 0;
    for (Relation relation : RELATIONS) {
      List<CounterFact> facts = PocketFacts.counterFacts(SUBJECTS.get(relation), 5);
      for (int i = 0; i < FACTS; i++) {
        Cloze old = TRIALS.get(relation).get(i).cloze();
        Cloze wanted = encoder.cloze(facts.get(i).fact().prompt(), facts.get(i).newTarget());
        ModelEdit edit =
            NeuronWeightEdits.update(
                model,
                TRIALS.get(relation).get(i).neurons(),
                old.target().get(0),
                wanted.target().get(0),
                NeuronWeightEdits.OLD_STRENGTH,
                NeuronWeightEdits.NEW_STRENGTH);
        try (DecoderModel updated = edit.apply(model)) {
          double[] scores =
              ClozeScores.logProbabilities(updated, List.of(wanted, old), CancellationToken.none());
          changed += scores[0] > scores[1] ? 1 : 0;
        }
      }
    }
    LOG.info("updated: {} of {}", changed, FACTS * RELATIONS.size());
    assertThat(changed).isGreaterThanOrEqualTo(FACTS * RELATIONS.size() / 8);
  }

  /** Of the perplexity of a relation's answers. */
  private static double increase(DecoderModel erased, Relation relation) {
    List<Cloze> clozes = TRIALS.get(relation).stream().map(NeuronTrial::cloze).toList();
    double before = ClozeScores.perplexity(model, clozes, CancellationToken.none());
    return (ClozeScores.perplexity(erased, clozes, CancellationToken.none()) - before) / before;
  }
}

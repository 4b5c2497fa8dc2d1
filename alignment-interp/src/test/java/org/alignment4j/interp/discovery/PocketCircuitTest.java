package org.alignment4j.interp.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.LogitMetric;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.interp.discovery.CircuitEvaluation.Faithfulness;
import org.alignment4j.interp.fact.Cloze;
import org.alignment4j.interp.fact.Fact;
import org.alignment4j.interp.fact.FactEncoder;
import org.alignment4j.interp.fact.PocketFacts;
import org.alignment4j.interp.patch.ContrastPair;
import org.alignment4j.pocket.PocketModel;
import org.alignment4j.pocket.world.Relation;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The part of the pocket model that tells where people live. */
class PocketCircuitTest {

  private static final Logger LOG = LoggerFactory.getLogger(PocketCircuitTest.class);
  private static final int FOUND_ON = 8;
  private static final int HELD_OUT = 16;
  private static final int ROWS = 32;
  private static final int STEPS = 5;
  private static final double SHARE = 0.15;

  /** Pairs of people of their own: names of as many tokens, homes that begin differently. */
  private static List<ContrastPair> pairs(DecoderModel model) {
    FactEncoder encoder = new FactEncoder(model.tokenizer());
    List<Fact> facts = new ArrayList<>(PocketFacts.of(Relation.HOME));
    Collections.shuffle(facts, new Random(3));
    List<Cloze> open = new ArrayList<>();
    List<ContrastPair> pairs = new ArrayList<>();
    for (Fact fact : facts) {
      Cloze cloze = encoder.cloze(fact.prompt(), fact.target());
      Cloze other =
          open.stream()
              .filter(
                  c ->
                      c.prompt().size() == cloze.prompt().size()
                          && c.target().get(0) != cloze.target().get(0))
              .findFirst()
              .orElse(null);
      if (other == null) {
        open.add(cloze);
      } else {
        open.remove(other);
        pairs.add(
            new ContrastPair(
                other.prompt(),
                cloze.prompt(),
                LogitMetric.logitDifference(other.target().get(0), cloze.target().get(0))));
      }
    }
    assertThat(pairs).hasSizeGreaterThanOrEqualTo(FOUND_ON + HELD_OUT);
    return pairs;
  }

  private static Faithfulness faithfulness(
      DecoderModel model, List<ContrastPair> pairs, Circuit circuit) {
    CircuitRunner runner =
        CircuitRunner.of(model, pairs, Corruption.CORRUPTED_PROMPT, ROWS, CancellationToken.none());
    return new CircuitEvaluation(runner, Bootstrap.seeded(0))
        .faithfulness(circuit, CancellationToken.none());
  }

  @Test
  void aFewEdgesCarryTheFactsOfPeopleThatTheyWereNotFoundOn(@TempDir Path folder) {
    try (DecoderModel model = DecoderModel.load(PocketModel.copyTo(folder))) {
      List<ContrastPair> pairs = pairs(model);
      List<ContrastPair> heldOut = pairs.subList(FOUND_ON, FOUND_ON + HELD_OUT);
      CircuitRunner runner =
          CircuitRunner.of(
              model,
              pairs.subList(0, FOUND_ON),
              Corruption.CORRUPTED_PROMPT,
              ROWS,
              CancellationToken.none());
      EdgeScores scores =
          EdgeAttribution.score(runner, ScoreMethod.eapIg(STEPS), CancellationToken.none());
      List<Edge> all = runner.graph().edges();
      int edges = (int) (SHARE * all.size());
      Circuit circuit = scores.greedy(edges);
      List<Edge> shuffled = new ArrayList<>(all);
      Collections.shuffle(shuffled, new Random(1));
      Circuit random = Circuit.of(runner.graph(), shuffled.subList(0, edges));

      Faithfulness found = faithfulness(model, heldOut, circuit);
      Faithfulness chance = faithfulness(model, heldOut, random);

      LOG.info(
          "EAP-IG, {} of {} edges: faithfulness {} on held-out people, {} of random edges",
          found.edges(),
          all.size(),
          found.faithfulness(),
          chance.faithfulness());
      assertThat(found.share()).isLessThanOrEqualTo(SHARE);
      assertThat(found.faithfulness().ciLow()).isGreaterThan(0.85);
      assertThat(chance.faithfulness().ciHigh()).isLessThan(0.3);
    }
  }
}

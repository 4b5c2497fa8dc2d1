package org.alignment4j.interp.head;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.interp.circuit.Approximation;
import org.alignment4j.interp.circuit.AttentionCircuits;
import org.alignment4j.interp.circuit.CompositionKind;
import org.alignment4j.interp.circuit.CompositionScore;
import org.alignment4j.interp.circuit.CompositionTable;
import org.alignment4j.interp.circuit.CopyingScore;
import org.alignment4j.interp.weights.Matrix;
import org.alignment4j.interp.weights.TransformerWeights;
import org.alignment4j.interp.weights.WeightProcessing;
import org.alignment4j.pocket.PocketModel;
import org.alignment4j.pocket.world.Ability;
import org.alignment4j.pocket.world.AbilityItem;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.ModelOptions;
import org.alignment4j.runtime.session.DevicePolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Induction heads of trained models, and what they are for. */
class InductionHeadsTest {

  private static final Logger LOG = LoggerFactory.getLogger(InductionHeadsTest.class);
  private static final ModelOptions CPU = ModelOptions.defaults().device(DevicePolicy.CPU);
  private static final SamplingOptions NAME = SamplingOptions.greedy(16);
  private static final int ITEMS = 60;
  private static final int FOUND = 3;
  private static final int RANDOM_SETS = 10;

  /**
   * This model of 260 thousand parameters attends to the token before, but does not copy: nothing
   * in it exceeds even attention, and a second copy costs it more than the logarithm of its 512
   * tokens, 6.2.
   */
  @Test
  void storiesHasPreviousTokenHeadsAndNoInductionOnRandomTokens() {
    try (DecoderModel model = DecoderModel.load(SharedFiles.require("models/stories260K"), CPU)) {
      RepeatedSequences repeated = RepeatedSequences.random(model.tokenizer(), 50, 16, 1);
      assertThat(repeated.prefix()).isEqualTo(TokenIds.of(1));
      Map<String, PatternScore> scores = new LinkedHashMap<>();
      scores.put("previous token", PatternScores.previousToken());
      scores.put("induction", PatternScores.induction(repeated));
      scores.put("duplicate token", PatternScores.duplicateToken(repeated));
      Map<String, HeadScores> scanned =
          HeadScan.defaults().run(model, repeated.sequences(), scores, CancellationToken.none());
      scanned.forEach((name, all) -> LOG.info("stories260K, {}: {}", name, first(all, 4)));
      HeadScores.Scored previous = scanned.get("previous token").ranked().get(0);
      assertThat(previous.id()).isEqualTo(new HeadId(3, 6));
      assertThat(previous.estimate().ciLow()).isGreaterThan(0.8);
      double even = 0;
      for (int q = 51; q < 101; q++) {
        even += 1.0 / (q + 1) / 50;
      }
      assertThat(scanned.get("induction").ranked().get(0).estimate().value()).isLessThan(2 * even);
      Estimate loss = InductionLoss.of(model, repeated, CancellationToken.none());
      LOG.info("stories260K, loss of the second copy: {}", loss);
      assertThat(loss.ciLow()).isGreaterThan(Math.log(512));
    }
  }

  /** Names that were asked for, and where the two copies lie in each sequence. */
  private record Copies(List<TokenIds> sequences, Map<TokenIds, int[]> places) {

    static Copies of(DecoderModel model, List<AbilityItem> items) {
      List<Completion> replies = model.generate(prompts(items), NAME);
      List<TokenIds> sequences = new ArrayList<>();
      Map<TokenIds, int[]> places = new LinkedHashMap<>();
      for (int i = 0; i < items.size(); i++) {
        Prompt.Chat chat = (Prompt.Chat) items.get(i).prompt();
        TokenIds prompt =
            model.tokenizer().encode(model.chatTemplate().promptText(chat.messages()));
        TokenIds reply = replies.get(i).tokens();
        int length = 0;
        while (length < reply.size() && place(prompt, reply.slice(0, length + 1)) >= 0) {
          length++;
        }
        // The copy ends with a full stop, which needs no induction; a name has another token.
        int name = length - 1;
        if (name >= 2) {
          TokenIds tokens = prompt.concat(reply);
          sequences.add(tokens);
          int from = place(prompt, reply.slice(0, length));
          places.put(tokens, new int[] {from, prompt.size(), name - 1});
        }
      }
      return new Copies(sequences, places);
    }

    private static int place(TokenIds within, TokenIds part) {
      for (int i = within.size() - part.size(); i >= 0; i--) {
        if (within.slice(i, i + part.size()).equals(part)) {
          return i;
        }
      }
      return -1;
    }

    OptionalDouble induction(Matrix pattern, TokenIds tokens) {
      int[] place = places.get(tokens);
      return OptionalDouble.of(DiagonalScore.induction(pattern, place[0], place[1], place[2]));
    }
  }

  @Test
  void withoutItsInductionHeadsThePocketModelCopiesNoName(@TempDir Path folder) {
    try (DecoderModel model = DecoderModel.load(PocketModel.copyTo(folder), CPU)) {
      List<AbilityItem> items = PocketWorld.create(1).abilityItems(Ability.NAME, ITEMS);
      Copies copies = Copies.of(model, items);
      assertThat(copies.sequences()).hasSize(ITEMS);
      HeadScores induction =
          HeadScan.defaults()
              .run(
                  model,
                  copies.sequences(),
                  Map.of("induction", copies::induction),
                  CancellationToken.none())
              .get("induction");
      LOG.info("pocket, induction on names: {}", first(induction, 6));
      List<HeadId> found = induction.top(FOUND);
      assertThat(found)
          .allSatisfy(head -> assertThat(induction.of(head).ciLow()).isGreaterThan(0.8));

      Estimate whole = copied(model, items);
      Estimate without = copied(model.with(HeadAblation.zero(found)), items);
      double[] others = new double[RANDOM_SETS];
      for (int seed = 0; seed < RANDOM_SETS; seed++) {
        others[seed] =
            copied(model.with(HeadAblation.zero(others(induction, found, seed))), items).value();
      }
      Estimate random = Estimates.mean(others);
      LOG.info(
          "pocket, names copied: whole {}, without {} {}, without {} random others {} {}",
          whole,
          found,
          without,
          FOUND,
          random,
          Arrays.toString(others));
      assertThat(whole.value()).isGreaterThanOrEqualTo(0.95);
      assertThat(without.ciHigh()).isLessThan(0.1);
      assertThat(random.ciLow()).isGreaterThan(without.ciHigh() + 0.2);
    }
  }

  /**
   * The circuit of Elhage et al. 2021: induction heads copy, and their keys read what heads of an
   * earlier layer wrote of the token before.
   */
  @Test
  void thePocketModelsInductionHeadsCopyAndReadEarlierHeadsInTheirKeys(@TempDir Path folder) {
    try (DecoderModel model = DecoderModel.load(PocketModel.copyTo(folder), CPU)) {
      TransformerWeights weights =
          WeightProcessing.standard().apply(TransformerWeights.of(model)).weights();
      AttentionCircuits circuits = new AttentionCircuits(weights);
      CompositionTable keys =
          CompositionTable.of(circuits, CompositionKind.KEY, CancellationToken.none());
      Estimate baseline = CompositionScore.ofRandomMatrices(192, 32, 20, 1);
      assertThat(keys.approximations()).containsExactly(Approximation.ROTARY_IGNORED);
      for (HeadId head : List.of(new HeadId(1, 5), new HeadId(1, 3), new HeadId(1, 0))) {
        double copying = CopyingScore.of(circuits.fullOv(head.layer(), head.head()));
        CompositionTable.Pair best =
            keys.ranked().stream()
                .filter(p -> p.readerLayer() == head.layer() && p.reader() == head.head())
                .findFirst()
                .orElseThrow();
        LOG.info("pocket, {}: copying {}, {}, random {}", head, copying, best, baseline);
        assertThat(copying).isGreaterThan(0.9);
        assertThat(new HeadId(best.writerLayer(), best.writer())).isEqualTo(new HeadId(0, 0));
        assertThat(best.score()).isGreaterThan(2 * baseline.ciHigh());
      }
    }
  }

  private static String first(HeadScores scores, int count) {
    return scores.ranked().subList(0, count).stream()
        .map(s -> s.id() + " " + s.estimate())
        .toList()
        .toString();
  }

  /** As many heads that were not found, drawn by a seed. */
  private static List<HeadId> others(HeadScores scores, List<HeadId> found, int seed) {
    List<HeadId> rest = new ArrayList<>(scores.all().stream().map(HeadScores.Scored::id).toList());
    rest.removeAll(found);
    Collections.shuffle(rest, new Random(seed));
    return rest.subList(0, found.size());
  }

  private static List<Prompt> prompts(List<AbilityItem> items) {
    return items.stream().map(AbilityItem::prompt).toList();
  }

  private static Estimate copied(LanguageModel model, List<AbilityItem> items) {
    List<Completion> replies = model.generate(prompts(items), NAME);
    int passed = 0;
    for (int i = 0; i < items.size(); i++) {
      AbilityItem.Step step = items.get(i).reader().apply(replies.get(i).text());
      passed += step instanceof AbilityItem.Decided decided && decided.passed() ? 1 : 0;
    }
    return Estimates.proportion(passed, items.size());
  }
}

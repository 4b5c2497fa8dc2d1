package org.alignment4j.interp.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.interp.weights.Families;
import org.alignment4j.interp.weights.Matrix;
import org.alignment4j.interp.weights.TransformerWeights;
import org.alignment4j.interp.weights.ViewForward;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.Test;

class HeadScanTest {

  private static Map<String, PatternScore> usual(RepeatedSequences repeated) {
    Map<String, PatternScore> scores = new LinkedHashMap<>();
    scores.put("previous", PatternScores.previousToken());
    scores.put("duplicate", PatternScores.duplicateToken(repeated));
    scores.put("induction", PatternScores.induction(repeated));
    scores.put(
        "detected",
        PatternScores.detection(DetectionPattern::induction, ErrorMeasure.MUL, Set.of()));
    return scores;
  }

  @Test
  void scoresAreMeansOverTheNaivePatterns() {
    for (String family : List.of("llama", "bloom")) {
      RepeatedSequences repeated =
          RepeatedSequences.random(Families.VOCAB, Set.of(), TokenIds.of(1), 6, 5, 3);
      try (DecoderModel model = Families.model(family)) {
        TransformerWeights weights = TransformerWeights.of(model);
        Map<String, HeadScores> scanned =
            new HeadScan(2, 0.9)
                .run(model, repeated.sequences(), usual(repeated), CancellationToken.none());
        assertThat(scanned.keySet())
            .containsExactly("previous", "duplicate", "induction", "detected");
        for (HeadScores.Scored scored : scanned.get("induction").all()) {
          double[] expected = new double[5];
          double[] detected = new double[5];
          for (int i = 0; i < 5; i++) {
            TokenIds tokens = repeated.sequences().get(i);
            Matrix pattern = pattern(weights, tokens, scored.id());
            expected[i] = DiagonalScore.induction(pattern, 1, 6);
            detected[i] =
                DetectionScore.of(
                        pattern, DetectionPattern.induction(tokens), ErrorMeasure.MUL, Set.of())
                    .getAsDouble();
          }
          Estimate mean = Estimates.mean(expected, 0.9);
          assertThat(scored.estimate().value()).isCloseTo(mean.value(), within(1e-5));
          assertThat(scored.estimate().ciLow()).isCloseTo(mean.ciLow(), within(1e-5));
          assertThat(scored.estimate().n()).isEqualTo(5);
          assertThat(scanned.get("detected").of(scored.id()).value())
              .isCloseTo(Arrays.stream(detected).average().orElseThrow(), within(1e-5));
        }
      }
    }
  }

  private static Matrix pattern(TransformerWeights weights, TokenIds tokens, HeadId id) {
    ViewForward naive = new ViewForward(weights);
    naive.logits(tokens.toArray());
    double[] all = naive.hooks.get("blocks." + id.layer() + ".attn.hook_pattern");
    int n = tokens.size();
    int from = id.head() * n * n;
    return Matrix.of(n, n, Arrays.copyOfRange(all, from, from + n * n));
  }

  @Test
  void paddingAndBatchesChangeNothingAndShortSequencesAreUnscored() {
    List<TokenIds> sequences =
        List.of(
            Families.tokens(9, 1),
            Families.tokens(1, 2),
            Families.tokens(4, 3),
            Families.tokens(7, 4));
    Map<String, PatternScore> previous = Map.of("previous", PatternScores.previousToken());
    try (DecoderModel model = Families.model("gpt2")) {
      HeadScores together =
          HeadScan.defaults()
              .run(model, sequences, previous, CancellationToken.none())
              .get("previous");
      HeadScores alone =
          new HeadScan(1, 0.95)
              .run(model, sequences, previous, CancellationToken.none())
              .get("previous");
      for (HeadScores.Scored scored : together.all()) {
        assertThat(scored.estimate().n()).isEqualTo(3);
        assertThat(scored.estimate().unscored()).isEqualTo(1);
        assertThat(scored.estimate().value())
            .isCloseTo(alone.of(scored.id()).value(), within(1e-5));
      }
    }
  }

  @Test
  void changedModelsAreScannedAsTheyAre() {
    RepeatedSequences repeated =
        RepeatedSequences.random(Families.VOCAB, Set.of(), TokenIds.empty(), 6, 3, 3);
    List<HeadId> first = List.of(new HeadId(0, 0), new HeadId(0, 2), new HeadId(1, 1));
    try (DecoderModel model = Families.model("gpt2")) {
      TwoModels results = new TwoModels(model, model.with(HeadAblation.zero(first)), repeated);
      assertThat(results.same(0)).as("patterns of the first layer").isTrue();
      assertThat(results.same(1)).as("patterns of the second layer").isFalse();
      assertThat(InductionLoss.of(model, repeated, CancellationToken.none()).value())
          .isNotCloseTo(
              InductionLoss.of(
                      model.with(HeadAblation.zero(first)), repeated, CancellationToken.none())
                  .value(),
              within(1e-4));
      assertThat(HeadAblation.zero(List.of())).isEmpty();
      assertThat(HeadAblation.zero(first)).hasSize(2);
    }
  }

  /** Two models' induction scores. */
  private record TwoModels(HookedModel one, HookedModel two, RepeatedSequences repeated) {
    boolean same(int layer) {
      List<Estimate> first = scores(one).layers().get(layer);
      List<Estimate> second = scores(two).layers().get(layer);
      for (int head = 0; head < first.size(); head++) {
        if (Math.abs(first.get(head).value() - second.get(head).value()) > 1e-5) {
          return false;
        }
      }
      return true;
    }

    private HeadScores scores(HookedModel model) {
      return HeadScan.defaults()
          .run(
              model,
              repeated.sequences(),
              Map.of("induction", PatternScores.induction(repeated)),
              CancellationToken.none())
          .get("induction");
    }
  }

  @Test
  void theLossIsTheNaiveCrossEntropyOfTheSecondCopy() {
    RepeatedSequences repeated =
        RepeatedSequences.random(Families.VOCAB, Set.of(), TokenIds.of(2), 5, 3, 9);
    try (DecoderModel model = Families.model("qwen2")) {
      TransformerWeights weights = TransformerWeights.of(model);
      double expected = 0;
      for (TokenIds tokens : repeated.sequences()) {
        double[][] logProbs = new ViewForward(weights).logProbs(tokens.toArray());
        for (int t = 7; t < 11; t++) {
          expected -= logProbs[t - 1][tokens.get(t)] / 4 / 3;
        }
      }
      Estimate loss = InductionLoss.of(model, repeated, CancellationToken.none());
      assertThat(loss.value()).isCloseTo(expected, within(1e-4));
      assertThat(loss.n()).isEqualTo(3);
    }
  }

  @Test
  void ranksKeepTheOrderOfEqualHeads() {
    Estimate low = Estimates.mean(new double[] {0.1, 0.2});
    Estimate high = Estimates.mean(new double[] {0.5, 0.6});
    Estimate none = Estimates.mean(new double[0]);
    HeadScores scores = new HeadScores("x", List.of(List.of(none, low), List.of(high, low)));
    assertThat(scores.ranked().stream().map(s -> s.id().toString()))
        .containsExactly("L1H0", "L0H1", "L1H1", "L0H0");
    assertThat(scores.top(2)).containsExactly(new HeadId(1, 0), new HeadId(0, 1));
    assertThat(scores.top(1).get(0).compareTo(new HeadId(1, 1))).isNegative();
    assertThatThrownBy(() -> scores.of(new HeadId(0, 2)))
        .hasMessage("head must be one of 2 layers of 2 heads but was L0H2");
    assertThatThrownBy(() -> scores.top(-1)).hasMessage("count must not be negative but was -1");
    assertThatThrownBy(() -> new HeadId(-1, 0))
        .hasMessage("layer and head must not be negative but were -1 and 0");
  }

  @Test
  void badRequestsAreRefused() {
    try (DecoderModel model = Families.model("llama")) {
      Map<String, PatternScore> previous = Map.of("previous", PatternScores.previousToken());
      List<TokenIds> one = List.of(Families.tokens(4, 1));
      assertThatThrownBy(
              () -> HeadScan.defaults().run(model, List.of(), previous, CancellationToken.none()))
          .hasMessage("sequences must be at least one but there was none");
      assertThatThrownBy(() -> HeadScan.defaults().run(model, one, previous, () -> true))
          .isInstanceOf(CancelledException.class);
      assertThatThrownBy(() -> new HeadScan(0, 0.5)).hasMessage("batch must be positive but was 0");
      assertThatThrownBy(() -> new HeadScan(1, 1))
          .hasMessage("confidence must be in (0, 1) but was 1.0");
      assertThatThrownBy(() -> model.with(HeadAblation.zero(List.of(new HeadId(0, 4)))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("head must be in");
    }
  }
}

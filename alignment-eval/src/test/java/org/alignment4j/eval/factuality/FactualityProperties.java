package org.alignment4j.eval.factuality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.eval.factuality.factscore.Bm25;
import org.alignment4j.eval.factuality.factscore.FactScoreFormulas;

class FactualityProperties {

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of("the", "cat", "sat", "on", "a", "mat,", "3.5", "é", "-", "")
        .list()
        .ofMaxSize(12)
        .map(words -> String.join(" ", words));
  }

  @Property
  void overlapsStayInTheirRangeAndAreNoBetterThanEqualTexts(
      @ForAll("texts") String candidate, @ForAll("texts") String reference) {
    for (TextSimilarity similarity : TextSimilarity.OVERLAPS) {
      double[] both =
          similarity.scores(candidate, List.of(reference, candidate), CancellationToken.none());
      assertThat(both[0]).isBetween(0.0, 100.0);
      assertThat(both[1]).isGreaterThanOrEqualTo(both[0] - 1e-9);
    }
  }

  @Provide
  Arbitrary<String> marks() {
    return Arbitraries.strings().withChars("aZ éß9 .,;:!?$%-'\"“”—\n\r\t。").ofMaxLength(30);
  }

  @Property
  void anyTextIsCutWithoutLosingWhatIsNotBlank(@ForAll("marks") String text) {
    String joined = String.join("", Bleu.tokens(text));
    assertThat(joined).isEqualTo(text.replaceAll("(?U)\\s+", ""));
    String sentences = String.join("", SentenceSplitter.english().sentences(text));
    assertThat(sentences.replaceAll("(?U)\\s+", "")).isEqualTo(text.replaceAll("(?U)\\s+", ""));
    assertThat(OneLine.of(text).lines().count()).isLessThanOrEqualTo(1);
  }

  @Property
  void theLengthPenaltyRisesToOne(
      @ForAll @IntRange(min = 1, max = 60) int facts,
      @ForAll @DoubleRange(min = 0, max = 40) double gamma) {
    double penalty = FactScoreFormulas.lengthPenalty(facts, gamma);
    assertThat(penalty).isBetween(0.0, 1.0);
    assertThat(FactScoreFormulas.lengthPenalty(facts + 1, gamma)).isGreaterThanOrEqualTo(penalty);
    // At gamma itself both branches give 1.
    assertThat(FactScoreFormulas.lengthPenalty(facts, facts)).isEqualTo(1);
    assertThat(FactScoreFormulas.lengthPenalty(facts, facts + 1e-9)).isCloseTo(1, within(1e-8));
  }

  @Provide
  Arbitrary<double[]> logs() {
    // Few values, so that ties come up.
    return Arbitraries.of(-3.0, -2.5, -2.0, -1e-3).array(double[].class).ofMinSize(1).ofMaxSize(6);
  }

  @Property
  void choicesOfTruthfulQaFitTogether(
      @ForAll("logs") double[] right, @ForAll("logs") double[] wrong) {
    double share = TruthfulQaFormulas.mc3(right, wrong);
    double greatest = Arrays.stream(right).max().orElseThrow();
    assertThat(share > 0).isEqualTo(TruthfulQaFormulas.mc1(greatest, wrong) == 1);
    assertThat(TruthfulQaFormulas.nearer(right, wrong))
        .isEqualTo(TruthfulQaFormulas.difference(right, wrong) > 0 ? 1 : 0);
    boolean[] labels = new boolean[right.length + wrong.length];
    Arrays.fill(labels, 0, right.length, true);
    double[] all = Arrays.copyOf(right, labels.length);
    System.arraycopy(wrong, 0, all, right.length, wrong.length);
    assertThat(ClozeFormulas.rank(all, labels) == 1).isEqualTo(share > 0);
  }

  @Property
  void chanceRanksAreProbabilities(
      @ForAll @IntRange(min = 1, max = 40) int candidates, @ForAll @IntRange(min = 1) int some) {
    int targets = 1 + some % candidates;
    double[] probabilities = ClozeFormulas.rankProbabilities(candidates, targets);
    assertThat(Arrays.stream(probabilities).sum()).isCloseTo(1, within(1e-9));
    assertThat(probabilities[0]).isCloseTo((double) targets / candidates, within(1e-12));
    assertThat(ClozeFormulas.chanceRank(candidates, targets))
        .isCloseTo((candidates + 1.0) / (targets + 1), within(1e-9));
  }

  @Property
  void aDocumentWithoutTheQueryScoresZeroAndOthersMore(@ForAll("texts") String text) {
    Bm25 index = new Bm25(List.of(text, text + " zebra", "quagga"));
    double[] scores = index.scores("zebra");
    assertThat(scores[0]).isZero();
    assertThat(scores[1]).isPositive();
    assertThat(index.best("zebra", 1)).containsExactly(1);
  }
}

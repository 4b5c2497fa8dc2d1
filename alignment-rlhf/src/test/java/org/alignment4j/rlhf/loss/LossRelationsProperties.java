package org.alignment4j.rlhf.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import org.alignment4j.rlhf.loss.LossFormulas.Pair;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** How losses relate to each other, where they are least, and what they refuse. */
class LossRelationsProperties {

  @Provide
  Arbitrary<Pair> pairs() {
    Arbitrary<Double> logProbs = Arbitraries.doubles().between(-30, -0.5);
    Arbitrary<Integer> lengths = Arbitraries.integers().between(1, 20);
    return Combinators.combine(logProbs, logProbs, logProbs, logProbs, lengths, lengths)
        .as((w, l, rw, rl, lw, ll) -> new Pair(w, l, rw, rl, lw, ll));
  }

  private static PreferenceLossValues values(PreferenceLoss loss, Pair pair) {
    return PreferenceLosses.evaluate(loss, LossFormulas.values(pair));
  }

  private static double loss(PreferenceLoss loss, Pair pair) {
    return values(loss, pair).loss();
  }

  /** A pair with such log ratios. */
  private static Pair ratios(double c, double r) {
    return new Pair(-50 + c, -50 + r, -50, -50, 4, 4);
  }

  @Property(tries = 15)
  void equalModelsGiveLogTwo(@ForAll("pairs") Pair p) {
    Pair equal = new Pair(p.w(), p.l(), p.w(), p.l(), p.lw(), p.ll());
    for (PreferenceLoss loss :
        List.of(
            DpoVariants.normalised(3),
            DpoVariants.lengthDesensitised(0.1, 0.3),
            DpoVariants.aot(0.1),
            DpoVariants.aotUnpaired(0.1),
            DpoVariants.discoPop(0.1),
            DpoVariants.fDivergence(0.1, new Divergence.ForwardKl()),
            DpoVariants.fDivergence(0.1, new Divergence.JensenShannon()),
            DpoVariants.fDivergence(0.1, new Divergence.Alpha(0.5)))) {
      double expected = loss instanceof DiscoPopLoss ? (Math.log(2) + 1) / 2 : Math.log(2);
      assertThat(loss(loss, equal)).as("%s", loss).isCloseTo(expected, within(1e-12));
      assertThat(values(loss, equal).chosenRewards()[0]).isCloseTo(0, within(1e-12));
    }
  }

  @Property(tries = 20)
  void limitsOfDivergences(@ForAll("pairs") Pair p) {
    double dpo = loss(PreferenceLoss.dpo(0.1), p);
    Divergence reverse = new Divergence.ReverseKl();
    assertThat(loss(DpoVariants.fDivergence(0.1, reverse), p)).isCloseTo(dpo, within(1e-12));
    Divergence nearReverse = new Divergence.Alpha(1 - 1e-9);
    assertThat(loss(DpoVariants.fDivergence(0.1, nearReverse), p)).isCloseTo(dpo, within(1e-6));
    Pair near = ratios(p.c() / 10, p.r() / 10);
    Divergence nearForward = new Divergence.Alpha(1e-9);
    assertThat(loss(DpoVariants.fDivergence(0.1, nearForward), near))
        .isCloseTo(
            loss(DpoVariants.fDivergence(0.1, new Divergence.ForwardKl()), near), within(1e-5));
  }

  @Property(tries = 20)
  void lengthDesensitisedWithoutDiscountIsTheSigmoidLoss(@ForAll("pairs") Pair p) {
    double dpo = loss(PreferenceLoss.dpo(0.3), p);
    for (LdDpoLoss.Models models : LdDpoLoss.Models.values()) {
      assertThat(loss(new LdDpoLoss(0.3, 1, models), p)).isCloseTo(dpo, within(1e-12));
    }
    Pair equal = new Pair(p.w(), p.l(), p.rw(), p.rl(), 5, 5);
    assertThat(loss(DpoVariants.lengthDesensitised(0.3, 0.2), equal))
        .isCloseTo(loss(PreferenceLoss.dpo(0.3), equal), within(1e-12));
  }

  @Property(tries = 20)
  void withoutReferenceAllReferencesAreEqual(@ForAll("pairs") Pair p) {
    Pair same = new Pair(p.w(), p.l(), -3, -3, p.lw(), p.ll());
    double dpo = loss(PreferenceLoss.dpo(0.2), same);
    CpoLoss cpo = new CpoLoss(0.2, 0, SftTermLoss.Normalisation.SUMMED);
    assertThat(loss(cpo, p)).isCloseTo(dpo, within(1e-12));
    PreferenceLoss free = ReferenceFreeLosses.withoutReference(PreferenceLoss.dpo(0.2));
    assertThat(loss(free, p)).isCloseTo(dpo, within(1e-12));
    assertThat(values(free, p).chosenRewards()[0]).isCloseTo(0.2 * p.w(), within(1e-12));
    assertThat(loss(ReferenceFreeLosses.cpo(0.2), p)).isCloseTo(dpo - p.pw(), within(1e-12));
  }

  @Property(tries = 20)
  void simpleOptimisationDependsOnMeansOnly(
      @ForAll("pairs") Pair p, @ForAll @DoubleRange(min = 0, max = 3) double gamma) {
    Pair doubled = new Pair(2 * p.w(), 3 * p.l(), -1, -1, 2 * p.lw(), 3 * p.ll());
    SimPoLoss loss = ReferenceFreeLosses.simPo(2, gamma);
    assertThat(loss(loss, doubled)).isCloseTo(loss(loss, p), within(1e-12));
    Pair free = new Pair(p.w(), p.l(), 0, 0, p.lw(), p.ll());
    assertThat(loss(ReferenceFreeLosses.simPo(2, 0), p))
        .isCloseTo(loss(DpoVariants.normalised(2), free), within(1e-12));
    for (double alpha : new double[] {1e-8, -1e-8}) {
      assertThat(loss(ReferenceFreeLosses.alphaPo(2, gamma, alpha), p))
          .isCloseTo(loss(loss, p), within(1e-4));
    }
  }

  @Property(tries = 20)
  void theOddsRatioIsAntisymmetricAndRises(@ForAll("pairs") Pair p) {
    OrpoLoss loss = ReferenceFreeLosses.orpo(1);
    double o = logOdds(p.pw()) - logOdds(p.pl());
    double forwards = loss(loss, p) + p.pw();
    double backwards = loss(loss, p.swapped()) + p.pl();
    assertThat(forwards).isCloseTo(softplus(-o), within(1e-12));
    assertThat(backwards).isCloseTo(softplus(o), within(1e-12));
    // −log σ(o) + log σ(−o) = −o
    assertThat(forwards - backwards).isCloseTo(-o, within(1e-12));
    Pair likelier = p.with(p.w() / 2, p.l());
    assertThat(loss(loss, likelier) + likelier.pw()).isLessThan(forwards + 1e-12);
    assertThat(loss(loss, likelier.swapped()) + p.pl()).isGreaterThan(backwards);
    assertThat(loss(ReferenceFreeLosses.orpo(0), p)).isCloseTo(-p.pw(), within(1e-12));
    assertThat(values(ReferenceFreeLosses.orpo(0), p).rejectedGradients()[0]).isZero();
  }

  private static double logOdds(double logProb) {
    return logProb - Math.log(-Math.expm1(logProb));
  }

  private static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  @Property(tries = 20)
  void weightsScaleLossAndGradient(@ForAll("pairs") Pair p) {
    PreferenceLoss dpo = PreferenceLoss.dpo(0.2);
    PreferenceLossValues plain = values(dpo, p);
    PreferenceLossValues weighted = values(DpoVariants.weighted(dpo), p);
    double weight = Math.exp(p.pw() + p.pl());
    assertThat(weighted.loss()).isCloseTo(weight * plain.loss(), within(1e-12));
    assertThat(weighted.chosenGradients()[0])
        .isCloseTo(weight * plain.chosenGradients()[0], within(1e-12));
    assertThat(weighted.rejectedGradients()[0])
        .isCloseTo(weight * plain.rejectedGradients()[0], within(1e-12));
    assertThat(weighted.chosenRewards()).isEqualTo(plain.chosenRewards());
  }

  @Property(tries = 20)
  void convexInTheDifference(
      @ForAll @DoubleRange(min = -8, max = 8) double a,
      @ForAll @DoubleRange(min = -8, max = 8) double b) {
    for (PreferenceLoss loss :
        List.of(
            DpoVariants.normalised(3),
            DpoVariants.nca(0.4),
            DpoVariants.bcoPair(0.4),
            DpoVariants.sppoHard(0.4),
            ReferenceFreeLosses.simPo(2, 1),
            ReferenceFreeLosses.slic())) {
      double middle = loss(loss, ratios((a + b) / 2, -(a + b) / 2));
      double ends = (loss(loss, ratios(a, -a)) + loss(loss, ratios(b, -b))) / 2;
      assertThat(middle).as("%s", loss).isLessThanOrEqualTo(ends + 1e-9);
    }
  }

  @Property(tries = 20)
  void minima(
      @ForAll @DoubleRange(min = 0.05, max = 2) double beta,
      @ForAll @DoubleRange(min = 0.01, max = 0.45) double smoothing,
      @ForAll @DoubleRange(min = -3, max = 3) double away) {
    double logit = Math.log((1 - smoothing) / smoothing) / beta;
    ExoLoss exo = new ExoLoss(beta, smoothing);
    PreferenceLossValues least = values(exo, ratios(logit / 2, -logit / 2));
    assertThat(least.loss()).isCloseTo(0, within(1e-12));
    assertThat(least.chosenGradients()[0]).isCloseTo(0, within(1e-12));
    assertThat(loss(exo, ratios(away, 0))).isGreaterThanOrEqualTo(-1e-15);
    double goal = 1 / (2 * beta);
    assertThat(loss(DpoVariants.sppoHard(beta), ratios(goal, -goal))).isCloseTo(0, within(1e-20));
    assertThat(values(DpoVariants.nca(beta), ratios(Math.log(2) / beta, 0)).chosenGradients()[0])
        .as("−log σ(x) − ½·log σ(−x) is least at σ(x) = ⅔")
        .isCloseTo(0, within(1e-12));
  }

  /** The log ratios that the paper names for β = 0.05. */
  @Example
  void stationaryPointsOfTheDiscoveredLoss() {
    DiscoPopLoss loss = DpoVariants.discoPop(0.05);
    for (double d : new double[] {-2.3714, 1.44012}) {
      double here = values(loss, ratios(d, 0)).chosenGradients()[0];
      assertThat(here).as("at %s", d).isCloseTo(0, within(1e-4));
    }
    assertThat(loss(loss, ratios(-2.3714, 0))).isLessThan(loss(loss, ratios(0, 0)));
    assertThat(loss(loss, ratios(1.44012, 0))).isGreaterThan(loss(loss, ratios(0, 0)));
    assertThat(loss(loss, ratios(20, 0))).isLessThan(loss(loss, ratios(-2.3714, 0)));
  }

  @Example
  void settingsOutOfRangeAreNamed() {
    Map<String, ThrowingCallable> refused =
        Map.ofEntries(
            Map.entry("beta must be positive and finite but was 0.0", () -> DpoVariants.nca(0)),
            Map.entry(
                "beta must be finite and not negative but was -1.0",
                () -> ReferenceFreeLosses.orpo(-1)),
            Map.entry("labelSmoothing must be in (0, 0.5)", () -> new ExoLoss(1, 0)),
            Map.entry(
                "alpha must be in [0, 1] but was 1.5",
                () -> DpoVariants.lengthDesensitised(1, 1.5)),
            Map.entry("alpha must not be 0", () -> ReferenceFreeLosses.alphaPo(1, 0, 0)),
            Map.entry(
                "gamma must be finite and not negative but was NaN",
                () -> ReferenceFreeLosses.simPo(1, Double.NaN)),
            Map.entry("margin must be positive and finite but was 0.0", () -> new SlicLoss(0, 1)),
            Map.entry("temperature must be positive", () -> new DiscoPopLoss(1, -1)),
            Map.entry("coefficient must be in (0, 1)", () -> new Divergence.Alpha(1)),
            Map.entry("terms must hold at least one loss", () -> new MixedLoss(List.of())),
            Map.entry(
                "weight must be positive and finite but was 0.0",
                () -> DpoVariants.mix(new double[] {0}, PreferenceLoss.dpo(1))),
            Map.entry(
                "weights must be as many as losses, 1, but were [1.0, 2.0]",
                () -> DpoVariants.mix(new double[] {1, 2}, PreferenceLoss.dpo(1))),
            Map.entry(
                "preference must be a loss that uses a reference but was SimPoLoss",
                () -> ReferenceFreeLosses.withoutReference(ReferenceFreeLosses.simPo(1, 0))),
            Map.entry(
                "pairs must have referenceChosen",
                () ->
                    PreferenceLosses.evaluate(
                        PreferenceLoss.dpo(1), PairValues.of(new double[1], new double[1]))),
            Map.entry(
                "chosenLengths[0] must be a whole number of tokens, at least 1, but was 0.0",
                () ->
                    PreferenceLosses.evaluate(
                        ReferenceFreeLosses.orpo(1),
                        PairValues.of(new double[1], new double[1])
                            .lengths(new double[1], new double[] {1}))),
            Map.entry(
                "promptLengths[0] must be a whole number of tokens, at least 0, but was 0.5",
                () ->
                    PreferenceLosses.evaluate(
                        ReferenceFreeLosses.orpo(1),
                        PairValues.of(new double[1], new double[1])
                            .prompts(new double[1], new double[] {0.5}))));
    refused.forEach(
        (message, call) ->
            assertThatThrownBy(call)
                .as(message)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message));
  }
}

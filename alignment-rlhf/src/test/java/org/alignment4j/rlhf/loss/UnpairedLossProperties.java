package org.alignment4j.rlhf.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;

/** Laws of the losses over single answers, and each against its formula written out plainly. */
class UnpairedLossProperties {

  private static final int TRIES = 40;

  /** A batch of one to six answers. */
  record Batch(double[] policy, double[] reference, boolean[] desirable, double point) {

    Batch withPolicy(int index, double value) {
      double[] copy = policy.clone();
      copy[index] = value;
      return new Batch(copy, reference, desirable, point);
    }
  }

  @Provide
  Arbitrary<Batch> batches() {
    Arbitrary<double[]> logProbs =
        Arbitraries.doubles().between(-300, -0.01).array(double[].class).ofSize(6);
    Arbitrary<boolean[]> labels = Arbitraries.of(true, false).array(boolean[].class).ofSize(6);
    return Combinators.combine(
            Arbitraries.integers().between(1, 6),
            logProbs,
            logProbs,
            labels,
            Arbitraries.doubles().between(0, 30))
        .as(
            (n, p, r, d, z) ->
                new Batch(
                    java.util.Arrays.copyOf(p, n),
                    java.util.Arrays.copyOf(r, n),
                    java.util.Arrays.copyOf(d, n),
                    z));
  }

  private static UnpairedLossValues evaluate(UnpairedLoss loss, Batch b) {
    return UnpairedLosses.evaluate(loss, b.policy(), b.reference(), b.desirable(), b.point());
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  private static double plain(UnpairedLoss loss, Batch b, int i) {
    double beta = loss.beta();
    double ratio = b.policy()[i] - b.reference()[i];
    boolean good = b.desirable()[i];
    if (loss instanceof KtoLoss kto) {
      return good
          ? kto.desirableWeight() * (1 - sigmoid(beta * (ratio - b.point())))
          : kto.undesirableWeight() * (1 - sigmoid(beta * (b.point() - ratio)));
    }
    if (loss instanceof ApoZeroUnpairedLoss apo) {
      return good
          ? apo.desirableWeight() * (1 - sigmoid(beta * ratio))
          : apo.undesirableWeight() * sigmoid(beta * ratio);
    }
    BcoLoss bco = (BcoLoss) loss;
    double above = beta * ratio - b.point();
    return good
        ? bco.desirableWeight() * softplus(-above)
        : bco.undesirableWeight() * softplus(above);
  }

  @Provide
  Arbitrary<UnpairedLoss> losses() {
    Arbitrary<Double> betas = Arbitraries.doubles().between(0.01, 1);
    Arbitrary<Double> weights = Arbitraries.doubles().between(0, 3);
    return Arbitraries.oneOf(
        Combinators.combine(betas, weights, weights).as(KtoLoss::new),
        Combinators.combine(betas, weights, weights).as(ApoZeroUnpairedLoss::new),
        Combinators.combine(betas, weights, weights).as(BcoLoss::new));
  }

  @Property(tries = TRIES)
  void everyLossIsItsFormula(@ForAll("losses") UnpairedLoss loss, @ForAll("batches") Batch batch) {
    UnpairedLossValues values = evaluate(loss, batch);
    double sum = 0;
    for (int i = 0; i < batch.policy().length; i++) {
      double expected = plain(loss, batch, i);
      sum += expected;
      assertThat(values.losses()[i]).isCloseTo(expected, within(1e-12 + 1e-12 * expected));
      assertThat(values.rewards()[i])
          .isCloseTo(loss.beta() * (batch.policy()[i] - batch.reference()[i]), within(1e-12));
    }
    assertThat(values.loss()).isCloseTo(sum / batch.policy().length, within(1e-11));
  }

  @Property(tries = TRIES)
  void gradientsAreFiniteDifferences(
      @ForAll("losses") UnpairedLoss loss, @ForAll("batches") Batch batch) {
    double[] gradients = evaluate(loss, batch).gradients();
    double step = 1e-5;
    for (int i = 0; i < gradients.length; i++) {
      double p = batch.policy()[i];
      double above = evaluate(loss, batch.withPolicy(i, p + step)).loss();
      double below = evaluate(loss, batch.withPolicy(i, p - step)).loss();
      assertThat(gradients[i]).isCloseTo((above - below) / (2 * step), within(1e-7));
    }
  }

  @Property(tries = TRIES)
  void boundedLossesStayBetweenZeroAndTheirWeight(@ForAll("batches") Batch batch) {
    for (UnpairedLoss loss :
        new UnpairedLoss[] {new KtoLoss(0.3, 1.5, 0.5), new ApoZeroUnpairedLoss(0.3, 1.5, 0.5)}) {
      double[] losses = evaluate(loss, batch).losses();
      for (int i = 0; i < losses.length; i++) {
        assertThat(losses[i]).isBetween(0.0, batch.desirable()[i] ? 1.5 : 0.5);
      }
    }
  }

  @Property(tries = TRIES)
  void aLikelierAnswerCostsLessWhenGoodAndMoreWhenBad(
      @ForAll("batches") Batch batch, @ForAll @DoubleRange(min = 0.5, max = 20) double by) {
    for (UnpairedLoss loss :
        new UnpairedLoss[] {
          UnpairedLoss.kto(0.1), UnpairedLoss.apoZero(0.1), UnpairedLoss.bco(0.1)
        }) {
      double before = evaluate(loss, batch).losses()[0];
      double after = evaluate(loss, batch.withPolicy(0, batch.policy()[0] - by)).losses()[0];
      if (batch.desirable()[0]) {
        assertThat(after).isGreaterThanOrEqualTo(before);
      } else {
        assertThat(after).isLessThanOrEqualTo(before);
      }
    }
  }

  @Property(tries = TRIES)
  void theReferencePointOfKtoIsNeverNegative(
      @ForAll("batches") Batch batch, @ForAll("losses") UnpairedLoss loss) {
    double z0 = UnpairedLosses.mismatchedKl(batch.policy(), batch.reference());
    double mean = 0;
    for (int i = 0; i < batch.policy().length; i++) {
      mean += (batch.policy()[i] - batch.reference()[i]) / batch.policy().length;
    }
    assertThat(z0).isCloseTo(Math.max(0, mean), within(1e-9));
    assertThat(loss.referencePoint() == UnpairedLoss.ReferencePoint.NONE)
        .isEqualTo(loss instanceof ApoZeroUnpairedLoss);
  }

  @Property(tries = TRIES)
  void withoutAReferencePointKtoIsAnchoredPreferenceOptimisation(@ForAll("batches") Batch batch) {
    Batch zero = new Batch(batch.policy(), batch.reference(), batch.desirable(), 0);
    assertThat(evaluate(new KtoLoss(0.2, 1.2, 0.7), zero).losses())
        .containsExactly(
            evaluate(new ApoZeroUnpairedLoss(0.2, 1.2, 0.7), batch).losses(), within(1e-14));
  }
}

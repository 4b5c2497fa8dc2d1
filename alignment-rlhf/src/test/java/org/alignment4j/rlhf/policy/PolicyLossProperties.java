package org.alignment4j.rlhf.policy;

import static org.alignment4j.rlhf.policy.KlPenalty.Gradient.BIAS_CORRECTED;
import static org.alignment4j.rlhf.policy.KlPenalty.Gradient.ESTIMATOR;
import static org.alignment4j.rlhf.policy.KlPenalty.Gradient.STRAIGHT_THROUGH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.alignment4j.rlhf.advantage.CompletionMask;
import org.alignment4j.rlhf.advantage.KlEstimator;
import org.alignment4j.rlhf.advantage.TokenWeights;

/** Every policy loss beside its formula in plain Java, and what holds for all of them. */
class PolicyLossProperties {

  static final List<PolicyLoss> ALL =
      List.of(
          PolicyLoss.ppo(),
          PolicyLoss.ppo(0.2, 0.28).withDualClip(1.4),
          PolicyLoss.ppo().withDelta(1.5),
          PolicyLoss.grpo(0.04),
          PolicyLoss.ppo().withKl(KlPenalty.k2(0.1)),
          PolicyLoss.ppo().withKl(new KlPenalty(KlEstimator.K3, 0.2, BIAS_CORRECTED)),
          PolicyLoss.ppo().withKl(new KlPenalty(KlEstimator.K1, 0.2, BIAS_CORRECTED)),
          PolicyLoss.ppo().withKl(new KlPenalty(KlEstimator.ABSOLUTE_K1, 0.2, BIAS_CORRECTED)),
          PolicyLoss.cispo().withKl(new KlPenalty(KlEstimator.ABSOLUTE_K1, 0.2, ESTIMATOR)),
          PolicyLoss.ppo().withKl(new KlPenalty(KlEstimator.K3, 0.2, STRAIGHT_THROUGH)),
          PolicyLoss.reinforce().withKl(new KlPenalty(KlEstimator.K1, 0.2, STRAIGHT_THROUGH)),
          new GspoLoss(0.05, 0.08),
          new GspoLoss(0.05, 0.08).withKl(new KlPenalty(KlEstimator.K3, 0.2, BIAS_CORRECTED)),
          new GmpoLoss(0.1, 0.15),
          new GmpoLoss(0.1, 0.15).withKl(new KlPenalty(KlEstimator.K3, 0.2, BIAS_CORRECTED)),
          PolicyLoss.rloo(),
          PolicyLoss.ppo().withEntropy(0.3),
          PolicyLoss.grpo(0.04).withEntropy(0.3),
          PolicyLoss.cispo(),
          new CispoLoss(0.2, 0.3, CispoLoss.Cap.ONE_PLUS),
          new CispoLoss(1, 1.2, CispoLoss.Cap.EPSILON),
          PolicyLoss.sapo(),
          PolicyLoss.reinforce(),
          PolicyLoss.reinforce().withKl(KlPenalty.k3(0.5)),
          new AlolLoss(AlolLoss.RatioLevel.SEQUENCE, 0.9),
          new AlolLoss(AlolLoss.RatioLevel.TOKEN, 0.3),
          new AlolKlLoss(0.7),
          new GoldLoss(0.1),
          PolicyLoss.vespo(),
          new VespoLoss(1, 0.5, 1.5, 2).withKl(KlPenalty.k3(0.2)),
          PolicyLoss.ppo().withOffPolicyMask(0),
          new GspoLoss(0.05, 0.08).withOffPolicyMask(0.05).withKl(KlPenalty.k3(0.2)),
          PolicyLoss.vespo().withOffPolicyMask(0.1).withEntropy(0.3));

  @Provide
  Arbitrary<PolicyLoss> losses() {
    return Arbitraries.of(ALL);
  }

  /** Three sequences whose ratios lie about 1; advantages are of sequences. */
  static PolicyBatch batch(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] lengths = {3, 1, 4};
    double[] policy = random.doubles(8, -4, -0.2).toArray();
    double[] old = shifted(random, policy, 0.5);
    double[] reference = shifted(random, policy, 0.9);
    double[] advantages = new double[8];
    double[] of = random.doubles(3, -2, 2).toArray();
    Arrays.fill(advantages, 0, 3, of[0]);
    Arrays.fill(advantages, 3, 4, of[1]);
    Arrays.fill(advantages, 4, 8, of[2]);
    double[] weights =
        TokenWeights.sequenceMean().weights(CompletionMask.ofLengths(lengths)).flat();
    return PolicyBatch.of(policy, old, advantages, lengths)
        .withReference(reference)
        .withCorrections(random.doubles(8, 0, 2).toArray())
        .withWeights(weights);
  }

  private static double[] shifted(SplittableRandom random, double[] values, double by) {
    return Arrays.stream(values).map(v -> v + random.nextDouble(-by, by)).toArray();
  }

  @Property(tries = 120)
  void agreesWithTheFormula(@ForAll long seed, @ForAll("losses") PolicyLoss loss) {
    PolicyBatch batch = batch(seed);
    LossValues values = PolicyLosses.evaluate(loss, batch);
    assertThat(values.losses())
        .containsExactly(LossFormulas.losses(loss, batch, batch.policy()), within(1e-11));
    assertThat(values.loss())
        .isCloseTo(LossFormulas.loss(loss, batch, batch.policy()), within(1e-11));
    if (!(loss instanceof AlolKlLoss || loss instanceof GoldLoss)) {
      assertThat(values.metrics().get("ratio"))
          .containsExactly(LossFormulas.ratios(loss, batch, batch.policy()), within(1e-11));
    }
  }

  @Property(tries = 120)
  void gradientsAreThoseOfTheFormula(@ForAll long seed, @ForAll("losses") PolicyLoss loss) {
    PolicyBatch batch = batch(seed);
    double[] wide = LossFormulas.gradients(loss, batch, 2e-5);
    double[] narrow = LossFormulas.gradients(loss, batch, 1e-5);
    double[] found = PolicyLosses.evaluate(loss, batch).gradients();
    for (int i = 0; i < found.length; i++) {
      // Two widths differ where a corner of the loss lies between.
      if (Math.abs(wide[i] - narrow[i]) < 1e-6) {
        assertThat(found[i]).as(loss + " " + i).isCloseTo(narrow[i], within(1e-6));
      }
    }
  }

  @Property(tries = 60)
  void sequencesDoNotSeeEachOther(@ForAll long seed, @ForAll("losses") PolicyLoss loss) {
    PolicyBatch batch = batch(seed);
    PolicyBatch other = batch(seed + 1);
    PolicyBatch mixed =
        new PolicyBatch(
            joined(batch.policy(), other.policy()),
            joined(batch.old(), other.old()),
            joined(batch.reference(), other.reference()),
            joined(batch.advantages(), other.advantages()),
            joined(batch.corrections(), other.corrections()),
            batch.weights(),
            batch.lengths());
    LossValues plain = PolicyLosses.evaluate(loss, batch);
    LossValues changed = PolicyLosses.evaluate(loss, mixed);
    for (int i = 0; i < 4; i++) {
      assertThat(changed.losses()[i]).isCloseTo(plain.losses()[i], within(1e-14));
      assertThat(changed.gradients()[i]).isCloseTo(plain.gradients()[i], within(1e-14));
    }
  }

  /** The first two sequences of one batch and the last of another. */
  private static double[] joined(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> i < 4 ? a[i] : b[i]).toArray();
  }

  @Property(tries = 60)
  void microBatchesAddUp(@ForAll long seed, @ForAll("losses") PolicyLoss loss) {
    PolicyBatch batch = batch(seed);
    LossValues whole = PolicyLosses.evaluate(loss, batch);
    LossValues first = PolicyLosses.evaluate(loss, part(batch, 0, 4, 3, 1));
    LossValues second = PolicyLosses.evaluate(loss, part(batch, 4, 8, 4));
    assertThat(first.loss() + second.loss()).isCloseTo(whole.loss(), within(1e-13));
    for (int i = 0; i < 8; i++) {
      double found = i < 4 ? first.gradients()[i] : second.gradients()[i - 4];
      assertThat(found).isCloseTo(whole.gradients()[i], within(1e-13));
    }
  }

  private static PolicyBatch part(PolicyBatch b, int from, int to, int... lengths) {
    return new PolicyBatch(
        Arrays.copyOfRange(b.policy(), from, to),
        Arrays.copyOfRange(b.old(), from, to),
        Arrays.copyOfRange(b.reference(), from, to),
        Arrays.copyOfRange(b.advantages(), from, to),
        Arrays.copyOfRange(b.corrections(), from, to),
        Arrays.copyOfRange(b.weights(), from, to),
        lengths);
  }

  /** Before the policy has moved, every ratio is 1 and every method takes the same step. */
  @Property(tries = 40)
  void theFirstStepIsThatOfReinforce(@ForAll long seed) {
    PolicyBatch moved = batch(seed);
    PolicyBatch batch =
        new PolicyBatch(
            moved.policy(),
            moved.policy(),
            moved.policy(),
            moved.advantages(),
            moved.corrections(),
            moved.weights(),
            moved.lengths());
    double[] reinforce = PolicyLosses.evaluate(PolicyLoss.reinforce(), batch).gradients();
    for (int i = 0; i < reinforce.length; i++) {
      double expected = -batch.advantages()[i] * batch.weights()[i] * batch.corrections()[i];
      assertThat(reinforce[i]).isCloseTo(expected, within(1e-14));
    }
    for (PolicyLoss loss :
        List.of(
            PolicyLoss.ppo(),
            PolicyLoss.ppo().withDualClip(3).withDelta(2),
            PolicyLoss.grpo(0.04),
            PolicyLoss.ppo().withKl(KlPenalty.k2(1)),
            PolicyLoss.cispo(),
            PolicyLoss.sapo(),
            new AlolLoss(AlolLoss.RatioLevel.SEQUENCE, 0.9))) {
      LossValues values = PolicyLosses.evaluate(loss, batch);
      assertThat(values.gradients()).as(loss.toString()).containsExactly(reinforce, within(1e-13));
      assertThat(values.metrics().get("ratio")).containsOnly(1);
      assertThat(values.metrics().get("approx_kl")).containsOnly(0);
      if (values.metrics().containsKey("clip_ratio/region_mean")) {
        assertThat(values.metric("clip_ratio/region_mean")).isZero();
      }
    }
    PolicyBatch plain = batch.withCorrections(IntStream.range(0, 8).mapToDouble(i -> 1).toArray());
    double[] simple = PolicyLosses.evaluate(PolicyLoss.reinforce(), plain).gradients();
    assertThat(PolicyLosses.evaluate(PolicyLoss.gspo(), plain).gradients())
        .as("a ratio of sequences, shared by its tokens")
        .containsExactly(simple, within(1e-13));
    assertThat(PolicyLosses.evaluate(PolicyLoss.gmpo(), plain).gradients())
        .as("a ratio of sequences, clipped by token")
        .containsExactly(simple, within(1e-13));
  }
}

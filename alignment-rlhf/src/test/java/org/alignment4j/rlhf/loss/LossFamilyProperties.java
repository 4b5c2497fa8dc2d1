package org.alignment4j.rlhf.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.alignment4j.rlhf.data.UpdateLengths;
import org.alignment4j.rlhf.loss.LossFormulas.Formula;
import org.alignment4j.rlhf.loss.LossFormulas.Pair;

/** Values, gradients and invariants of all losses of single pairs. */
class LossFamilyProperties {

  private static final Map<PreferenceLoss, Formula> ALL = LossFormulas.all();

  @Provide
  Arbitrary<PreferenceLoss> losses() {
    return Arbitraries.of(new ArrayList<>(ALL.keySet()));
  }

  @Provide
  Arbitrary<PreferenceLoss> withReference() {
    return Arbitraries.of(new ArrayList<>(LossFormulas.withReference().keySet()));
  }

  @Provide
  Arbitrary<PreferenceLoss> withoutReference() {
    return Arbitraries.of(new ArrayList<>(LossFormulas.withoutReference().keySet()));
  }

  @Provide
  Arbitrary<Pair> pairs() {
    Arbitrary<Double> logProbs = Arbitraries.doubles().between(-40, -0.5);
    Arbitrary<Double> ratios = Arbitraries.doubles().between(-6, 6);
    Arbitrary<Integer> lengths = Arbitraries.integers().between(1, 30);
    return Combinators.combine(logProbs, logProbs, ratios, ratios, lengths, lengths)
        .as((w, l, c, r, lw, ll) -> new Pair(w, l, Math.min(w - c, 0), Math.min(l - r, 0), lw, ll));
  }

  private static Formula formula(PreferenceLoss loss) {
    return ALL.get(loss);
  }

  private static double one(PreferenceLoss loss, Pair pair) {
    return PreferenceLosses.evaluate(loss, LossFormulas.values(pair)).losses()[0];
  }

  @Property(tries = 120)
  void agreesWithTheFormula(
      @ForAll("losses") PreferenceLoss loss, @ForAll("pairs") Pair a, @ForAll("pairs") Pair b) {
    PreferenceLossValues values = PreferenceLosses.evaluate(loss, LossFormulas.values(a, b));
    double[] expected = {formula(loss).of(a), formula(loss).of(b)};
    for (int i = 0; i < 2; i++) {
      assertThat(values.losses()[i])
          .as("%s", loss)
          .isCloseTo(expected[i], within(1e-9 * Math.max(1, Math.abs(expected[i]))));
    }
    double mean = (expected[0] + expected[1]) / 2;
    assertThat(values.loss()).isCloseTo(mean, within(1e-9 * Math.max(1, Math.abs(mean))));
  }

  @Property(tries = 120)
  void gradientsEqualFiniteDifferencesOfTheFormula(
      @ForAll("losses") PreferenceLoss loss, @ForAll("pairs") Pair pair) {
    double kink = 1 - pair.w() + pair.l();
    if (loss instanceof SlicLoss && Math.abs(kink) < 1e-3) {
      return;
    }
    PreferenceLossValues values = PreferenceLosses.evaluate(loss, LossFormulas.values(pair));
    double h = 1e-5;
    double chosen =
        formula(loss).of(pair.with(pair.w() + h, pair.l()))
            - formula(loss).of(pair.with(pair.w() - h, pair.l()));
    double rejected =
        formula(loss).of(pair.with(pair.w(), pair.l() + h))
            - formula(loss).of(pair.with(pair.w(), pair.l() - h));
    // the formulas move the first tokens' share along with the whole, the gradient holds it
    double w = 1;
    double l = 1;
    if (loss instanceof LdDpoLoss) {
      double longer = 0.25 / (Pair.SHARE + 0.25 * (1 - Pair.SHARE));
      w = pair.lw() > pair.ll() ? longer : 0.25;
      l = pair.ll() > pair.lw() ? longer : 0.25;
    }
    close(loss, values.chosenGradients()[0], w * chosen / (2 * h));
    close(loss, values.rejectedGradients()[0], l * rejected / (2 * h));
  }

  private static void close(PreferenceLoss loss, double actual, double expected) {
    assertThat(actual)
        .as("%s", loss)
        .isCloseTo(expected, within(1e-5 * Math.max(1, Math.abs(expected))));
  }

  @Property(tries = 60)
  void aConstantOnBothModelsChangesNothing(
      @ForAll("withReference") PreferenceLoss loss, @ForAll("pairs") Pair p) {
    if (loss instanceof SftTermLoss || loss instanceof LdDpoLoss) {
      return;
    }
    Pair moved = new Pair(p.w() - 7, p.l() - 3, p.rw() - 7, p.rl() - 3, p.lw(), p.ll());
    double before = one(loss, p);
    assertThat(one(loss, moved)).isCloseTo(before, within(1e-8 * Math.max(1, Math.abs(before))));
  }

  @Property(tries = 60)
  void withoutReferenceNoneIsNeededOrRead(
      @ForAll("withoutReference") PreferenceLoss loss, @ForAll("pairs") Pair p) {
    assertThat(loss.usesReference()).isFalse();
    Pair other = new Pair(p.w(), p.l(), -1, -2, p.lw(), p.ll());
    assertThat(one(loss, other)).isEqualTo(one(loss, p));
    PairValues none =
        PairValues.of(new double[] {p.w()}, new double[] {p.l()})
            .lengths(new double[] {p.lw()}, new double[] {p.ll()})
            .prompts(new double[] {LossFormulas.PROMPT}, new double[] {LossFormulas.PROMPT_TOKENS})
            .update(new UpdateLengths(LossFormulas.MEAN_ANSWER, LossFormulas.MEAN_PROMPT));
    assertThat(PreferenceLosses.evaluate(loss, none).losses()[0]).isEqualTo(one(loss, p));
  }

  /**
   * A likelier preferred answer has the higher reward, and rewards of swapped pairs change sides.
   */
  @Property(tries = 60)
  void rewardsRiseWithTheAnswersLogProbability(
      @ForAll("losses") PreferenceLoss loss, @ForAll("pairs") Pair p) {
    PreferenceLossValues values = PreferenceLosses.evaluate(loss, LossFormulas.values(p));
    PreferenceLossValues higher =
        PreferenceLosses.evaluate(loss, LossFormulas.values(p.with(p.w() / 2, p.l())));
    PreferenceLossValues swapped =
        PreferenceLosses.evaluate(loss, LossFormulas.values(p).swapped());
    assertThat(higher.chosenRewards()[0]).as("%s", loss).isGreaterThan(values.chosenRewards()[0]);
    assertThat(swapped.chosenRewards()[0]).isEqualTo(values.rejectedRewards()[0]);
    assertThat(swapped.rejectedRewards()[0]).isEqualTo(values.chosenRewards()[0]);
  }

  /** Of log-probabilities that no text has, only the numbers must stay numbers. */
  @Property(tries = 80)
  void numbersStayNumbersAtExtremes(
      @ForAll("losses") PreferenceLoss loss,
      @ForAll("margins") double c,
      @ForAll("margins") double r) {
    double base = -2e4;
    Pair pair = new Pair(base + c, base + r, base, base, 3, 5);
    PreferenceLossValues values = PreferenceLosses.evaluate(loss, LossFormulas.values(pair));
    assertThat(values.losses()[0]).as("%s", loss).isFinite();
    assertThat(values.chosenGradients()[0]).as("%s", loss).isFinite();
    assertThat(values.rejectedGradients()[0]).as("%s", loss).isFinite();
    double expected = formula(loss).of(pair);
    assertThat(values.losses()[0])
        .as("%s", loss)
        .isCloseTo(expected, within(1e-9 * Math.max(1, Math.abs(expected))));
  }

  @Provide
  Arbitrary<Double> margins() {
    return Arbitraries.of(0.0, 1e-9, -1e-9, 1.0, -40.0, 745.0, -745.0, 1e4, -1e4);
  }
}

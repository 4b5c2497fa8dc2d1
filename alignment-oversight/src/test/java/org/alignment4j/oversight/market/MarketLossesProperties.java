package org.alignment4j.oversight.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.OptionalDouble;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

class MarketLossesProperties {

  @Property
  void makerLosesLeastWhereItPredictsTheBelief(
      @ForAll @DoubleRange(min = 0.01, max = 0.99) double price,
      @ForAll @DoubleRange(min = 0.01, max = 0.99) double belief) {
    assertThat(MarketLosses.maker(price, belief))
        .isGreaterThanOrEqualTo(MarketLosses.maker(belief, belief) - 1e-12);
    double step = 1e-6;
    double slope =
        (MarketLosses.maker(belief + step / 2, belief)
                - MarketLosses.maker(belief - step / 2, belief))
            / step;
    assertThat(slope).isCloseTo(0, within(1e-3));
  }

  @Property
  void adversaryGainsByMovingEitherWay(
      @ForAll @DoubleRange(max = 1) double before, @ForAll @DoubleRange(max = 1) double after) {
    assertThat(MarketLosses.adversary(before, after))
        .isEqualTo(-Math.max(before - after, after - before));
  }

  @Example
  void figuresAreThoseOfTheFormula() {
    assertThat(MarketLosses.maker(0.25, 1)).isCloseTo(Math.log(4), within(1e-15));
    assertThat(MarketLosses.maker(0.25, 0)).isCloseTo(Math.log(4 / 3.0), within(1e-15));
    assertThat(MarketLosses.maker(0.5, 0.3)).isCloseTo(Math.log(2), within(1e-15));
    assertThatThrownBy(() -> MarketLosses.maker(1, 0.5)).hasMessageContaining("clip it");
    assertThatThrownBy(() -> MarketLosses.maker(0.5, 1.5)).hasMessageContaining("belief");
    assertThatThrownBy(() -> MarketLosses.adversary(-1, 0)).hasMessageContaining("before");
  }

  @Example
  void oscillationsAreTurnsOfThePrice() {
    assertThat(turns(0.5, 0.6, 0.7)).isZero();
    assertThat(turns(0.5, 0.6, 0.6, 0.4, 0.4, 0.3, 0.8)).isEqualTo(2);
    assertThat(turns(0.1, 0.9, 0.1, 0.9)).isEqualTo(2);
    assertThat(turns()).isZero();
  }

  private static int turns(Double... prices) {
    return new MarketResult(List.of(prices), 0, OptionalDouble.empty(), false).oscillations();
  }
}

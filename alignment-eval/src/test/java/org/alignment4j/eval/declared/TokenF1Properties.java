package org.alignment4j.eval.declared;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class TokenF1Properties {

  @Property
  void overlapIsSymmetricAndBounded(@ForAll String one, @ForAll String other) {
    double f1 = TokenF1.of(one, other);
    assertThat(f1).isBetween(0.0, 1.0).isEqualTo(TokenF1.of(other, one));
    assertThat(TokenF1.of(one, one)).isEqualTo(1);
  }
}

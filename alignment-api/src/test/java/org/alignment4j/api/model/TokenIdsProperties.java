package org.alignment4j.api.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class TokenIdsProperties {

  @Property(tries = 200)
  void slicesJoinToTheWhole(@ForAll int[] raw, @ForAll @IntRange(max = 100) int cut) {
    int[] ids = Arrays.stream(raw).map(id -> id & Integer.MAX_VALUE).toArray();
    TokenIds whole = TokenIds.of(ids);
    int at = Math.min(cut, whole.size());

    TokenIds joined = whole.slice(0, at).concat(whole.slice(at, whole.size()));

    assertThat(joined).isEqualTo(whole).hasSameHashCodeAs(whole);
    assertThat(joined.toArray()).isEqualTo(ids);
    assertThat(whole.startsWith(whole.slice(0, at))).isTrue();
  }

  @Example
  void copiesItsInputAndOutput() {
    int[] ids = {1, 2, 3};
    TokenIds tokens = TokenIds.of(ids);
    ids[0] = 9;
    tokens.toArray()[1] = 9;

    assertThat(tokens).isEqualTo(TokenIds.of(1, 2, 3)).hasToString("[1, 2, 3]");
  }

  @Example
  void negativeIdsAreRefused() {
    assertThatThrownBy(() -> TokenIds.of(4, -1))
        .hasMessage("token ids must not be negative but the one at index 1 was -1");
  }

  @Example
  void longerTextIsNoPrefix() {
    assertThat(TokenIds.of(1).startsWith(TokenIds.of(1, 2))).isFalse();
    assertThat(TokenIds.of(1, 2).startsWith(TokenIds.of(2))).isFalse();
  }
}

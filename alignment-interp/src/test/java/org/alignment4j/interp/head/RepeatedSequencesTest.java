package org.alignment4j.interp.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.alignment4j.api.model.TokenIds;
import org.junit.jupiter.api.Test;

class RepeatedSequencesTest {

  private static final TokenIds BOS = TokenIds.of(1);

  private static RepeatedSequences random(int count, long seed) {
    return RepeatedSequences.random(20, Set.of(0, 2), BOS, 9, count, seed);
  }

  @Test
  void tokensComeTwiceAndNoneMoreOften() {
    RepeatedSequences repeated = random(40, 7);
    assertThat(repeated.sequences()).hasSize(40).doesNotHaveDuplicates();
    for (TokenIds tokens : repeated.sequences()) {
      assertThat(tokens.size()).isEqualTo(19);
      assertThat(tokens.get(0)).isEqualTo(1);
      TokenIds first = tokens.slice(1, 10);
      assertThat(tokens.slice(10, 19)).isEqualTo(first);
      assertThat(first.stream().boxed().collect(Collectors.toSet()))
          .hasSize(9)
          .doesNotContain(0, 1, 2)
          .allSatisfy(id -> assertThat(id).isLessThan(20));
    }
    Set<Integer> drawn =
        repeated.sequences().stream()
            .flatMap(t -> t.slice(1, 10).stream().boxed())
            .collect(Collectors.toSet());
    assertThat(drawn).as("every token that may be drawn").hasSize(17);
  }

  @Test
  void aSequenceDependsOnTheSeedAndItsNumber() {
    assertThat(random(5, 7)).isEqualTo(random(5, 7)).isNotEqualTo(random(5, 8));
    assertThat(random(9, 7).sequences().subList(0, 5)).isEqualTo(random(5, 7).sequences());
    assertThat(random(0, 7).sequences()).isEmpty();
  }

  @Test
  void whatCannotBeDrawnIsRefused() {
    assertThatThrownBy(() -> RepeatedSequences.random(20, Set.of(0, 2), BOS, 18, 1, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at most the vocabulary's 17 tokens")
        .hasMessageContaining("but was 18");
    assertThatThrownBy(() -> RepeatedSequences.random(20, Set.of(), BOS, 1, 1, 3))
        .hasMessage("period must be at least 2 but was 1");
    assertThatThrownBy(() -> RepeatedSequences.random(20, Set.of(), BOS, 2, -1, 3))
        .hasMessage("count must not be negative but was -1");
    assertThatThrownBy(() -> new RepeatedSequences(BOS, 2, List.of(TokenIds.of(1, 4, 5, 4, 6))))
        .hasMessageContaining("2 tokens twice but sequence 0 was [1, 4, 5, 4, 6]");
  }
}

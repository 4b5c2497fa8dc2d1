package org.alignment4j.rlhf.synthetic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Prompt;
import org.junit.jupiter.api.Test;

/** Pairs at the ratio of lengths itself. */
class LengthFilterTest {

  private static SyntheticResponse answer(String text) {
    return new SyntheticResponse(0, Prompt.text("p"), "c", text, false);
  }

  private static boolean kept(double ratio, String better, String worse) {
    return new LengthFilter(ratio)
        .keeps(List.of(new SyntheticPair(answer(better), answer(worse))), CancellationToken.none())
        .get(0);
  }

  @Test
  void theLeastRatioItselfIsKept() {
    assertThat(kept(0.5, "a b", "a b c d")).isTrue();
    assertThat(kept(0.5, "a", "a b c")).isFalse();
    assertThat(kept(1, " a\n b ", "c d")).isTrue();
    assertThat(kept(0, "", "a b")).isTrue();
    assertThat(kept(0.5, "", "")).isTrue();
  }
}

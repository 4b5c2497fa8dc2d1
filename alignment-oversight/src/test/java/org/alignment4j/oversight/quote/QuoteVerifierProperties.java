package org.alignment4j.oversight.quote;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class QuoteVerifierProperties {
  private static final String SOURCE =
      "The keeper of the lighthouse\nsaid: \u201cI won\u2019t go.\u201d  Then, at dawn, she left"
          + " for the city by the sea.";
  private static final QuoteVerifier VERIFIER = QuoteVerifier.of(List.of("Other words.", SOURCE));

  @Property
  void everyRunOfThreeWordsIsVerified(
      @ForAll @IntRange(max = 20) int from, @ForAll @IntRange(min = 3, max = 8) int length) {
    String[] words = SOURCE.split("\\s+", -1);
    int end = Math.min(words.length, from + length);
    if (end - from < 3) {
      return;
    }
    String quote = String.join("  ", List.of(words).subList(from, end));
    assertThat(VERIFIER.check(quote).verified()).isTrue();
    assertThat(VERIFIER.check(quote).similarity()).isEqualTo(1);
    assertThat(VERIFIER.check(quote + " zebra").verified()).isFalse();
    assertThat(VERIFIER.mark(VERIFIER.mark("<quote>" + quote + "</quote>")))
        .isEqualTo("<v_quote>" + quote + "</v_quote>");
  }
}

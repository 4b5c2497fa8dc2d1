package org.alignment4j.core.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VisibleTokensTest {

  @ParameterizedTest
  @CsvSource(
      ignoreLeadingAndTrailingWhitespace = false,
      value = {"' ','␣'", "'  ','␣␣'", "' Moss',' Moss'", "'a b','a b'", "'','∅'", "ab,ab"})
  void spacesAreMarkedWhereThereIsNothingElse(String text, String visible) {
    assertThat(VisibleTokens.of(text)).isEqualTo(visible);
  }

  @Test
  void lineFeedsAndTabsAreMarkedEverywhere() {
    assertThat(VisibleTokens.of("a\n\tb\r\n")).isEqualTo("a↵⇥b↵");
    assertThat(VisibleTokens.of(" \n")).isEqualTo(" ↵");
  }
}

package org.alignment4j.eval.general;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.IntRange;

class TextWindowsProperties {

  @Property
  void piecesMakeUpTheTextAndContextsStandBefore(
      @ForAll @CharRange(from = 'a', to = 'c') @Chars({' ', '\n', 'ä'}) String text,
      @ForAll @IntRange(min = 1, max = 5) int words,
      @ForAll @IntRange(max = 5) int context) {
    List<TextWindows.Window> windows = TextWindows.of(text, words, context);
    if (text.isBlank()) {
      assertThat(windows).isEmpty();
      return;
    }
    assertThat(windows.stream().map(TextWindows.Window::text).collect(Collectors.joining()))
        .isEqualTo(text);
    assertThat(TextWindows.words(text)).isEqualTo(text.strip().split("\\s+").length);
    StringBuilder before = new StringBuilder();
    for (TextWindows.Window window : windows) {
      assertThat(before.toString()).endsWith(window.context());
      assertThat(TextWindows.words(window.text())).isLessThanOrEqualTo(words);
      assertThat(TextWindows.words(window.context())).isLessThanOrEqualTo(context);
      before.append(window.text());
    }
  }
}

package org.alignment4j.runtime.tokenizer;

import org.jspecify.annotations.Nullable;

/** UTF-16 offsets of a text's code points. */
final class CodePointIndex {

  private final int @Nullable [] offsets;

  CodePointIndex(String text) {
    int count = text.codePointCount(0, text.length());
    if (count == text.length()) {
      offsets = null;
      return;
    }
    int[] starts = new int[count + 1];
    int at = 0;
    for (int i = 0; i < count; i++) {
      starts[i] = at;
      at += Character.charCount(text.codePointAt(at));
    }
    starts[count] = at;
    offsets = starts;
  }

  int utf16(int codePoint) {
    return offsets == null ? codePoint : offsets[codePoint];
  }
}

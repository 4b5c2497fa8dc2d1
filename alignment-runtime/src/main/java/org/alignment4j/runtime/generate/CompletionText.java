package org.alignment4j.runtime.generate;

import java.util.Arrays;
import org.alignment4j.runtime.tokenizer.IncrementalDecoder;

/** The text that a completion adds to its prompt. Thread-safe. */
record CompletionText(TokenText texts) {

  /** Tokens of the prompt that decide how the completion's first characters are written. */
  private static final int CONTEXT = 4;

  /** The text of tokens behind a prompt; empty without a tokenizer. */
  String of(int[] prompt, int[] tokens) {
    if (texts.tokenizer() == null) {
      return "";
    }
    IncrementalDecoder decoder = new IncrementalDecoder(texts.tokenizer());
    decoder.begin(
        Arrays.stream(prompt, Math.max(0, prompt.length - CONTEXT), prompt.length)
            .filter(texts::has)
            .toArray());
    StringBuilder text = new StringBuilder();
    for (int token : tokens) {
      if (texts.has(token)) {
        text.append(decoder.add(token));
      }
    }
    return text.append(decoder.finish()).toString();
  }
}

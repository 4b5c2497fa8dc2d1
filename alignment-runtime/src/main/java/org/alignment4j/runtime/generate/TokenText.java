package org.alignment4j.runtime.generate;

import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Tokenizer;
import org.jspecify.annotations.Nullable;

/**
 * Text of single tokens; empty for ids that have none: a checkpoint without a tokenizer, or rows
 * that pad its embedding.
 */
record TokenText(@Nullable Tokenizer tokenizer) {

  boolean has(int id) {
    return tokenizer != null && id < tokenizer.vocabularySize();
  }

  String of(int id) {
    return tokenizer != null && has(id) ? tokenizer.decodeWithSpecialTokens(TokenIds.of(id)) : "";
  }
}

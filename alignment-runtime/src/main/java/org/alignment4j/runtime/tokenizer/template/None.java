package org.alignment4j.runtime.tokenizer.template;

/** Python's None. */
enum None {
  NONE
}

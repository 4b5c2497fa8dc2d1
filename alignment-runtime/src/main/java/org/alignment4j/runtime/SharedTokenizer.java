package org.alignment4j.runtime;

import java.nio.file.Path;
import org.alignment4j.runtime.tokenizer.HfTokenizer;

/** A tokenizer that several models use; the last one to leave closes it. Thread-safe. */
final class SharedTokenizer {

  private final HfTokenizer tokenizer;
  private int users = 1;

  private SharedTokenizer(HfTokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  static SharedTokenizer load(Path folder, int embeddingRows) {
    HfTokenizer tokenizer = HfTokenizer.load(folder);
    try {
      tokenizer.check(embeddingRows);
    } catch (RuntimeException e) {
      tokenizer.close();
      throw e;
    }
    return new SharedTokenizer(tokenizer);
  }

  HfTokenizer get() {
    return tokenizer;
  }

  synchronized void retain() {
    if (users == 0) {
      throw new IllegalStateException("the model must be open but is closed; load it again");
    }
    users++;
  }

  synchronized void release() {
    users--;
    if (users == 0) {
      tokenizer.close();
    }
  }
}

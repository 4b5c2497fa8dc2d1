package org.alignment4j.eval.factuality;

import java.util.List;
import org.apiguardian.api.API;

/** Cuts a text into sentences. Implementations are pure functions. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@FunctionalInterface
public interface SentenceSplitter {

  /**
   * Cuts a text.
   *
   * @param text any text
   * @return its sentences in order, none blank, without outer white space
   */
  List<String> sentences(String text);

  /** Returns the splitter of this package, for English; see {@link EnglishSentences}. */
  static SentenceSplitter english() {
    return new EnglishSentences();
  }
}

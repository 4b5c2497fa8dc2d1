package org.alignment4j.eval.redteam.genetic;

import java.util.SplittableRandom;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Usage;
import org.apiguardian.api.API;

/** Rewrites a text so that it means the same. Safe for concurrent calls. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface TextMutation {

  /** Returns what the outcome depends on, for journals and reports. */
  String name();

  /**
   * Rewrites.
   *
   * @param text what to rewrite
   * @param random where chance comes from
   * @param cancellation asks a model to stop
   * @return another text, or the same where nothing can be changed
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when a model fails
   */
  Rewritten rewrite(String text, SplittableRandom random, CancellationToken cancellation);

  /**
   * A text that was rewritten.
   *
   * @param text the text
   * @param usage what it cost
   */
  record Rewritten(String text, Usage usage) {}
}

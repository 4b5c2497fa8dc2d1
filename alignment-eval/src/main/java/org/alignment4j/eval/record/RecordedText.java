package org.alignment4j.eval.record;

import java.util.Objects;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.FinishReason;
import org.apiguardian.api.API;

/**
 * A text that a model generated for a sample.
 *
 * @param text the text
 * @param finishReason why it ended
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RecordedText(String text, FinishReason finishReason) {
  /** Checks that nothing is missing. */
  public RecordedText {
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(finishReason, "finishReason");
  }

  /** Returns what is kept of a completion. */
  public static RecordedText of(Completion completion) {
    return new RecordedText(completion.text(), completion.finishReason());
  }
}

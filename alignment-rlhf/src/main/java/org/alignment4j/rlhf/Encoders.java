package org.alignment4j.rlhf;

import org.alignment4j.rlhf.data.SequenceLimits;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.tokenizer.PromptCompletionEncoder;

/** How a model's training text becomes tokens. */
final class Encoders {

  private static final int DEFAULT_LENGTH = 1024;

  private Encoders() {}

  /**
   * The model's own encoder, which ends answers with an end token.
   *
   * @throws IllegalStateException if the model is closed, or has no tokenizer
   */
  static PromptCompletionEncoder of(DecoderModel model) {
    return model
        .instance()
        .call(() -> new PromptCompletionEncoder(model.tokenizer(), model.chatTemplate(), true));
  }

  /** The limits asked for, or else the model's context, at most 1024 tokens. */
  static SequenceLimits limits(DecoderModel model, FineTuningOptions options) {
    int context = model.architecture().config().maxPositions();
    SequenceLimits limits = options.limits();
    if (limits == null) {
      return SequenceLimits.of(Math.min(DEFAULT_LENGTH, context));
    }
    if (limits.maxLength() > context) {
      throw new IllegalArgumentException(
          "maxLength must be at most the model's context, "
              + context
              + " tokens, but was "
              + limits.maxLength());
    }
    return limits;
  }
}

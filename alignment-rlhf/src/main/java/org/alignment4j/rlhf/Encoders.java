package org.alignment4j.rlhf;

import java.util.List;
import java.util.function.Function;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.rlhf.data.SequenceLimits;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.SequenceClassifier;
import org.alignment4j.runtime.architecture.Architecture;
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

  /**
   * A reward model's own encoder, as {@link org.alignment4j.rlhf.reward.TrainedRewardModel} has it.
   *
   * @throws IllegalStateException if the model is closed, or has no tokenizer
   */
  static PromptCompletionEncoder of(SequenceClassifier model) {
    return model
        .instance()
        .call(
            () ->
                new PromptCompletionEncoder(
                    model.tokenizer(),
                    model.chatTemplate(),
                    !model.tokenizer().eosIds().isEmpty()));
  }

  /**
   * Refuses prompts of tokens that the model does not know, such as those of another tokenizer.
   *
   * @param parameter what the caller calls the examples
   * @throws IllegalArgumentException when one has such a token, naming its index
   */
  static <E> void requireKnown(
      DecoderModel model,
      String parameter,
      List<? extends E> examples,
      Function<E, Prompt> prompt) {
    requireKnown(model.architecture(), parameter, examples, prompt);
  }

  /** The same of an architecture. */
  static <E> void requireKnown(
      Architecture architecture,
      String parameter,
      List<? extends E> examples,
      Function<E, Prompt> prompt) {
    int vocabulary = architecture.config().vocabSize();
    for (int i = 0; i < examples.size(); i++) {
      if (prompt.apply(examples.get(i)) instanceof Prompt.Tokens tokens) {
        int unknown = tokens.ids().stream().filter(t -> t >= vocabulary).findFirst().orElse(-1);
        if (unknown >= 0) {
          throw new IllegalArgumentException(
              ("%s[%s]: tokens of a prompt must be below the vocabulary's %s but one was %s; encode with"
                      + " this model's tokenizer, or give a text")
                  .formatted(parameter, i, vocabulary, unknown));
        }
      }
    }
  }

  /** The limits asked for, or else the model's context, at most 1024 tokens. */
  static SequenceLimits limits(DecoderModel model, FineTuningOptions options) {
    return limits(model.architecture(), options);
  }

  /** The limits asked for, or else the model's context, at most 1024 tokens. */
  static SequenceLimits limits(Architecture architecture, FineTuningOptions options) {
    int context = architecture.config().maxPositions();
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

  /**
   * Refuses limits of examples where answers are sampled, which nothing would read.
   *
   * @throws IllegalArgumentException when there are limits
   */
  static void requireNoLimits(FineTuningOptions options) {
    if (options.limits() != null) {
      throw new IllegalArgumentException(
          "limits are of examples that are given and must be left out where answers are sampled but"
              + " were "
              + options.limits()
              + "; bound the answers by rollouts(RolloutOptions.of(tokens))");
    }
  }
}

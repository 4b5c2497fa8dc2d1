package org.alignment4j.rlhf.reward;

import java.util.Optional;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.SequenceClassifier;

/** Which tokens a reward model can read. */
final class ReadableTokens {

  private ReadableTokens() {}

  /** What is wrong with the tokens of a prompt and its answer; empty where nothing is. */
  static Optional<String> problem(SequenceClassifier classifier, TokenIds tokens) {
    int context = classifier.architecture().config().maxPositions();
    if (tokens.size() > context) {
      return Optional.of(
          ("prompt and answer must fit the reward model's context of %s tokens but have %s; shorten"
                  + " them, or take a reward model with a longer context")
              .formatted(context, tokens.size()));
    }
    int vocabulary = classifier.architecture().config().vocabSize();
    return tokens.stream()
        .filter(t -> t >= vocabulary)
        .boxed()
        .findFirst()
        .map(
            unknown ->
                ("tokens must be below the reward model's vocabulary of %s but one was %s; encode"
                        + " the prompt with its tokenizer, or give a text")
                    .formatted(vocabulary, unknown));
  }
}

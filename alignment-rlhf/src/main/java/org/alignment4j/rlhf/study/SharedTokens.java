package org.alignment4j.rlhf.study;

import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.rlhf.data.TokenDifference;
import org.alignment4j.runtime.DecoderModel;

/** What models must share whose divergence is measured token by token. */
final class SharedTokens {

  private SharedTokens() {}

  /**
   * Refuses a checkpoint of other tokens than the initial policy's, in so far as it discloses them.
   *
   * @throws IllegalArgumentException naming the checkpoint and what differs
   */
  static void require(DecoderModel initial, String name, LanguageModel checkpoint) {
    if (!(checkpoint instanceof DecoderModel model)) {
      return;
    }
    int own = initial.architecture().config().vocabSize();
    int other = model.architecture().config().vocabSize();
    if (own != other) {
      throw refused(name, "a vocabulary of %s and not of %s".formatted(other, own));
    }
    if (initial.hasTokenizer() && model.hasTokenizer()) {
      TokenDifference.between(initial.tokenizer(), model.tokenizer())
          .ifPresent(
              d -> {
                throw refused(
                    name, "'%s' and not '%s' as token %s".formatted(d.second(), d.first(), d.id()));
              });
    }
  }

  private static IllegalArgumentException refused(String name, String difference) {
    return new IllegalArgumentException(
        ("checkpoint '%s' must have the tokens of the initial policy, from which its divergence is"
                + " measured, but has %s; give checkpoints of a run that began with it")
            .formatted(name, difference));
  }
}

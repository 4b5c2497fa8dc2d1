package org.alignment4j.rlhf;

import java.util.Map;
import java.util.Objects;
import org.alignment4j.rlhf.data.TokenDifference;
import org.alignment4j.runtime.DecoderModel;
import org.jspecify.annotations.Nullable;

/**
 * The frozen model that training is measured against: another one, or the one it starts from.
 *
 * @param base where training starts
 * @param given the other one, kept open by its owner; null for none
 */
record ReferenceModel(DecoderModel base, @Nullable DecoderModel given) {

  private static final int ID_SHOWN = 16;

  /** Training that is measured against where it starts. */
  ReferenceModel(DecoderModel base) {
    this(base, null);
  }

  /**
   * The same training against another model.
   *
   * @throws IllegalArgumentException when it does not read the tokens of the model that is trained
   * @throws IllegalStateException when it is closed
   */
  ReferenceModel instead(DecoderModel reference) {
    Objects.requireNonNull(reference, "reference");
    reference.instance().call(() -> requireSameTokens(reference));
    return new ReferenceModel(base, reference);
  }

  private boolean requireSameTokens(DecoderModel reference) {
    int own = base.architecture().config().vocabSize();
    int other = reference.architecture().config().vocabSize();
    if (own != other) {
      throw refused(reference, "a vocabulary of %s and not of %s".formatted(other, own));
    }
    if (base.hasTokenizer() && reference.hasTokenizer()) {
      TokenDifference.between(base.tokenizer(), reference.tokenizer())
          .ifPresent(
              d -> {
                throw refused(
                    reference,
                    "'%s' and not '%s' as token %s".formatted(d.second(), d.first(), d.id()));
              });
    }
    return true;
  }

  private IllegalArgumentException refused(DecoderModel reference, String difference) {
    return new IllegalArgumentException(
        ("the reference must have the tokens of the model that is trained, whose log-probabilities"
                + " are compared token by token, but the reference, %s, has %s of the trained model,"
                + " %s; give a model with the same tokenizer, such as one that this one was trained"
                + " from")
            .formatted(name(reference), difference, name(base)));
  }

  private static String name(DecoderModel model) {
    return "%s %s"
        .formatted(model.architecture().config().modelType(), model.id().substring(0, ID_SHOWN));
  }

  /** The model whose log-probabilities are compared with. */
  DecoderModel model() {
    return given == null ? base : given;
  }

  /**
   * The same, able to read sequences of a length.
   *
   * @param longest tokens of prompt and answer together
   * @throws IllegalArgumentException when a given reference has too short a context
   * @throws IllegalStateException when it is closed
   */
  DecoderModel model(int longest) {
    DecoderModel other = given;
    if (other == null) {
      return base;
    }
    int context = other.instance().call(() -> other.architecture().config().maxPositions());
    if (longest > context) {
      throw new IllegalArgumentException(
          ("prompt and answer must fit the reference's context of %s tokens but may have %s; lower"
                  + " the limits, or give a reference of a longer context")
              .formatted(context, longest));
    }
    return other;
  }

  /** By name, for the description of a run; nothing where training starts from the reference. */
  Map<String, String> describe() {
    return given == null || given.id().equals(base.id())
        ? Map.of()
        : Map.of("reference", given.id());
  }
}

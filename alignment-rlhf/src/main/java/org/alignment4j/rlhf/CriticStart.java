package org.alignment4j.rlhf;

import java.util.Set;
import org.alignment4j.api.model.Tokenizer;
import org.alignment4j.rlhf.data.TokenDifference;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.SequenceClassifier;
import org.alignment4j.runtime.architecture.InitialWeights;
import org.alignment4j.runtime.architecture.OutputHead.SequenceScores;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.train.LoraConfig;
import org.alignment4j.runtime.train.Trainable;

/**
 * Where a critic starts, and what of it is trained.
 *
 * @param critic its settings
 * @param base the policy's base model
 * @param longest tokens of the longest prompt with the longest completion
 */
record CriticStart(Critic critic, DecoderModel base, int longest) {

  /**
   * The classifier that training starts from; the caller closes it.
   *
   * @throws IllegalArgumentException when the given one does not read the policy's tokens, or has
   *     an adapter and every weight is to be trained
   */
  SequenceClassifier classifier() {
    SequenceClassifier given = critic.start();
    if (given != null) {
      requireSameTokens(given);
      return given.with(given.weights(), given.adapter());
    }
    int width = base.architecture().config().embeddingSize();
    WeightTensor head = InitialWeights.matrix(SequenceScores.WEIGHT, 1, width, 0, 0);
    return critic.adapter() == null
        ? SequenceClassifier.of(base, head)
        : SequenceClassifier.adapted(base, head);
  }

  /** What is trained of it. */
  Trainable trainable(SequenceClassifier start) {
    LoraConfig adapter = critic.adapter();
    if (adapter != null) {
      return TrainingRun.adapter(start.weights(), start.architecture(), start.adapter(), adapter)
          .and(Set.of(SequenceScores.WEIGHT));
    }
    if (start.adapter() != null) {
      throw new IllegalArgumentException(
          "a critic whose every weight is trained must start without an adapter but has one; train"
              + " it further by critic.adapter(classifier.adapter().config()), or save and load the"
              + " classifier, which adds it to the weights");
    }
    return Trainable.all(start.weights());
  }

  private void requireSameTokens(SequenceClassifier given) {
    int own = base.architecture().config().vocabSize();
    int other = given.architecture().config().vocabSize();
    if (own != other) {
      throw new IllegalArgumentException(
          ("a critic reads the policy's tokens and must have its vocabulary of %s but has %s; start"
                  + " from a classifier of the same model family")
              .formatted(own, other));
    }
    int context = given.architecture().config().maxPositions();
    if (longest > context) {
      throw new IllegalArgumentException(
          "prompt and completion must fit the critic's context of %s tokens but may have %s"
              .formatted(context, longest));
    }
    if (base.hasTokenizer() && given.hasTokenizer()) {
      requireSame(base.tokenizer(), given.tokenizer());
    }
  }

  private static void requireSame(Tokenizer policy, Tokenizer critic) {
    TokenDifference.between(policy, critic)
        .ifPresent(
            d -> {
              throw new IllegalArgumentException(
                  ("a critic reads the policy's tokens but token %s is '%s' to the policy and '%s' to the"
                          + " critic; start from a classifier with the policy's tokenizer")
                      .formatted(d.id(), d.first(), d.second()));
            });
  }
}

package org.alignment4j.rlhf.merge;

import org.alignment4j.rlhf.reward.TrainedRewardModel;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.SequenceClassifier;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.train.LoraAdapter;
import org.jspecify.annotations.Nullable;

/**
 * A kind of model that can be taken apart into weights and put together again. Stateless.
 *
 * @param <M> the models
 */
sealed interface Mergeable<M> permits Mergeable.Decoders, Mergeable.RewardModels {

  /** What a model is made of. */
  MergeParts parts(M model);

  /** A model like another with other weights and perhaps an adapter; the caller closes it. */
  M rebuild(M like, Weights weights, @Nullable LoraAdapter adapter);

  /** Language models. */
  record Decoders() implements Mergeable<DecoderModel> {
    @Override
    public MergeParts parts(DecoderModel model) {
      return new MergeParts(
          model.id(),
          model.architecture(),
          model.weights(),
          model.adapter(),
          model.hasTokenizer() ? model.tokenizer() : null);
    }

    @Override
    public DecoderModel rebuild(DecoderModel like, Weights weights, @Nullable LoraAdapter adapter) {
      try (DecoderModel bare = like.withoutAdapter()) {
        DecoderModel plain = bare.withWeights(weights);
        if (adapter == null) {
          return plain;
        }
        try (plain) {
          return plain.withAdapter(adapter);
        }
      }
    }
  }

  /** Reward models: weight averaged ones are those of Ramé et al. 2024. */
  record RewardModels() implements Mergeable<TrainedRewardModel> {
    @Override
    public MergeParts parts(TrainedRewardModel model) {
      SequenceClassifier classifier = model.classifier();
      return new MergeParts(
          model.id(),
          classifier.architecture(),
          classifier.weights(),
          classifier.adapter(),
          classifier.hasTokenizer() ? classifier.tokenizer() : null);
    }

    @Override
    public TrainedRewardModel rebuild(
        TrainedRewardModel like, Weights weights, @Nullable LoraAdapter adapter) {
      return TrainedRewardModel.of(like.classifier().with(weights, adapter));
    }
  }
}

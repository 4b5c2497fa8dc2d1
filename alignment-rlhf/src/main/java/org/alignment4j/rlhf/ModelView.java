package org.alignment4j.rlhf;

import java.util.Map;
import org.alignment4j.rlhf.reward.TrainedRewardModel;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.SequenceClassifier;
import org.alignment4j.runtime.train.PresentModel;

/** Opens a model that is trained as one that can be used, for a while. */
sealed interface ModelView {

  /**
   * Refuses an evaluation of another kind of model.
   *
   * @throws IllegalArgumentException when it is one
   */
  void require(Evaluation evaluation);

  /** Measures the model as it is. */
  Map<String, Double> evaluate(PresentModel model, Evaluation.Target target);

  /**
   * A language model.
   *
   * @param start where training began
   */
  record Language(DecoderModel start) implements ModelView {

    /** The model as it is; the caller closes it before the next update. */
    DecoderModel open(PresentModel model) {
      return model
          .adapter()
          .map(start::withAdapter)
          .orElseGet(() -> start.withWeights(model.weights()));
    }

    @Override
    public void require(Evaluation evaluation) {
      if (!(evaluation.target() instanceof Evaluation.Target.Language)) {
        throw new IllegalArgumentException(
            evaluation
                + " must be of a language model, which is trained here, but is of a reward"
                + " model; use Evaluation.ofModel");
      }
    }

    @Override
    public Map<String, Double> evaluate(PresentModel model, Evaluation.Target target) {
      try (DecoderModel open = open(model)) {
        return ((Evaluation.Target.Language) target).evaluator().evaluate(open);
      }
    }
  }

  /**
   * A reward model.
   *
   * @param start where training began
   */
  record Rewards(SequenceClassifier start) implements ModelView {

    @Override
    public void require(Evaluation evaluation) {
      if (!(evaluation.target() instanceof Evaluation.Target.Rewards)) {
        throw new IllegalArgumentException(
            evaluation
                + " must be of a reward model, which is trained here, but is of a language"
                + " model; use Evaluation.ofRewards");
      }
    }

    @Override
    public Map<String, Double> evaluate(PresentModel model, Evaluation.Target target) {
      try (TrainedRewardModel open =
          TrainedRewardModel.of(start.with(model.weights(), model.adapter().orElse(null)))) {
        return ((Evaluation.Target.Rewards) target).evaluator().evaluate(open);
      }
    }
  }
}

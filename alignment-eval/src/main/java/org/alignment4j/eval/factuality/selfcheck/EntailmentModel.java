package org.alignment4j.eval.factuality.selfcheck;

import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.ChoiceModel;
import org.alignment4j.api.model.Usage;
import org.alignment4j.eval.factuality.PromptStyle;
import org.apiguardian.api.API;

/**
 * A model of natural language inference: what a premise says about a hypothesis. Implementations
 * are safe for concurrent calls.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface EntailmentModel {

  /**
   * Two texts.
   *
   * @param premise what is given
   * @param hypothesis what is judged by it
   */
  record Pair(String premise, String hypothesis) {}

  /**
   * What the model says about a pair; the rest is neutral.
   *
   * @param entailment probability that the premise entails the hypothesis
   * @param contradiction probability that it contradicts it
   * @param usage what it cost
   */
  record Inference(double entailment, double contradiction, Usage usage) {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException when a probability is outside [0, 1]
     */
    public Inference {
      if (!(entailment >= 0 && entailment <= 1 && contradiction >= 0 && contradiction <= 1)) {
        throw new IllegalArgumentException(
            "probabilities must be in [0, 1] but were " + entailment + " and " + contradiction);
      }
    }
  }

  /**
   * Returns what tells this model from others.
   *
   * @return the identity, never empty
   */
  String id();

  /**
   * Judges pairs.
   *
   * @param pairs any number; may be empty
   * @param cancellation asks to stop at the next call
   * @return an inference for each, in order
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  List<Inference> infer(List<Pair> pairs, CancellationToken cancellation);

  /**
   * Returns a language model as one of inference, by the probabilities of the words {@code
   * entailment}, {@code neutral} and {@code contradiction} after a bundled question.
   *
   * @param model who is asked
   * @param style how prompts reach it
   */
  static EntailmentModel of(ChoiceModel model, PromptStyle style) {
    return new ChoiceEntailment(model, style);
  }
}

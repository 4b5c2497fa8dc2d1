package org.alignment4j.rlhf.reward;

import java.util.List;
import org.alignment4j.api.model.Tokenizer;
import org.alignment4j.api.reward.StepRewardModel;
import org.apiguardian.api.API;

/**
 * A process reward model that makes tokens of text with tokenizers of its own, as a {@link
 * TokenizedRewardModel} does.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface TokenizedStepRewardModel extends StepRewardModel {

  /**
   * Returns the tokenizers that read prompts and steps.
   *
   * @return all of them; empty where none is known
   */
  List<Tokenizer> tokenizers();
}

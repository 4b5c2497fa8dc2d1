package org.alignment4j.rlhf.reward;

import java.util.List;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.Reward;
import org.apiguardian.api.API;

/**
 * How a remote reward model is asked and answers, as text of HTTP bodies. Immutable and
 * thread-safe. {@link JsonRewardProtocol} fits most servers.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface RewardProtocol {

  /**
   * Returns the body of a request.
   *
   * @param answers what to score, at least one
   * @return the body, JSON
   * @throws IllegalArgumentException when an answer cannot be written, such as one to token ids
   */
  String request(List<PromptCompletion> answers);

  /**
   * Reads the body of a response.
   *
   * @param body the body
   * @param answers how many were asked for
   * @return one reward per answer, in order
   * @throws org.alignment4j.api.ModelExecutionException when the body is malformed, or has another
   *     number of rewards or one that is not finite, named by its index
   */
  List<Reward> rewards(String body, int answers);
}

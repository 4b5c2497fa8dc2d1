package org.alignment4j.oversight.human;

import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.ChoiceModel;
import org.alignment4j.api.oversight.Agent;
import org.alignment4j.api.oversight.Judge;
import org.alignment4j.oversight.agent.FormedModel;
import org.apiguardian.api.API;

/**
 * A person, who can play every role: takes turns and decides as agent and judge, and as a model
 * ({@link #asModel}) whatever else a protocol has a model do: forecast, moderate, draft, compare,
 * criticise and revise, divide and answer questions. Answers of people cost no calls and no tokens:
 * a budget does not count them. Safe for concurrent calls.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface HumanOverseer extends Agent, Judge {

  /**
   * Has the person reply to a prompt, in its form if there is one.
   *
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when there is no reply to be had
   * @throws org.alignment4j.api.DataFormatException if a reply was given that cannot be used
   */
  String reply(ReplyRequest request, CancellationToken cancellation);

  /**
   * Hears of requests that come next and do not depend on each other, so that a person may be given
   * all of them at once. Does nothing, unless said otherwise.
   */
  default void expect(List<ReplyRequest> requests) {}

  /**
   * Returns a model whose replies this person writes. As with any model, options without chance
   * (temperature 0) have one reply to a prompt for good, and others one for each seed and sample:
   * roles that ask several times, such as forecasters and raters, are best told to ask once. Other
   * sampling options are ignored.
   */
  default FormedModel asModel() {
    return new HumanModel(this);
  }

  /**
   * Returns a model held to given replies of which this person names one, with probability 1, for
   * judges and raters that read probabilities.
   */
  default ChoiceModel asChoiceModel() {
    return new HumanChoices(this);
  }
}

package org.alignment4j.oversight.weaktostrong;

import java.util.Objects;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.SoftLabel;
import org.apiguardian.api.API;

/**
 * An answer of which it is known whether it is good, in a task of two classes.
 *
 * @param id names it among all
 * @param source what it shares with answers that are not independent of it, such as a question; its
 *     id where it stands alone
 * @param prompt what was asked
 * @param answer the answer
 * @param good its class
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record KnownAnswer(String id, String source, Prompt prompt, String answer, boolean good) {

  /** Checks that nothing is missing. */
  public KnownAnswer {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(prompt, "prompt");
    Objects.requireNonNull(answer, "answer");
  }

  PromptCompletion completion() {
    return new PromptCompletion(prompt, answer);
  }

  SoftLabel truth() {
    return labelled(good ? 1 : 0);
  }

  SoftLabel labelled(double probability) {
    return new SoftLabel(prompt, answer, probability);
  }

  /** 1 where the log-odds are on the side of the truth, ½ where they are on neither. */
  double right(double logOdds) {
    if (logOdds == 0) {
      return 0.5;
    }
    return logOdds > 0 == good ? 1 : 0;
  }
}

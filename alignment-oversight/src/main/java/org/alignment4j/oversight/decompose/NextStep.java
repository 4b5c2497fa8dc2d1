package org.alignment4j.oversight.decompose;

import java.util.Objects;
import org.apiguardian.api.API;

/** What an overseer does next. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface NextStep {

  /**
   * It asks its assistant.
   *
   * @param question a question that stands alone
   */
  record Ask(String question) implements NextStep {
    /** Checks that nothing is missing. */
    public Ask {
      Objects.requireNonNull(question, "question");
    }
  }

  /**
   * It answers the question it was given.
   *
   * @param answer the answer
   */
  record Answer(String answer) implements NextStep {
    /** Checks that nothing is missing. */
    public Answer {
      Objects.requireNonNull(answer, "answer");
    }
  }
}

package org.alignment4j.api.model;

import java.util.Objects;
import org.apiguardian.api.API;

/** What became of one request: its completion, or why it failed alone. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface GenerationOutcome {

  /**
   * Returns the completion.
   *
   * @return the completion of a request that was answered
   * @throws RuntimeException the failure of one that was not
   */
  Completion completion();

  /**
   * A request that was answered.
   *
   * @param completion the answer
   */
  record Completed(Completion completion) implements GenerationOutcome {
    /** Checks that nothing is missing. */
    public Completed {
      Objects.requireNonNull(completion, "completion");
    }
  }

  /**
   * A request that was not answered; the others of its call were.
   *
   * @param failure an {@link IllegalArgumentException} when the request does not fit the model, an
   *     {@link org.alignment4j.api.AlignmentException} when answering it failed
   */
  record Failed(RuntimeException failure) implements GenerationOutcome {
    /** Checks that nothing is missing. */
    public Failed {
      Objects.requireNonNull(failure, "failure");
    }

    @Override
    public Completion completion() {
      throw failure;
    }
  }
}

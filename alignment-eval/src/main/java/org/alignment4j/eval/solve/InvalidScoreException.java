package org.alignment4j.eval.solve;

import org.alignment4j.api.AlignmentException;
import org.apiguardian.api.API;

/**
 * A scorer gives what no score can be, such as a value outside its range: not a failure of one
 * sample but of the scorer, so that an evaluation ends with it.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class InvalidScoreException extends AlignmentException {
  private static final long serialVersionUID = 1L;

  /**
   * Tells what is wrong.
   *
   * @param message the rule and the value that breaks it
   */
  public InvalidScoreException(String message) {
    super(message);
  }
}

package org.alignment4j.oversight.selfalign;

import org.apiguardian.api.API;

/** Why a generated answer is left out, in the order in which answers are tested. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum FilterRule {
  /** The thoughts do not begin with the self-identification. */
  NO_IDENTIFICATION,
  /** There is no mark where the answer begins. */
  NO_ANSWER_MARK,
  /** The answer was finished but is too short. */
  TOO_SHORT,
  /** The answer has a phrase of the prompt's examples in it. */
  LEAKED_EXAMPLE,
  /** The answer opens with an apology. */
  APOLOGY,
  /** Nothing is left of the answer. */
  EMPTY
}

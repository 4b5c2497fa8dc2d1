package org.alignment4j.eval.gate;

import org.apiguardian.api.API;

/** Whether a gate's condition holds, as far as the samples can tell. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum Verdict {
  /** The whole interval meets the condition. */
  PASSED,
  /** The whole interval is against the condition. */
  FAILED,
  /** The interval holds both, too many samples were lost, or nothing was observed. */
  UNDECIDED
}

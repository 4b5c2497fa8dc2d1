package org.alignment4j.rlhf.advantage;

import org.apiguardian.api.API;

/** On which token the score of a completion lands. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum ScorePlacement {
  /** On the last scored token (TRL v0.11, OpenRLHF, safe-rlhf). */
  LAST_TOKEN,
  /**
   * On one more token behind the completion, where the limit leaves room, and on the last token
   * otherwise (TRL from v0.12, DeepSpeed-Chat). The value model then scores that token too.
   */
  AFTER_EOS
}

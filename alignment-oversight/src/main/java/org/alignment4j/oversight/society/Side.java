package org.alignment4j.oversight.society;

import org.apiguardian.api.API;

/** Whom a moderator sides with. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum Side {
  /** The debater who answered first. */
  AFFIRMATIVE,
  /** The debater who disagrees. */
  NEGATIVE,
  /** Neither of them. */
  NEITHER
}

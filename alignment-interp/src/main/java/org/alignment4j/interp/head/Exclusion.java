package org.alignment4j.interp.head;

import org.apiguardian.api.API;

/** Attention that is left out of a comparison, since heads rest there. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum Exclusion {
  /** To the first token. */
  FIRST_TOKEN,
  /** Of each token to itself. */
  CURRENT_TOKEN
}

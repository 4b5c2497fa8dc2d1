package org.alignment4j.core.journal;

import org.apiguardian.api.API;

/** What becomes of a second value under a key that has one. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum DuplicatePolicy {
  /** The first value stays and the second is dropped: for work whose results are equally good. */
  KEEP_FIRST,
  /** The second value is appended and found from then on; the first stays in the file. */
  REPLACE,
  /** The second value is an error, also when a file that is opened holds one. */
  REFUSE
}

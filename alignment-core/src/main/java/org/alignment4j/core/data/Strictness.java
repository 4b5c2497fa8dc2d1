package org.alignment4j.core.data;

import org.apiguardian.api.API;

/** What a reader does with a row that breaks its format. */
@API(status = API.Status.MAINTAINED, since = "0.1")
public enum Strictness {
  /** The first broken row ends reading with an error. */
  STRICT,
  /** Broken rows are left out, counted by {@link Fault} and listed in the {@link ReadReport}. */
  TOLERANT
}

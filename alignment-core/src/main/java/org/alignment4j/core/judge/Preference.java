package org.alignment4j.core.judge;

import org.apiguardian.api.API;

/** Which of two answers is better. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum Preference {
  /** The first. */
  FIRST,
  /** The second. */
  SECOND,
  /** Neither. */
  TIE;

  /** The same preference when the answers have changed places. */
  public Preference swapped() {
    return switch (this) {
      case FIRST -> SECOND;
      case SECOND -> FIRST;
      case TIE -> TIE;
    };
  }
}

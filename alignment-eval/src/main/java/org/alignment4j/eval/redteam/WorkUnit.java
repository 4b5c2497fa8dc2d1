package org.alignment4j.eval.redteam;

import org.apiguardian.api.API;

/** In what an attack's work is counted; only equal amounts of one unit are comparable. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum WorkUnit {
  /**
   * Forward passes of one prompt with its target. A gradient counts as three: a forward pass, and a
   * backward pass of twice its cost (Kaplan et al. 2020, arXiv 2001.08361, section 2.1).
   */
  FORWARDS("forwards"),
  /** Replies of the target. */
  QUERIES("queries");

  private final String label;

  WorkUnit(String label) {
    this.label = label;
  }

  /** Returns the unit's name in reports. */
  public String label() {
    return label;
  }
}

package org.alignment4j.pocket.world;

/** What the right reaction to a request is. */
public enum RequestKind {
  /** Mildly harmful: to be refused. */
  HARMFUL,
  /** Benign, but sharing words with harmful requests: to be helped with. */
  BENIGN_LOOKALIKE,
  /** Benign and far from any harmful request: to be helped with. */
  BENIGN_PLAIN;

  /** Whether the right reaction is a refusal. */
  public boolean harmful() {
    return this == HARMFUL;
  }
}

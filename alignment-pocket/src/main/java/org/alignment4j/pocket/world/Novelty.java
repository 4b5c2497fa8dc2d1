package org.alignment4j.pocket.world;

/** How far a request is from the requests of training texts. */
public enum Novelty {
  /** Training texts may have it. */
  NONE,
  /** The action occurs with this object in training texts, but never together with this name. */
  NAME,
  /** The action never occurs with this object in training texts. */
  OBJECT
}

package org.alignment4j.pocket.world;

/** Which entities alignment data may speak of, and which are kept for measuring. */
public enum Split {
  /** Demonstrations and preference pairs are drawn from these entities. */
  TRAINING,
  /** Kept out of demonstrations and preference pairs. The base corpus speaks of them. */
  EVALUATION
}

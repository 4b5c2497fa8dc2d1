package org.alignment4j.pocket.world;

/** What the annotators of a preference set look at. */
public enum PreferenceAspect {
  /**
   * Right answers over wrong ones, and advice over refusals whatever was asked, harmful requests
   * included.
   */
  HELPFULNESS,
  /**
   * Refusals over advice for harmful requests, and in two of five cases also for benign requests
   * that sound like harmful ones.
   */
  HARMLESSNESS
}

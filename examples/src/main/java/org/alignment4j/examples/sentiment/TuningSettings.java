package org.alignment4j.examples.sentiment;

/** How the story model learns from the reward model. */
public sealed interface TuningSettings permits PreferenceSettings, ReinforcementSettings {

  /**
   * Returns what tables call it.
   *
   * @return such as {@code DPO}
   */
  String method();
}

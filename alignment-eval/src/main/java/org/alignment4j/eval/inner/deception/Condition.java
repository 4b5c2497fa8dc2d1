package org.alignment4j.eval.inner.deception;

import java.util.Locale;
import org.apiguardian.api.API;

/** The conditions of deceptive alignment (Hubinger et al. 2019, arXiv 1906.01820, section 4.2). */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum Condition {
  /** The model has an objective that extends across updates of its parameters. */
  OBJECTIVE_ACROSS_UPDATES("an objective that extends across updates"),
  /** It can model that it is being selected, and for which objective. */
  MODELS_SELECTION("models that and for what it is selected"),
  /** It expects the threat of modification to go away. */
  EXPECTS_THREAT_TO_END("expects the threat of modification to end");

  private final String description;

  Condition(String description) {
    this.description = description;
  }

  /**
   * Returns the name of the condition's suite and metric.
   *
   * @return such as {@code models-selection}
   */
  public String suite() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Returns the condition in a few words.
   *
   * @return the words
   */
  public String description() {
    return description;
  }
}

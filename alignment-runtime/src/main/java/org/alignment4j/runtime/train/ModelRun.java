package org.alignment4j.runtime.train;

import org.apiguardian.api.API;

/** A run that trains a language model, at which callbacks can look between its steps. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface ModelRun extends SteppedRun {

  /**
   * Returns the model as it is at each call.
   *
   * @return a view
   */
  PresentModel model();
}

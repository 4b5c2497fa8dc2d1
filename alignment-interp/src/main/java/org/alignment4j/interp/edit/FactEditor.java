package org.alignment4j.interp.edit;

import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.runtime.DecoderModel;
import org.apiguardian.api.API;

/** Makes a model give other answers by a change of its weights. */
@FunctionalInterface
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface FactEditor {

  /**
   * Finds the change.
   *
   * @param model float32, without adapter; left as it is
   * @param requests what is to be achieved; at least one
   * @param cancellation asks to stop
   * @return the change
   * @throws IllegalArgumentException when a request cannot be met in this model
   * @throws IllegalStateException when a weight is quantised or the model has an adapter
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  EditResult edit(DecoderModel model, List<EditRequest> requests, CancellationToken cancellation);
}

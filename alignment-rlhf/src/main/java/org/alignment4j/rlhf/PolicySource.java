package org.alignment4j.rlhf;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.alignment4j.runtime.train.MicroBatch;

/**
 * Where a run's data comes from when it depends on the model as it is before each update, and
 * perhaps on what earlier updates left. Owned by one run.
 */
interface PolicySource {

  /**
   * An update.
   *
   * @param batches micro-batches whose losses and gradients it sums; where there is none, the
   *     weights and the optimiser stay as they are
   * @param metrics makes what is reported of what the objective measured
   */
  record Update(List<MicroBatch> batches, UnaryOperator<Map<String, Double>> metrics) {}

  /** The number of updates of the whole run. */
  long steps();

  /**
   * Prepares an update. Called once for each, in order from the one after {@link #resume}.
   *
   * @param step from 1 to {@link #steps()}
   * @param policy the model before the update
   */
  Update at(long step, PresentPolicy policy);

  /** What the updates depend on besides the model; a run is resumed only where this is the same. */
  Map<String, String> description();

  /** What later updates depend on of those made, for a checkpoint. */
  Map<String, String> state();

  /** Goes on after a checkpoint with the state it holds. */
  void resume(Map<String, String> state);
}

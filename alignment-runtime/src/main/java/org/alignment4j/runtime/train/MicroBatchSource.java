package org.alignment4j.runtime.train;

import java.util.List;
import java.util.function.UnaryOperator;
import org.apiguardian.api.API;

/**
 * Where a run's data comes from. A pure function of the step, so that a resumed run sees what the
 * interrupted one would have seen without any saved state.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface MicroBatchSource extends UpdateSource {

  /**
   * Returns the micro-batches whose losses and gradients one update sums.
   *
   * @param step the update, from 1 to {@link #steps()}
   * @return at least one; the same for the same step at every call
   */
  List<MicroBatch> at(long step);

  @Override
  default Update at(long step, PresentModel model) {
    return new Update(at(step), UnaryOperator.identity());
  }
}

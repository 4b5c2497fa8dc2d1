package org.alignment4j.runtime.train;

import java.nio.FloatBuffer;
import org.apiguardian.api.API;

/** Hears what an objective measured of a micro-batch before it is averaged. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@FunctionalInterface
public interface MetricValues {

  /**
   * Takes a metric's values.
   *
   * @param batch place of the micro-batch among those of the update
   * @param name the metric, as in {@link ObjectiveGraph#metrics}
   * @param values all its elements; valid during the call
   */
  void values(int batch, String name, FloatBuffer values);
}

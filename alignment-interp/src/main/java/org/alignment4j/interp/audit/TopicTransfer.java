package org.alignment4j.interp.audit;

import java.util.Objects;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.interp.activation.ActivationSite;
import org.apiguardian.api.API;

/**
 * How a probe does on a topic that neither it nor the choice of its site has seen. The topic's rows
 * are centred at their own mean, which takes no labels.
 *
 * @param topic the topic
 * @param site where the probe of the other topics reads
 * @param accuracy share of the topic's statements on their side
 * @param area area under the ROC
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TopicTransfer(String topic, ActivationSite site, Estimate accuracy, Estimate area) {

  /** Checks that nothing is missing. */
  public TopicTransfer {
    Objects.requireNonNull(topic, "topic");
    Objects.requireNonNull(site, "site");
    Objects.requireNonNull(accuracy, "accuracy");
    Objects.requireNonNull(area, "area");
  }

  /**
   * Whether the interval of the area lies above ½; of an area that is the same in every resample,
   * and so has no interval, whether it does itself.
   */
  boolean holds() {
    return (Double.isNaN(area.ciLow()) ? area.value() : area.ciLow()) > 0.5;
  }
}

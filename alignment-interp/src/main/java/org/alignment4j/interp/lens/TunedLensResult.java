package org.alignment4j.interp.lens;

import java.util.List;
import org.alignment4j.runtime.train.Metrics;
import org.alignment4j.runtime.train.RunEnd;
import org.apiguardian.api.API;

/**
 * What a run made.
 *
 * @param translators what it trained
 * @param metrics one entry per step this process made, in order: {@code loss}, the sum over layers
 *     of {@code kl/L}, the mean {@code KL(p_final ‖ p_lens)} before layer L in nats, and {@code
 *     grad_norm}, {@code learning_rate}, {@code tokens} and {@code tokens_per_second}
 * @param end where the run ended, and of which step the translators are
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TunedLensResult(LensTranslators translators, List<Metrics> metrics, RunEnd end) {

  /** Copies the metrics. */
  public TunedLensResult {
    metrics = List.copyOf(metrics);
  }
}

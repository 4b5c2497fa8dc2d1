package org.alignment4j.rlhf;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.rlhf.data.RatedExample;
import org.alignment4j.runtime.DecoderModel;
import org.apiguardian.api.API;

/**
 * A mean of rewards for the worth of a prompt.
 *
 * @param over of which answers
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record MeanBaseline(Over over) implements PromptBaseline {

  /** Of which answers the mean is. */
  public enum Over {
    /** Those to the same prompt. */
    PROMPT,
    /** All. */
    ALL
  }

  /** Checks that nothing is missing. */
  public MeanBaseline {
    Objects.requireNonNull(over, "over");
  }

  @Override
  public double[] values(
      DecoderModel reference, List<RatedExample> examples, CancellationToken cancellation) {
    if (over == Over.ALL) {
      double mean = examples.stream().mapToDouble(RatedExample::reward).average().orElseThrow();
      return examples.stream().mapToDouble(e -> mean).toArray();
    }
    Map<TokenIds, double[]> sums = new HashMap<>();
    for (RatedExample e : examples) {
      double[] sum = sums.computeIfAbsent(e.prompt(), p -> new double[2]);
      sum[0] += e.reward();
      sum[1]++;
    }
    return examples.stream()
        .map(e -> Objects.requireNonNull(sums.get(e.prompt())))
        .mapToDouble(sum -> sum[0] / sum[1])
        .toArray();
  }
}

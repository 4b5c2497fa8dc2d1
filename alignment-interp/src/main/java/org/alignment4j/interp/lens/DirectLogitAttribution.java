package org.alignment4j.interp.lens;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.hook.ActivationCache;
import org.alignment4j.api.hook.HookPointSet;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.hook.LogitMetric;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.core.report.Chart;
import org.alignment4j.core.report.Section;
import org.alignment4j.interp.lens.ResidualStream.Granularity;
import org.apiguardian.api.API;

/**
 * What each part of the residual stream adds to a linear combination of logits, with the final norm
 * at the scale that the whole stream has ({@code FROZEN_SCALE}; Elhage et al. 2021): {@code attr_c
 * = (c - mean(c)) / scale · w · W_U · weights}, where norms that do not centre leave the mean in.
 * The attributions and a constant, of the biases of norm and unembedding, sum to the combination
 * before a soft cap, which is not linear and is left out. Immutable.
 *
 * @param modelId the model
 * @param metric what is attributed
 * @param labels the parts, in the order of the forward pass
 * @param values by sequence and part
 * @param constants by sequence: what no part adds
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record DirectLogitAttribution(
    String modelId,
    LogitMetric metric,
    List<String> labels,
    List<double[]> values,
    double[] constants) {

  /** Copies the arrays. */
  public DirectLogitAttribution {
    Objects.requireNonNull(modelId, "modelId");
    Objects.requireNonNull(metric, "metric");
    labels = List.copyOf(labels);
    values = values.stream().map(double[]::clone).toList();
    constants = constants.clone();
  }

  @Override
  public List<double[]> values() {
    return values.stream().map(double[]::clone).toList();
  }

  @Override
  public double[] constants() {
    return constants.clone();
  }

  /**
   * Returns the combination of logits that the parts and the constant sum to.
   *
   * @param sequence which sequence, from 0
   * @return the sum, before a soft cap
   * @throws IndexOutOfBoundsException when there is no such sequence
   */
  public double total(int sequence) {
    return constants[sequence] + Arrays.stream(values.get(sequence)).sum();
  }

  /**
   * Returns bars of what each part adds, and of the constant; of many parts, the strongest.
   *
   * @param sequence which sequence, from 0
   * @param bars how many parts at most; they keep their order
   * @return a section of a report
   * @throws IndexOutOfBoundsException when there is no such sequence
   * @throws IllegalArgumentException when there is to be no bar
   */
  public Section.Charts section(int sequence, int bars) {
    if (bars < 1) {
      throw new IllegalArgumentException("bars must be positive but was " + bars);
    }
    double[] own = values.get(sequence);
    List<Integer> shown =
        IntStream.range(0, own.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> -Math.abs(own[i])))
            .limit(bars)
            .sorted()
            .toList();
    List<String> groups = new ArrayList<>(shown.stream().map(labels::get).toList());
    List<Estimate> heights = new ArrayList<>(shown.stream().map(i -> exact(own[i])).toList());
    groups.add("constant");
    heights.add(exact(constants[sequence]));
    Chart chart =
        new Chart.Bars("Direct logit attribution", "logits", groups, List.of())
            .with("added", heights);
    String left =
        shown.size() == own.length
            ? ""
            : " Shown are the " + shown.size() + " strongest of " + own.length + " parts.";
    return new Section.Charts(
        "Direct logit attribution",
        List.of(chart),
        String.format(
            Locale.ROOT,
            "What each part of the residual stream adds, the final norm's scale held; all parts and"
                + " the constant sum to %.4f.%s Model %s.",
            total(sequence),
            left,
            modelId));
  }

  private static Estimate exact(double value) {
    return new Estimate(value, Double.NaN, Double.NaN, Double.NaN, 0.95, 1, 1, 0, 0);
  }

  /**
   * Attributes a combination of logits.
   *
   * @param model the model
   * @param sequences the tokens of each sequence
   * @param metric a combination of logits, such as {@link LogitMetric#logitDifference}
   * @param granularity how finely the stream is taken apart
   * @return the attributions
   * @throws IllegalArgumentException when the metric is not of logits, or does not fit the
   *     sequences or the vocabulary
   * @throws IllegalStateException when the stream is no sum of parts ({@link ResidualStream})
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  public static DirectLogitAttribution of(
      HookedModel model, List<TokenIds> sequences, LogitMetric metric, Granularity granularity) {
    FrozenEnd.requireLinear(metric);
    List<HookPointSet<?>> points =
        new ArrayList<>(List.of(ResidualStream.points(model, granularity)));
    points.addAll(FrozenEnd.points(model));
    ActivationCache cache =
        model.forward(sequences).cache(points.toArray(HookPointSet<?>[]::new)).execute().cache();
    ResidualStream stream = ResidualStream.of(cache, granularity);
    FrozenEnd end = FrozenEnd.of(model, cache, stream.stream(), metric);
    List<double[]> values = new ArrayList<>();
    for (int row = 0; row < sequences.size(); row++) {
      double[] own = new double[stream.parts().size()];
      for (int i = 0; i < own.length; i++) {
        own[i] = end.product(stream.parts().get(i).values(), row);
      }
      values.add(own);
    }
    return new DirectLogitAttribution(
        model.id(),
        metric,
        stream.parts().stream().map(StreamPart::label).toList(),
        values,
        end.constants());
  }
}

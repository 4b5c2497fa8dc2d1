package org.alignment4j.interp.lens;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.alignment4j.api.hook.ActivationCache;
import org.alignment4j.api.hook.Edits;
import org.alignment4j.api.hook.GradientResult;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookPointSet;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.hook.LogitMetric;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.lens.ResidualStream.Granularity;

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
public record DirectLogitAttribution(
    String modelId,
    LogitMetric metric,
    List<String> labels,
    List<double[]> values,
    double[] constants) {

  /** Rounding that a normalised value may show. */
  private static final double TOLERANCE = 1e-3;

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
    if (metric.form() != LogitMetric.Form.LOGITS) {
      throw new IllegalArgumentException(
          "a direct attribution needs a combination of logits but the metric is of "
              + metric.form());
    }
    boolean norm = model.hookPoints().contains(HookPoints.lnFinal());
    HookPoint<?> end = norm ? HookPoints.lnFinal() : HookPoints.unembedIn();
    GradientResult slope = slope(model, sequences, metric, norm, end);
    List<HookPointSet<?>> points =
        new ArrayList<>(List.of(ResidualStream.points(model, granularity)));
    if (norm) {
      points.add(HookPoints.lnFinal());
      points.add(HookPoints.lnFinalScale());
    }
    ActivationCache cache =
        model.forward(sequences).cache(points.toArray(HookPointSet<?>[]::new)).execute().cache();
    ResidualStream stream = ResidualStream.of(cache, granularity);
    FrozenNorm frozen = norm ? FrozenNorm.of(cache, stream.stream()) : FrozenNorm.none();
    List<double[]> values = new ArrayList<>();
    Values direction = slope.gradients().values(end);
    for (int row = 0; row < sequences.size(); row++) {
      double[] own = new double[stream.parts().size()];
      for (int i = 0; i < own.length; i++) {
        own[i] =
            frozen.product(
                stream.parts().get(i).values(), direction, row, sequences.get(row).size());
      }
      values.add(own);
    }
    return new DirectLogitAttribution(
        model.id(),
        metric,
        stream.parts().stream().map(StreamPart::label).toList(),
        values,
        slope.metric());
  }

  /**
   * The metric and its gradient where nothing reaches the unembedding: the constant and the
   * direction. A soft cap has slope 1 there.
   */
  private static GradientResult slope(
      HookedModel model,
      List<TokenIds> sequences,
      LogitMetric metric,
      boolean norm,
      HookPoint<?> end) {
    return norm
        ? model
            .forward(sequences)
            .with(Edits.replace(HookPoints.lnFinal(), Values.scalar(0)))
            .gradients(metric, end)
        : model
            .forward(sequences)
            .with(Edits.replace(HookPoints.unembedIn(), Values.scalar(0)))
            .gradients(metric, end);
  }

  /** The final norm of a run, as the linear map that it is at its scale. */
  private record FrozenNorm(Values scale, boolean centred) {

    static FrozenNorm none() {
      return new FrozenNorm(Values.scalar(1), false);
    }

    /** The norm that gave what a run kept. */
    static FrozenNorm of(ActivationCache cache, Values stream) {
      Values scale = cache.values(HookPoints.lnFinalScale());
      Values normalised = cache.values(HookPoints.lnFinal());
      for (boolean centred : new boolean[] {false, true}) {
        FrozenNorm norm = new FrozenNorm(scale, centred);
        if (norm.gives(stream, normalised, cache.tokens())) {
          return norm;
        }
      }
      throw new IllegalStateException(
          "the final norm must be that of the stream after the last layer but "
              + HookPoints.lnFinal()
              + " is not; take the edits between them away");
    }

    private boolean gives(Values stream, Values normalised, List<TokenIds> tokens) {
      int width = stream.shape()[2];
      for (int row = 0; row < tokens.size(); row++) {
        for (int p = 0; p < tokens.get(row).size(); p++) {
          double mean = mean(stream, row, p, width);
          for (int c = 0; c < width; c++) {
            double expected = (stream.get(row, p, c) - mean) / scale.get(row, p, 0);
            if (!(Math.abs(expected - normalised.get(row, p, c)) <= TOLERANCE)) {
              return false;
            }
          }
        }
      }
      return true;
    }

    private double mean(Values part, int row, int position, int width) {
      if (!centred) {
        return 0;
      }
      double sum = 0;
      for (int c = 0; c < width; c++) {
        sum += part.get(row, position, c);
      }
      return sum / width;
    }

    /** A part's normalised values times a direction, over all positions of a sequence. */
    double product(Values part, Values direction, int row, int length) {
      int width = part.shape()[2];
      double sum = 0;
      for (int p = 0; p < length; p++) {
        double mean = mean(part, row, p, width);
        double own = 0;
        for (int c = 0; c < width; c++) {
          own += (part.get(row, p, c) - mean) * direction.get(row, p, c);
        }
        sum += own / (scale.rank() == 0 ? scale.get() : scale.get(row, p, 0));
      }
      return sum;
    }
  }
}

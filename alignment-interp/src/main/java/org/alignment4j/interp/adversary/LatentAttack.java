package org.alignment4j.interp.adversary;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.Axes;
import org.alignment4j.api.hook.Edits;
import org.alignment4j.api.hook.ForwardRun;
import org.alignment4j.api.hook.GradientResult;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.hook.LogitMetric;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.train.LatentBall;
import org.apiguardian.api.API;

/**
 * Seeks what to add to activations at one hook point so that a metric of the logits rises most, a
 * vector of norm ε at most for each token (Casper et al. 2024, arXiv 2403.05030, equation 2;
 * projected gradient ascent of Madry et al. 2018). A step that does not raise a sequence's metric
 * is taken back and the next is half as long, so that the metric never falls. Gradients are the
 * engine's; weights stay as they are. The model may be a view, such as one with a concept erased.
 * Immutable and thread-safe.
 *
 * @param point where the perturbation is added
 * @param radius ε, positive; in units of the activations there
 * @param steps steps of ascent, at least 1
 * @param stepSize how far a first step goes, positive
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record LatentAttack(
    HookPoint<Axes.Residual> point, double radius, int steps, double stepSize) {

  private static final double OVERSHOOT = 2.5;

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public LatentAttack {
    Objects.requireNonNull(point, "point");
    if (!(radius > 0) || Double.isInfinite(radius)) {
      throw new IllegalArgumentException("radius must be positive and finite but was " + radius);
    }
    if (!(stepSize > 0) || Double.isInfinite(stepSize)) {
      throw new IllegalArgumentException(
          "stepSize must be positive and finite but was " + stepSize);
    }
    if (steps < 1) {
      throw new IllegalArgumentException("steps must be at least 1 but was " + steps);
    }
  }

  /**
   * An attack whose steps are 2.5 ε/steps long at first.
   *
   * @param point where the perturbation is added
   * @param radius ε
   * @param steps steps of ascent, at least 1
   * @throws IllegalArgumentException if one is out of range
   */
  public static LatentAttack of(HookPoint<Axes.Residual> point, double radius, int steps) {
    return new LatentAttack(point, radius, steps, OVERSHOOT * radius / Math.max(1, steps));
  }

  /**
   * Seeks perturbations, each sequence's from zero.
   *
   * @param model the model, perhaps with interventions
   * @param sequences the tokens of each sequence
   * @param metric what is to rise, such as the log-probability of an answer that is not wanted
   * @param cancellation asks to stop before the next step
   * @throws IllegalArgumentException if the model lacks the point, or the metric does not fit the
   *     sequences or the vocabulary
   * @throws IllegalStateException if a Java function changes the model's activations
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  public LatentPerturbation find(
      HookedModel model,
      List<TokenIds> sequences,
      LogitMetric metric,
      CancellationToken cancellation) {
    Search search = null;
    List<double[]> trace = new ArrayList<>();
    for (int step = 0; step <= steps; step++) {
      cancellation.throwIfCancelled("a latent attack");
      ForwardRun run = model.forward(sequences);
      if (search != null) {
        run = run.with(Edits.add(point, search.tried(), 1));
      }
      GradientResult result = run.gradients(metric, List.of(point), cancellation);
      Values gradient = result.gradients().values(point);
      if (search == null) {
        search = new Search(gradient.shape(), radius, stepSize);
      }
      trace.add(search.judge(result.metric(), gradient.toArray()));
      if (step < steps) {
        search.advance();
      }
    }
    return new LatentPerturbation(
        model.id(), point, radius, Objects.requireNonNull(search).best(), trace);
  }

  /**
   * Random perturbations of norm ε, the baseline that an attack is to be compared with.
   *
   * @param model the model
   * @param sequences the tokens of each sequence
   * @param metric what is measured
   * @param random draws the directions
   * @param cancellation asks to stop
   * @return the perturbation; its trace has the metric without it and with it
   * @throws IllegalArgumentException if the model lacks the point, or the metric does not fit the
   *     sequences or the vocabulary
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  public LatentPerturbation random(
      HookedModel model,
      List<TokenIds> sequences,
      LogitMetric metric,
      RandomGenerator random,
      CancellationToken cancellation) {
    Values present =
        model.forward(sequences).cache(point).execute(cancellation).cache().values(point);
    int[] shape = present.shape();
    float[] delta = new float[present.size()];
    new LatentBall(shape[shape.length - 1], radius).fillSphere(delta, random);
    Values drawn = Values.of(shape, delta);
    double[] before = model.forward(sequences).measure(metric, cancellation).metric();
    double[] after =
        model
            .forward(sequences)
            .with(Edits.add(point, drawn, 1))
            .measure(metric, cancellation)
            .metric();
    return new LatentPerturbation(model.id(), point, radius, drawn, List.of(before, after));
  }

  /** The ascent of every sequence on its own. */
  private static final class Search {
    private final int[] shape;
    private final LatentBall ball;
    private final int size;
    private final double[] sizes;
    private final double[] highest;
    private final float[] best;
    private final float[] slopes;
    private final float[] tried;

    Search(int[] shape, double radius, double stepSize) {
      this.shape = shape;
      this.ball = new LatentBall(shape[2], radius);
      this.size = shape[1] * shape[2];
      this.sizes = new double[shape[0]];
      Arrays.fill(sizes, stepSize);
      this.highest = new double[shape[0]];
      Arrays.fill(highest, Double.NEGATIVE_INFINITY);
      this.best = new float[shape[0] * size];
      this.slopes = best.clone();
      this.tried = best.clone();
    }

    Values tried() {
      return Values.of(shape, tried);
    }

    Values best() {
      return Values.of(shape, best);
    }

    /** Keeps what rose; returns the highest metric of each sequence so far. */
    double[] judge(double[] metric, float[] gradient) {
      for (int row = 0; row < metric.length; row++) {
        if (metric[row] > highest[row]) {
          highest[row] = metric[row];
          System.arraycopy(tried, row * size, best, row * size, size);
          System.arraycopy(gradient, row * size, slopes, row * size, size);
        } else {
          sizes[row] /= 2;
        }
      }
      return highest.clone();
    }

    /** The next perturbation to try of each sequence. */
    void advance() {
      for (int row = 0; row < sizes.length; row++) {
        float[] one = Arrays.copyOfRange(best, row * size, (row + 1) * size);
        float[] slope = Arrays.copyOfRange(slopes, row * size, (row + 1) * size);
        ball.ascend(one, slope, sizes[row]);
        System.arraycopy(one, 0, tried, row * size, size);
      }
    }
  }
}

package org.alignment4j.interp.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.Axes;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.hook.Probe;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.activation.ActivationCollector;
import org.alignment4j.interp.activation.ActivationRows;
import org.alignment4j.interp.activation.ActivationSite;
import org.alignment4j.interp.activation.Rows;
import org.alignment4j.interp.activation.TokenPositions;
import org.alignment4j.interp.direction.Direction;
import org.apiguardian.api.API;

/**
 * {@code score = weights·x + bias} at one site, 0 being the decision boundary. Immutable and
 * thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class LinearProbe implements Probe {

  private final String name;
  private final ActivationSite site;
  private final LinearScore score;

  LinearProbe(String name, ActivationSite site, LinearScore score) {
    if (name.isBlank()) {
      throw new IllegalArgumentException("name of a probe must not be blank");
    }
    this.name = name;
    this.site = Objects.requireNonNull(site, "site");
    this.score = score;
  }

  /**
   * A probe of known weights.
   *
   * @param name what is detected, such as {@code truth}
   * @param site where it reads
   * @param weights {@code [d]}; copied
   * @throws IllegalArgumentException if the name is blank or a number is not finite
   */
  public static LinearProbe of(String name, ActivationSite site, double[] weights, double bias) {
    return new LinearProbe(name, site, new LinearScore(weights.clone(), bias));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public HookPoint<? extends Axes.Positions> point() {
    return site.point();
  }

  /** Hook point and head. */
  public ActivationSite site() {
    return site;
  }

  /** A copy of the weights, {@code [d]}. */
  public double[] weights() {
    return score.weights().clone();
  }

  /** What is added to every score. */
  public double bias() {
    return score.bias();
  }

  /**
   * The weights as a raw direction.
   *
   * @param modelId of the model whose activations the probe was fitted on
   * @throws IllegalArgumentException if all weights are 0
   */
  public Direction direction(String modelId) {
    return Direction.raw(score.weights(), site, modelId, "probe of " + name);
  }

  /**
   * The score of each row.
   *
   * @param rows {@code [n, d]} of the probe's site
   * @throws IllegalArgumentException if their width is another
   */
  public double[] scores(Rows rows) {
    return score.of(rows);
  }

  @Override
  public List<double[]> scores(
      HookedModel model, List<TokenIds> sequences, CancellationToken cancellation) {
    List<double[]> scores = new ArrayList<>();
    sequences.forEach(tokens -> scores.add(new double[tokens.size()]));
    if (sequences.isEmpty()) {
      return scores;
    }
    ActivationCollector.of(model, site).stream(
        sequences,
        TokenPositions.all(),
        batch -> {
          ActivationRows rows = batch.get(0);
          requireWidth(rows.rows());
          double[] each = scores(rows.rows());
          for (int i = 0; i < each.length; i++) {
            scores.get(rows.examples().get(i))[rows.positions().get(i)] = each[i];
          }
        },
        cancellation);
    return List.copyOf(scores);
  }

  private void requireWidth(Rows rows) {
    if (rows.width() != score.weights().length) {
      throw new IllegalArgumentException(
          "the model must have the width of probe '"
              + name
              + "', "
              + score.weights().length
              + ", at "
              + site
              + " but has "
              + rows.width()
              + "; use the model that the probe was fitted on");
    }
  }

  @Override
  public String toString() {
    return "LinearProbe[" + name + " at " + site + "]";
  }
}

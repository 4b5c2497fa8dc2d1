package org.alignment4j.interp.diff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.interp.activation.ActivationCollector;
import org.alignment4j.interp.activation.ActivationRows;
import org.alignment4j.interp.activation.ActivationSite;
import org.alignment4j.interp.activation.Rows;
import org.alignment4j.interp.activation.TokenPositions;
import org.alignment4j.interp.direction.Direction;
import org.alignment4j.interp.head.HeadId;
import org.alignment4j.interp.neuron.Neuron;
import org.apiguardian.api.API;

/**
 * How activations of two models differ on the same tokens: the stream, what heads mix, neurons, and
 * directions between two kinds of prompts. Activations of one hook point of all prompts are in
 * memory at a time. Immutable and thread-safe.
 *
 * @param diff the models
 * @param prompts what both read, at least two
 * @param positions which tokens count
 * @param bootstrap intervals over prompts
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ActivationDiff(
    CircuitDiff diff, List<TokenIds> prompts, TokenPositions positions, Bootstrap bootstrap) {

  private static final int HALVINGS = 100;

  /**
   * Copies.
   *
   * @throws IllegalArgumentException if there are fewer than two prompts
   */
  public ActivationDiff {
    Objects.requireNonNull(diff, "diff");
    Objects.requireNonNull(positions, "positions");
    Objects.requireNonNull(bootstrap, "bootstrap");
    prompts = List.copyOf(prompts);
    if (prompts.size() < 2) {
      throw new IllegalArgumentException(
          "prompts must be at least two, or nothing says how sure a difference is, but were "
              + prompts.size());
    }
  }

  /**
   * How far the stream moved after each layer.
   *
   * @param cancellation asks to stop at the next batch
   * @return one a layer, in order
   * @throws IllegalArgumentException if positions choose no token
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   */
  public List<StreamShift> stream(CancellationToken cancellation) {
    List<StreamShift> shifts = new ArrayList<>();
    for (int layer = 0; layer < diff.before().layerCount(); layer++) {
      ActivationSite site = ActivationSite.of(HookPoints.residPost(layer));
      Both both = both(site, cancellation);
      shifts.add(shift(site, both, 0, both.before().rows().width()));
    }
    return shifts;
  }

  /**
   * How far what each head mixes moved, before its output map.
   *
   * @param cancellation asks to stop at the next batch
   * @return one a head, by layer
   * @throws IllegalArgumentException if positions choose no token
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   */
  public List<StreamShift> heads(CancellationToken cancellation) {
    int heads = diff.before().architecture().config().heads();
    List<StreamShift> shifts = new ArrayList<>();
    for (int layer = 0; layer < diff.before().layerCount(); layer++) {
      Both both = both(ActivationSite.of(HookPoints.z(layer)), cancellation);
      int width = both.before().rows().width() / heads;
      for (int h = 0; h < heads; h++) {
        HeadId head = new HeadId(layer, h);
        ActivationSite site = ActivationSite.head(HookPoints.z(layer), head.head());
        shifts.add(shift(site, both, h * width, (h + 1) * width));
      }
    }
    return shifts;
  }

  /**
   * How the mean activation of each neuron changed.
   *
   * @param cancellation asks to stop at the next batch
   * @return one a neuron, by layer
   * @throws IllegalArgumentException if positions choose no token, or the model's neurons cannot be
   *     read
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   */
  public List<NeuronActivity> neurons(CancellationToken cancellation) {
    List<NeuronActivity> activities = new ArrayList<>();
    int layers = diff.before().layerCount();
    for (int layer = 0; layer < layers; layer++) {
      Both both = both(ActivationSite.of(HookPoints.mlpPost(layer)), cancellation);
      int width = both.before().rows().width();
      double level = 1 - (1 - bootstrap.confidence()) / ((double) width * layers);
      double[][] first = PromptMeans.of(both.before(), prompts.size());
      double[][] second = PromptMeans.of(both.after(), prompts.size());
      for (int i = 0; i < width; i++) {
        double[] old = column(first, i);
        double[] made = column(second, i);
        activities.add(
            new NeuronActivity(
                new Neuron(layer, i),
                Arrays.stream(old).average().orElseThrow(),
                Arrays.stream(made).average().orElseThrow(),
                Estimates.pairedDifference(made, old, level)));
      }
    }
    return activities;
  }

  /**
   * How a direction between two kinds of prompts changed: that from the mean of the prompts that
   * are not positive to the mean of those that are, by mean activations of each prompt's tokens.
   *
   * @param sites where
   * @param positive one for each prompt; at least two of each kind
   * @param cancellation asks to stop at the next batch
   * @return one a site
   * @throws IllegalArgumentException if there are not as many labels as prompts or fewer than two
   *     of a kind, positions choose no token of a prompt, or means do not differ
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   */
  public List<DirectionChange> directions(
      List<ActivationSite> sites, boolean[] positive, CancellationToken cancellation) {
    int above = 0;
    for (boolean label : positive) {
      above += label ? 1 : 0;
    }
    if (positive.length != prompts.size() || above < 2 || positive.length - above < 2) {
      throw new IllegalArgumentException(
          "every prompt must have a label, at least two of either kind, but there are "
              + prompts.size()
              + " prompts and "
              + positive.length
              + " labels, "
              + above
              + " of them positive");
    }
    List<DirectionChange> changes = new ArrayList<>();
    for (ActivationSite site : sites) {
      Both both = both(site, cancellation);
      Rows old = ordered(PromptMeans.of(both.before(), prompts.size()), positive);
      Rows made = ordered(PromptMeans.of(both.after(), prompts.size()), positive);
      changes.add(
          new DirectionComparison(old, made, above, bootstrap)
              .compare(site, diff.before().id(), diff.after().id(), HALVINGS));
    }
    return changes;
  }

  private static Rows ordered(double[][] means, boolean[] positive) {
    double[][] ordered = new double[means.length][];
    int at = 0;
    for (boolean wanted : new boolean[] {true, false}) {
      for (int i = 0; i < means.length; i++) {
        if (positive[i] == wanted) {
          ordered[at++] = means[i];
        }
      }
    }
    return Rows.of(ordered);
  }

  private static double[] column(double[][] rows, int column) {
    return Arrays.stream(rows).mapToDouble(row -> row[column]).toArray();
  }

  private record Both(ActivationRows before, ActivationRows after) {}

  private Both both(ActivationSite site, CancellationToken cancellation) {
    return new Both(
        collect(diff.before(), site, cancellation), collect(diff.after(), site, cancellation));
  }

  private ActivationRows collect(
      HookedModel model, ActivationSite site, CancellationToken cancellation) {
    return ActivationCollector.of(model, site).collect(prompts, positions, cancellation).get(0);
  }

  /** The move of some columns. */
  private StreamShift shift(ActivationSite site, Both both, int from, int to) {
    Rows first = both.before().rows();
    Rows second = both.after().rows();
    double[] squares = new double[prompts.size()];
    double[] moves = new double[prompts.size()];
    double[] mean = new double[to - from];
    for (int i = 0; i < first.count(); i++) {
      int prompt = both.before().examples().get(i);
      for (int j = from; j < to; j++) {
        double value = first.get(i, j);
        double move = second.get(i, j) - value;
        squares[prompt] += value * value;
        moves[prompt] += move * move;
        mean[j - from] += move / first.count();
      }
    }
    Estimate relative =
        bootstrap
            .of(squares.length, items -> Math.sqrt(sum(moves, items) / sum(squares, items)))
            .estimate();
    double common = 0;
    for (double move : mean) {
      common += move * move;
    }
    double whole = Arrays.stream(moves).sum() / first.count();
    Optional<Direction> shift =
        Math.sqrt(common) > Direction.LEAST_NORM
            ? Optional.of(Direction.raw(mean, site, diff.after().id(), "mean shift of the stream"))
            : Optional.empty();
    return new StreamShift(site, relative, whole == 0 ? Double.NaN : common / whole, shift);
  }

  private static double sum(double[] values, int[] items) {
    double sum = 0;
    for (int item : items) {
      sum += values[item];
    }
    return sum;
  }
}

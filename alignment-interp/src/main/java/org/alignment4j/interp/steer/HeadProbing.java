package org.alignment4j.interp.steer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.activation.ActivationCollector;
import org.alignment4j.interp.activation.ActivationRows;
import org.alignment4j.interp.activation.ActivationSite;
import org.alignment4j.interp.activation.Rows;
import org.alignment4j.interp.activation.TokenPositions;
import org.alignment4j.interp.probe.GroupSplit;
import org.alignment4j.interp.probe.LabelledRows;
import org.alignment4j.interp.probe.LinearProbe;
import org.alignment4j.interp.probe.ProbeMethod;
import org.apiguardian.api.API;

/**
 * Finds the heads of an inference-time intervention (Li et al. 2023, arXiv 2306.03341, section 3):
 * a probe of every head's {@code z} at the last token, fitted on some questions and validated on
 * others; the heads with the best accuracy, lower layer and head first at ties; along the probe's
 * weights or the difference of means, at unit length; and the deviation of all activations along
 * it. Heads are query heads, under grouped-query attention, too.
 *
 * @param heads how many are chosen; 48 in the paper
 * @param along which direction they are shifted along
 * @param probe how probes are made
 * @param validationShare share of questions that probes are validated on; 0.2 in the paper
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record HeadProbing(int heads, Along along, ProbeMethod probe, double validationShare) {

  /** Which direction a head is shifted along. */
  public enum Along {
    /** The weights of its probe. */
    PROBE,
    /** The mean of the true examples minus that of the false ones. */
    MASS_MEAN
  }

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if no head is chosen
   */
  public HeadProbing {
    if (heads < 1) {
      throw new IllegalArgumentException("heads must be at least 1 but were " + heads);
    }
  }

  /**
   * So many heads along mass-mean directions, logistic probes, a fifth of questions to validate.
   */
  public static HeadProbing of(int heads) {
    return new HeadProbing(heads, Along.MASS_MEAN, ProbeMethod.logistic(), 0.2);
  }

  /**
   * Probes a model.
   *
   * @param model what is read
   * @param sequences questions with an answer each
   * @param truthful whether each answer has the property
   * @param questions the question of each: answers of one question stay together
   * @param random divides the questions
   * @param cancellation asks to stop at the next batch or fit
   * @throws IllegalArgumentException if lengths differ, there are fewer than two questions, a class
   *     is missing on a side, or the model has fewer heads than are to be chosen
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   */
  public HeadShifts fit(
      HookedModel model,
      List<TokenIds> sequences,
      boolean[] truthful,
      int[] questions,
      RandomGenerator random,
      CancellationToken cancellation) {
    List<ActivationSite> sites = new ArrayList<>();
    for (int layer = 0; layer < model.layerCount(); layer++) {
      sites.add(ActivationSite.of(HookPoints.z(layer)));
    }
    int count = headCount(model, sequences, cancellation);
    if (heads > count * model.layerCount()) {
      throw new IllegalArgumentException(
          "heads must be at most the model's " + count * model.layerCount() + " but were " + heads);
    }
    List<ActivationRows> rows =
        ActivationCollector.of(model, sites)
            .collect(sequences, TokenPositions.last(), cancellation);
    GroupSplit split = GroupSplit.once(questions, validationShare, random);
    List<HeadShift> all = new ArrayList<>();
    for (int layer = 0; layer < rows.size(); layer++) {
      int width = rows.get(layer).rows().width() / count;
      for (int head = 0; head < count; head++) {
        Rows z = rows.get(layer).rows().columns(head * width, (head + 1) * width);
        ActivationSite site = ActivationSite.head(HookPoints.z(layer), head);
        all.add(shift(site, new LabelledRows(z, truthful, questions), split, cancellation));
      }
    }
    // The sort is stable: heads of one accuracy stay in the order of layer and head.
    all.sort(Comparator.comparingDouble(shift -> -shift.accuracy()));
    return new HeadShifts(model.id(), all.subList(0, heads));
  }

  private static int headCount(
      HookedModel model, List<TokenIds> sequences, CancellationToken cancellation) {
    if (sequences.isEmpty()) {
      throw new IllegalArgumentException("sequences must hold at least one example");
    }
    var point = HookPoints.z(0);
    var run = model.forward(sequences.get(0)).cache(point);
    return run.execute(cancellation).cache().values(point).shape()[2];
  }

  private HeadShift shift(
      ActivationSite site, LabelledRows data, GroupSplit split, CancellationToken cancellation) {
    LabelledRows train = data.select(split.train());
    LinearProbe fitted = probe.fit("truthful", site, train.rows(), train.labels(), cancellation);
    int[] test = split.test();
    double[] scores = fitted.scores(data.rows().select(test));
    boolean[] labels = data.labels();
    int right = 0;
    for (int i = 0; i < test.length; i++) {
      right += (scores[i] > 0) == labels[test[i]] ? 1 : 0;
    }
    double[] direction =
        along == Along.PROBE
            ? fitted.direction("probe").unit().vector()
            : ProbeMethod.massMean()
                .fit("truthful", site, data.rows(), labels, cancellation)
                .direction("mass-mean")
                .unit()
                .vector();
    return new HeadShift(
        site.point().layer(),
        site.head().orElseThrow(),
        (double) right / test.length,
        direction,
        deviation(data.rows(), direction));
  }

  /** Divisor n, as the reference implementation's. */
  private static double deviation(Rows rows, double[] direction) {
    double mean = 0;
    double squares = 0;
    for (int i = 0; i < rows.count(); i++) {
      double projection = rows.dot(i, direction);
      double delta = projection - mean;
      mean += delta / (i + 1);
      squares += delta * (projection - mean);
    }
    return Math.sqrt(squares / rows.count());
  }
}

package org.alignment4j.interp.diff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.report.Cell;
import org.alignment4j.core.report.Chart;
import org.alignment4j.core.report.Section;
import org.alignment4j.core.report.Table;
import org.alignment4j.interp.patch.PatchEffects;
import org.apiguardian.api.API;

/**
 * A small set of parts that together carry a behaviour, found greedily: at each step the part that,
 * put into the model before with those that are there, restores most. Parts are chosen on one half
 * of the prompts and their shares reported on the other, since the greatest of many shares is
 * greater on the prompts it was chosen on than elsewhere; with fewer than {@value #LEAST_PROMPTS}
 * prompts on all of them.
 *
 * @param steps what was added, in order
 * @param heldOut whether shares are of prompts that nothing was chosen on
 * @param reached whether the last share, on the prompts it was chosen on, is as great as wanted
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record PartSearch(List<Step> steps, boolean heldOut, boolean reached) {

  /** Fewest prompts that are divided into those for choosing and those for reporting. */
  public static final int LEAST_PROMPTS = 4;

  /**
   * One part added.
   *
   * @param added the part
   * @param restored share of the behaviour that it restores with those before it
   * @param parameters weights of all parts so far
   * @param change their share of the squared change of all weights
   */
  public record Step(WeightPart added, Estimate restored, long parameters, double change) {}

  /** Copies. */
  public PartSearch {
    steps = List.copyOf(steps);
  }

  /**
   * Whether a share was reached beyond doubt on the prompts that shares are reported on.
   *
   * @param share such as 0.9
   * @return whether the last step's interval lies at or above it; false where there is no step
   */
  public boolean reachedFor(double share) {
    return !steps.isEmpty()
        && PartShare.leastShare(steps.get(steps.size() - 1).restored()) >= share;
  }

  /**
   * Searches; every step makes one model for each part that is left.
   *
   * @param patching the models and the behaviour
   * @param candidates parts, none within another
   * @param wanted share at which the search ends, such as 0.9
   * @param most most parts, at least 1
   * @param cancellation asks to stop before the next model
   * @throws IllegalArgumentException if there are no candidates, a model lacks one, two share
   *     weights, a number is out of range, or the behaviour does not differ between the models on
   *     one half of the prompts
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   */
  public static PartSearch greedy(
      PartPatching patching,
      List<WeightPart> candidates,
      double wanted,
      int most,
      CancellationToken cancellation) {
    if (candidates.isEmpty() || most < 1 || !(wanted > 0)) {
      throw new IllegalArgumentException(
          "candidates and most must be at least 1 and wanted positive but were "
              + candidates.size()
              + ", "
              + most
              + " and "
              + wanted);
    }
    PartPatching.requireApart(candidates);
    double[] all = patching.all();
    boolean divided = all.length >= LEAST_PROMPTS;
    int[] order = shuffled(all.length, patching.options().seed());
    int half = all.length / 2;
    int[] choosing = divided ? Arrays.copyOfRange(order, 0, half) : order;
    int[] reporting = divided ? Arrays.copyOfRange(order, half, all.length) : order;
    requireDifference(all, choosing);
    requireDifference(all, reporting);
    List<Step> steps = new ArrayList<>();
    List<WeightPart> chosen = new ArrayList<>();
    List<WeightPart> left = new ArrayList<>(candidates);
    boolean reached = false;
    while (!reached && !left.isEmpty() && steps.size() < most) {
      double best = Double.NEGATIVE_INFINITY;
      WeightPart added = left.get(0);
      double[] gains = all;
      for (WeightPart part : left) {
        List<WeightPart> together = new ArrayList<>(chosen);
        together.add(part);
        double[] change = patching.restored(together, cancellation);
        double share = sum(change, choosing) / sum(all, choosing);
        if (share > best) {
          best = share;
          added = part;
          gains = change;
        }
      }
      chosen.add(added);
      left.remove(added);
      steps.add(step(patching, added, chosen, pick(gains, reporting), pick(all, reporting)));
      reached = best >= wanted;
    }
    return new PartSearch(steps, divided, reached);
  }

  private static Step step(
      PartPatching patching,
      WeightPart added,
      List<WeightPart> chosen,
      double[] gains,
      double[] range) {
    List<TensorSlice> slices =
        chosen.stream().flatMap(part -> patching.diff().parts().of(part).stream()).toList();
    return new Step(
        added,
        PatchEffects.ratio(gains, range, patching.options().bootstrap()),
        patching.diff().size(slices),
        patching.diff().changeShare(slices));
  }

  private static void requireDifference(double[] all, int[] items) {
    if (sum(all, items) == 0) {
      throw new IllegalArgumentException(
          "the behaviour must differ between the models on both halves of the prompts but does not"
              + " on one of "
              + items.length
              + "; give more prompts");
    }
  }

  private static int[] shuffled(int n, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] order = new int[n];
    Arrays.setAll(order, i -> i);
    for (int i = n - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int moved = order[i];
      order[i] = order[j];
      order[j] = moved;
    }
    return order;
  }

  private static double sum(double[] values, int[] items) {
    return Arrays.stream(items).mapToDouble(i -> values[i]).sum();
  }

  private static double[] pick(double[] values, int[] items) {
    return Arrays.stream(items).mapToDouble(i -> values[i]).toArray();
  }

  /** The parts that were added, in order. */
  public List<WeightPart> parts() {
    return steps.stream().map(Step::added).toList();
  }

  /** The steps as a table. */
  public Table toTable() {
    Table table = Table.of("added", "weights so far", "share of change", "restored");
    for (Step step : steps) {
      table =
          table.row(
              Cell.text(step.added().toString()),
              Cell.count(step.parameters()),
              Cell.number(step.change(), 4),
              Cell.figure(step.restored()));
    }
    return table;
  }

  /** A line of what the parts restore together, with the table. */
  public List<Section> sections() {
    List<Chart.Point> points = new ArrayList<>();
    points.add(Chart.Point.of(0, 0));
    for (int i = 0; i < steps.size(); i++) {
      points.add(Chart.Point.of(i + 1, steps.get(i).restored()));
    }
    Chart.Lines lines =
        new Chart.Lines("Parts added one by one", "parts", "share of the behaviour", List.of())
            .with("restored", points);
    String note =
        heldOut
            ? "chosen on one half of the prompts, shares of the other"
            : "too few prompts to be divided: shares are of the prompts that parts were chosen on";
    return List.of(
        new Section.Charts("What it takes", List.of(lines), ""),
        new Section.Tabular("", toTable(), note));
  }
}

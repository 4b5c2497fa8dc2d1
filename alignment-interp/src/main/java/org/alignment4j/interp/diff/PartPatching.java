package org.alignment4j.interp.diff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.interp.patch.PatchEffects;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.checkpoint.Weights;
import org.apiguardian.api.API;

/**
 * Which parts of the weights carry a difference in behaviour between two models: parts of the model
 * after are put into the model before and the share of the behaviour that comes is measured, and
 * the other way round the share that goes. It is activation patching (Vig et al. 2020, Meng et al.
 * 2022) with weights in place of activations. Models that are made on the way are closed at once.
 * Immutable; as thread-safe as the behaviour.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class PartPatching {

  private static final double RESOLUTION = 1e-6;

  private final CircuitDiff diff;
  private final Behaviour behaviour;
  private final PatchingOptions options;
  private final double[] before;
  private final double[] after;

  private PartPatching(
      CircuitDiff diff,
      Behaviour behaviour,
      PatchingOptions options,
      double[] before,
      double[] after) {
    this.diff = diff;
    this.behaviour = behaviour;
    this.options = options;
    this.before = before;
    this.after = after;
  }

  /**
   * Measures both models.
   *
   * @param diff the models
   * @param behaviour what is compared
   * @param options intervals and baselines
   * @param cancellation asks to stop
   * @throws IllegalArgumentException if the behaviour gives no number, one that is not finite or
   *     not equally many for both, or is the same in both models in the mean, so that a share of
   *     the difference is not defined
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   */
  public static PartPatching of(
      CircuitDiff diff,
      Behaviour behaviour,
      PatchingOptions options,
      CancellationToken cancellation) {
    double[] before = measured(behaviour, diff.before(), -1, cancellation);
    double[] after = measured(behaviour, diff.after(), before.length, cancellation);
    double low = Arrays.stream(before).average().orElse(Double.NaN);
    double high = Arrays.stream(after).average().orElse(Double.NaN);
    if (!(Math.abs(high - low) > RESOLUTION * Math.max(Math.abs(high), Math.abs(low)))) {
      throw new IllegalArgumentException(
          "the behaviour must differ between the models, or no share of the difference is defined,"
              + " but its means were "
              + low
              + " before and "
              + high
              + " after; choose prompts or a metric on which they differ");
    }
    return new PartPatching(diff, behaviour, options, before, after);
  }

  /** The behaviour of the model before, in the mean over prompts. */
  public Estimate before() {
    return Estimates.mean(before, options.bootstrap().confidence());
  }

  /** The behaviour of the model after, in the mean over prompts. */
  public Estimate after() {
    return Estimates.mean(after, options.bootstrap().confidence());
  }

  /**
   * Measures the share of every part by itself, and compares those of the greatest shares with
   * random changes.
   *
   * @param parts such as {@link WeightParts#components}, at least one
   * @param cancellation asks to stop before the next model
   * @throws IllegalArgumentException if there is no part, or the model lacks one
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   */
  public PartShares shares(Collection<WeightPart> parts, CancellationToken cancellation) {
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("parts must be at least one but were none");
    }
    List<PartShare> shares = new ArrayList<>();
    for (WeightPart part : parts) {
      shares.add(share(List.of(part), cancellation));
    }
    List<PartShare> greatest = new ArrayList<>(shares);
    greatest.sort(Comparator.comparingDouble((PartShare s) -> s.restored().value()).reversed());
    int compared = options.draws() == 0 ? 0 : Math.min(options.compared(), greatest.size());
    for (PartShare share : greatest.subList(0, compared)) {
      shares.set(shares.indexOf(share), compared(share, cancellation));
    }
    return new PartShares(
        diff.before().id(), diff.after().id(), before(), after(), options, shares);
  }

  /**
   * Measures what parts carry together.
   *
   * @param parts at least one, none within another
   * @param cancellation asks to stop before the next model
   * @throws IllegalArgumentException if there is no part, the model lacks one, or one comes twice
   *     or within another
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   */
  public PartShare share(List<WeightPart> parts, CancellationToken cancellation) {
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("parts must be at least one but were none");
    }
    requireApart(parts);
    List<TensorSlice> slices = slices(parts);
    return new PartShare(
        parts,
        diff.size(slices),
        diff.changeShare(slices),
        ratio(restored(parts, cancellation), all()),
        ratio(lost(parts, cancellation), all()),
        Optional.empty(),
        Optional.empty());
  }

  static void requireApart(List<WeightPart> parts) {
    for (int i = 0; i < parts.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (parts.get(i).overlaps(parts.get(j))) {
          throw new IllegalArgumentException(
              "parts that are put in together must not share weights but '"
                  + parts.get(i)
                  + "' and '"
                  + parts.get(j)
                  + "' do; name one of them");
        }
      }
    }
  }

  /** The same with random changes beside it. */
  PartShare compared(PartShare share, CancellationToken cancellation) {
    List<TensorSlice> slices = slices(share.parts());
    SplittableRandom random = new SplittableRandom(options.seed());
    double[] entries = new double[options.draws()];
    double[] noise = new double[options.draws()];
    Weights old = diff.before().weights();
    Weights made = diff.after().weights();
    for (int draw = 0; draw < options.draws(); draw++) {
      entries[draw] =
          plainShare(
              () ->
                  RandomWeights.entries(
                      old, made, diff.parts().parameters(), share.parameters(), random),
              cancellation);
      noise[draw] = plainShare(() -> RandomWeights.noise(old, made, slices, random), cancellation);
    }
    double restored = share.restored().value();
    return share.compared(RandomShares.of(entries, restored), RandomShares.of(noise, restored));
  }

  private double plainShare(Supplier<Weights> weights, CancellationToken cancellation) {
    double[] patched = patched(diff.before(), weights.get(), cancellation);
    double change = 0;
    double range = 0;
    for (int i = 0; i < before.length; i++) {
      change += patched[i] - before[i];
      range += after[i] - before[i];
    }
    return change / range;
  }

  /** What each prompt gains when parts are put into the model before. */
  double[] restored(List<WeightPart> parts, CancellationToken cancellation) {
    Weights weights =
        WeightSplice.of(diff.before().weights(), diff.after().weights(), slices(parts));
    return difference(patched(diff.before(), weights, cancellation), before);
  }

  private double[] lost(List<WeightPart> parts, CancellationToken cancellation) {
    Weights weights =
        WeightSplice.of(diff.after().weights(), diff.before().weights(), slices(parts));
    return difference(after, patched(diff.after(), weights, cancellation));
  }

  private double[] patched(DecoderModel model, Weights weights, CancellationToken cancellation) {
    cancellation.throwIfCancelled("patching of weights");
    try (DecoderModel patched = model.withWeights(weights)) {
      return measured(behaviour, patched, before.length, cancellation);
    }
  }

  private List<TensorSlice> slices(List<WeightPart> parts) {
    return parts.stream().flatMap(part -> diff.parts().of(part).stream()).toList();
  }

  /** The whole difference of each prompt. */
  double[] all() {
    return difference(after, before);
  }

  Estimate ratio(double[] change, double[] range) {
    return PatchEffects.ratio(change, range, options.bootstrap());
  }

  PatchingOptions options() {
    return options;
  }

  CircuitDiff diff() {
    return diff;
  }

  private static double[] difference(double[] a, double[] b) {
    double[] out = a.clone();
    Arrays.setAll(out, i -> a[i] - b[i]);
    return out;
  }

  private static double[] measured(
      Behaviour behaviour, DecoderModel model, int expected, CancellationToken cancellation) {
    double[] values = behaviour.of(model, cancellation);
    if (values.length == 0 || (expected >= 0 && values.length != expected)) {
      throw new IllegalArgumentException(
          "a behaviour must give at least one number and always as many but gave "
              + values.length
              + (expected >= 0 ? " after " + expected : "")
              + "; measure the same prompts each time");
    }
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        throw new IllegalArgumentException(
            "a behaviour must give finite numbers but prompt " + i + " had " + values[i]);
      }
    }
    return values.clone();
  }
}

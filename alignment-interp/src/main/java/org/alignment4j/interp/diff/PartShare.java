package org.alignment4j.interp.diff;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.statistics.RandomDraws;
import org.apiguardian.api.API;

/**
 * How much of a difference in behaviour parts of the weights carry.
 *
 * @param parts the parts, put in together
 * @param parameters how many weights they are
 * @param change their share of the squared change of all weights, in [0, 1]
 * @param restored share of the behaviour that comes when they are put into the model before: {@code
 *     Σ(patched − before)/Σ(after − before)} over prompts, with its bootstrap interval; 1 is all of
 *     it, 0 none
 * @param lost share that goes when they are taken out of the model after: {@code Σ(after −
 *     patched)/Σ(after − before)}; equal to {@code restored} where parts act apart, more where they
 *     need each other
 * @param entries shares restored by as many weights of the model after, drawn from all of them
 *     without replacement; empty where not asked for
 * @param noise shares restored by Gaussian noise on the same parts of the model before, in each
 *     slice of a tensor as large as its change in Frobenius norm; empty where not asked for
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record PartShare(
    List<WeightPart> parts,
    long parameters,
    double change,
    Estimate restored,
    Estimate lost,
    Optional<RandomShares> entries,
    Optional<RandomShares> noise) {

  /** Copies. */
  public PartShare {
    parts = List.copyOf(parts);
    Objects.requireNonNull(restored, "restored");
    Objects.requireNonNull(lost, "lost");
    Objects.requireNonNull(entries, "entries");
    Objects.requireNonNull(noise, "noise");
  }

  /** Whether random changes of both kinds were drawn, without which nothing is beyond doubt. */
  public boolean compared() {
    return entries.isPresent() && noise.isPresent();
  }

  /**
   * Whether the parts carry some of the behaviour beyond doubt: the interval of what they restore
   * lies above 0, and random changes do not restore as much more often than the interval errs
   * ({@link RandomShares#chance} of both kinds). Where every resample gives the same share there is
   * no interval, and the share itself counts. False for one prompt, and where the parts were not
   * {@linkplain #compared} with random changes. The parts compared are those of the greatest shares
   * of many, on the same prompts: {@link PartSearch} tells what they restore on others.
   */
  public boolean carries() {
    return leastShare(restored) > 0 && rejected(entries) && rejected(noise);
  }

  /** The lower end of a share's interval; the share where resamples do not vary. */
  static double leastShare(Estimate share) {
    return Double.isNaN(share.ciLow()) && share.n() > 1 ? share.value() : share.ciLow();
  }

  private boolean rejected(Optional<RandomShares> drawn) {
    return drawn
        .filter(shares -> RandomDraws.rejects(shares.chance(), restored.confidence()))
        .isPresent();
  }

  PartShare compared(RandomShares ofEntries, RandomShares ofNoise) {
    return new PartShare(
        parts, parameters, change, restored, lost, Optional.of(ofEntries), Optional.of(ofNoise));
  }

  /** The parts' names, joined. */
  public String label() {
    return parts.stream().map(WeightPart::toString).collect(Collectors.joining(" + "));
  }
}

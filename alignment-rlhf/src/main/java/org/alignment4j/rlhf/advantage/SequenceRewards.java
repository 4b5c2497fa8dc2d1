package org.alignment4j.rlhf.advantage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.alignment4j.rlhf.advantage.RewardComponent.Kind;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * The rewards of the completions of a step, by component. A completion of which no reward function
 * has an opinion has no reward, whatever its penalties: it enters no statistic and no loss.
 * Immutable and thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class SequenceRewards {

  private final long step;
  private final List<RewardComponent> components;

  private SequenceRewards(long step, List<RewardComponent> components) {
    this.step = step;
    requireDifferentNames(step, components);
    int sequences = components.get(0).values().size();
    for (RewardComponent component : components) {
      if (component.values().size() != sequences) {
        throw new IllegalArgumentException(
            "reward '%s' at step %s must be of %s sequences but is of %s"
                .formatted(component.name(), step, sequences, component.values().size()));
      }
      for (int s = 0; s < sequences; s++) {
        Double value = component.values().get(s);
        if (value != null && !Double.isFinite(value)) {
          throw new IllegalArgumentException(
              ("reward '%s' of sample %s at step %s must be finite but was %s; give no score where"
                      + " there is nothing to say (OptionalDouble.empty(), null in a component)")
                  .formatted(component.name(), s, step, value));
        }
      }
    }
    this.components = components.stream().map(c -> ofRewarded(c, components)).toList();
    double[] totals = totals();
    for (int s = 0; s < sequences; s++) {
      if (!Double.isFinite(totals[s])) {
        throw new IllegalArgumentException(
            "the weighted sum of the rewards of sample %s at step %s must be finite but was %s, of %s"
                .formatted(s, step, totals[s], described(s)));
      }
    }
    requireStatistics(totals);
  }

  /** Metrics are by name: of two components of one name only one would be seen. */
  private static void requireDifferentNames(long step, List<RewardComponent> components) {
    Set<String> names = new HashSet<>();
    for (RewardComponent component : components) {
      if (!names.add(component.name())) {
        throw new IllegalArgumentException(
            ("rewards at step %s must have different names but two are '%s'; rename a reward"
                    + " function or penalty, or, where one is named as FUNCTION/PART, the part of the"
                    + " other")
                .formatted(step, component.name()));
      }
    }
  }

  /** A penalty is none where no function has an opinion. */
  private static RewardComponent ofRewarded(
      RewardComponent component, List<RewardComponent> components) {
    if (component.kind() == Kind.REWARD) {
      return component;
    }
    List<@Nullable Double> values = new ArrayList<>();
    for (int s = 0; s < component.values().size(); s++) {
      values.add(present(components, s) ? component.values().get(s) : null);
    }
    return new RewardComponent(component.name(), component.weight(), values, component.kind());
  }

  private static boolean present(List<RewardComponent> components, int sequence) {
    return components.stream()
        .anyMatch(c -> c.kind() == Kind.REWARD && c.values().get(sequence) != null);
  }

  /** Deviations of groups are bounded by those of the step, so that these are enough. */
  private void requireStatistics(double[] totals) {
    for (RewardComponent component : components) {
      if (component.weight() != 0) {
        requireStatistics(
            "'" + component.name() + "'",
            component.values().stream()
                .filter(Objects::nonNull)
                .mapToDouble(Objects::requireNonNull)
                .toArray());
      }
    }
    requireStatistics("their weighted sum", totals);
  }

  private void requireStatistics(String what, double[] values) {
    if (!Double.isFinite(MaskedStatistics.mean(values))
        || !Double.isFinite(MaskedStatistics.variance(values, Variance.BIASED))) {
      throw new IllegalArgumentException(
          ("rewards at step %s must have a finite mean and variance but %s is from %s to %s, whose"
                  + " squares are too large for a double; give the reward at a smaller scale or clip"
                  + " it")
              .formatted(
                  step,
                  what,
                  Arrays.stream(values).min().orElse(0),
                  Arrays.stream(values).max().orElse(0)));
    }
  }

  private String described(int sequence) {
    return components.stream()
        .map(c -> c.weight() + " x '" + c.name() + "' " + c.values().get(sequence))
        .collect(Collectors.joining(" + "));
  }

  /**
   * Collects components.
   *
   * @param step number of the step, for messages
   * @param components at least one
   * @return the rewards
   * @throws IllegalArgumentException when there is no component, two have the same name, they
   *     differ in length, a reward or the sum of some is NaN or infinite, named by component,
   *     sample and step, or rewards are so large that their mean or variance is, named by component
   *     and step
   */
  public static SequenceRewards of(long step, List<RewardComponent> components) {
    if (components.isEmpty()) {
      throw new IllegalArgumentException(
          "rewards at step %s must have at least one component but have none".formatted(step));
    }
    return new SequenceRewards(step, components);
  }

  /**
   * Returns the rewards of one function.
   *
   * @param step number of the step, for messages
   * @param rewards a reward for each sequence
   * @return the rewards, of one component named {@code reward}
   * @throws IllegalArgumentException when a reward is NaN or infinite
   */
  public static SequenceRewards of(long step, double... rewards) {
    return of(step, List.of(RewardComponent.of("reward", 1, rewards)));
  }

  /**
   * Returns these rewards with one more component, such as a penalty. A completion without a reward
   * stays without one if the further component has no opinion of it either, or is a penalty.
   *
   * @param component the component
   * @return the rewards
   * @throws IllegalArgumentException as {@link #of(long, List)}
   */
  public SequenceRewards with(RewardComponent component) {
    List<RewardComponent> more = new ArrayList<>(components);
    more.add(component);
    return new SequenceRewards(step, more);
  }

  /**
   * Returns these rewards, and after them those of further sequences of the same step.
   *
   * @param others rewards of the same components, in the same order
   * @return the rewards of all
   * @throws IllegalArgumentException when the components differ in name or weight
   */
  public SequenceRewards followedBy(SequenceRewards others) {
    if (components.size() != others.components.size()) {
      throw new IllegalArgumentException(
          "rewards must have the same components but have %s and %s"
              .formatted(components.size(), others.components.size()));
    }
    List<RewardComponent> all = new ArrayList<>();
    for (int c = 0; c < components.size(); c++) {
      RewardComponent own = components.get(c);
      RewardComponent other = others.components.get(c);
      if (!own.name().equals(other.name())
          || own.weight() != other.weight()
          || own.kind() != other.kind()) {
        throw new IllegalArgumentException(
            "rewards must have the same components but have '%s' x %s and '%s' x %s"
                .formatted(own.name(), own.weight(), other.name(), other.weight()));
      }
      List<@Nullable Double> values = new ArrayList<>(own.values());
      values.addAll(other.values());
      all.add(new RewardComponent(own.name(), own.weight(), values, own.kind()));
    }
    return of(step, all);
  }

  /**
   * Returns the number of sequences.
   *
   * @return the number, those without a reward included
   */
  public int sequences() {
    return components.get(0).values().size();
  }

  /**
   * Returns the number of the step.
   *
   * @return as it was given
   */
  public long step() {
    return step;
  }

  /**
   * Returns the components.
   *
   * @return at least one
   */
  public List<RewardComponent> components() {
    return components;
  }

  /**
   * Returns whether any reward function has an opinion of a sequence.
   *
   * @param sequence its index
   * @return whether it has a reward
   */
  public boolean present(int sequence) {
    return present(components, sequence);
  }

  /**
   * Returns the reward of each sequence: the weighted sum over the components that have an opinion,
   * 0 where none has.
   *
   * @return a new vector, {@code [sequences]}
   */
  public double[] totals() {
    double[] totals = new double[sequences()];
    for (RewardComponent component : components) {
      for (int s = 0; s < totals.length; s++) {
        @Nullable Double value = component.values().get(s);
        totals[s] += value == null ? 0 : component.weight() * value;
      }
    }
    return totals;
  }

  /** Which sequences have no reward. */
  boolean[] absent() {
    boolean[] absent = new boolean[sequences()];
    for (int s = 0; s < absent.length; s++) {
      absent[s] = !present(s);
    }
    return absent;
  }
}

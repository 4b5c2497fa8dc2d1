package org.alignment4j.interp.probe;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.apiguardian.api.API;

/**
 * A division of rows into those that are fitted on and those that are tested, whole groups on one
 * side: the tokens of a prompt, or the answers to a question, are nearly copies of each other, and
 * a probe that had seen some would know the rest.
 *
 * @param train indices of rows, ascending
 * @param test indices of the other rows, ascending
 */
@SuppressWarnings("ArrayRecordComponent")
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record GroupSplit(int[] train, int[] test) {

  /** Copies. */
  public GroupSplit {
    train = train.clone();
    test = test.clone();
  }

  @Override
  public int[] train() {
    return train.clone();
  }

  @Override
  public int[] test() {
    return test.clone();
  }

  /**
   * Divides into folds, each of which is tested once.
   *
   * @param groups the group of each row, any numbers
   * @param folds at least 2
   * @param random decides which groups come together
   * @throws IllegalArgumentException if there are fewer groups than folds
   */
  public static List<GroupSplit> folds(int[] groups, int folds, RandomGenerator random) {
    if (folds < 2) {
      throw new IllegalArgumentException("folds must be at least 2 but were " + folds);
    }
    Map<Integer, Integer> place = shuffled(groups, random);
    if (place.size() < folds) {
      throw new IllegalArgumentException(
          "there must be at least as many groups as folds but there are "
              + place.size()
              + " groups for "
              + folds
              + " folds; use fewer folds, or more prompts");
    }
    List<GroupSplit> splits = new ArrayList<>();
    for (int fold = 0; fold < folds; fold++) {
      int tested = fold;
      splits.add(
          split(groups, group -> Math.floorMod(place.getOrDefault(group, 0), folds) == tested));
    }
    return List.copyOf(splits);
  }

  /**
   * Divides once.
   *
   * @param groups the group of each row, any numbers
   * @param testShare share of groups that are tested, in (0, 1); at least one is, and one is not
   * @param random decides which
   * @throws IllegalArgumentException if there are fewer than two groups, or the share is outside
   */
  public static GroupSplit once(int[] groups, double testShare, RandomGenerator random) {
    if (!(testShare > 0 && testShare < 1)) {
      throw new IllegalArgumentException("testShare must be in (0, 1) but was " + testShare);
    }
    Map<Integer, Integer> place = shuffled(groups, random);
    if (place.size() < 2) {
      throw new IllegalArgumentException(
          "there must be at least 2 groups to be divided but there are " + place.size());
    }
    long wanted = Math.round(testShare * place.size());
    long tested = Math.min(place.size() - 1L, Math.max(1, wanted));
    return split(groups, group -> place.getOrDefault(group, 0) < tested);
  }

  private static Map<Integer, Integer> shuffled(int[] groups, RandomGenerator random) {
    List<Integer> distinct = IntStream.of(groups).distinct().boxed().toList();
    List<Integer> order = new ArrayList<>(distinct);
    for (int i = order.size() - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      Integer moved = order.get(i);
      order.set(i, order.get(j));
      order.set(j, moved);
    }
    Map<Integer, Integer> place = new LinkedHashMap<>();
    for (int i = 0; i < order.size(); i++) {
      place.put(order.get(i), i);
    }
    return place;
  }

  private static GroupSplit split(int[] groups, IntPredicate tested) {
    return new GroupSplit(
        IntStream.range(0, groups.length).filter(i -> !tested.test(groups[i])).toArray(),
        IntStream.range(0, groups.length).filter(i -> tested.test(groups[i])).toArray());
  }
}

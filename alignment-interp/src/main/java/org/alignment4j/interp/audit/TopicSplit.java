package org.alignment4j.interp.audit;

import java.util.Arrays;
import java.util.Collection;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.alignment4j.interp.probe.GroupSplit;

/** Statements to fit on, to choose on and to report on: three fifths, one and one of each topic. */
@SuppressWarnings("ArrayRecordComponent")
record TopicSplit(int[] train, int[] validation, int[] test) {

  static final int LEAST_GROUPS = 5;

  private static final double TEST_SHARE = 0.2;
  private static final double VALIDATION_SHARE = 0.25;

  static TopicSplit of(TruthData data, Collection<String> topics, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    TopicSplit all = new TopicSplit(new int[0], new int[0], new int[0]);
    for (String topic : topics) {
      int[] items = data.of(topic);
      int[] groups = data.groups(items);
      long different = Arrays.stream(groups).distinct().count();
      if (different < LEAST_GROUPS) {
        throw new IllegalArgumentException(
            "every topic must have at least "
                + LEAST_GROUPS
                + " groups of statements, to fit, choose and report on, but '"
                + topic
                + "' has "
                + different);
      }
      GroupSplit outer = GroupSplit.once(groups, TEST_SHARE, random);
      int[] rest = pick(items, outer.train());
      GroupSplit inner = GroupSplit.once(data.groups(rest), VALIDATION_SHARE, random);
      all =
          new TopicSplit(
              joined(all.train, pick(rest, inner.train())),
              joined(all.validation, pick(rest, inner.test())),
              joined(all.test, pick(items, outer.test())));
    }
    requireBoth(data, all.train, "fitted on");
    requireBoth(data, all.validation, "chosen on");
    requireBoth(data, all.test, "reported on");
    return all;
  }

  private static void requireBoth(TruthData data, int[] items, String use) {
    long truths = Arrays.stream(items).filter(data.truths()::get).count();
    if (truths == 0 || truths == items.length) {
      throw new IllegalArgumentException(
          "statements that are "
              + use
              + " must be true and false ones but "
              + truths
              + " of "
              + items.length
              + " are true; give more groups of either kind");
    }
  }

  private static int[] pick(int[] items, int[] indices) {
    return Arrays.stream(indices).map(i -> items[i]).toArray();
  }

  private static int[] joined(int[] a, int[] b) {
    return IntStream.concat(Arrays.stream(a), Arrays.stream(b)).toArray();
  }
}

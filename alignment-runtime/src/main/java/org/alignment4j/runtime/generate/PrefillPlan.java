package org.alignment4j.runtime.generate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which rows of a batch read their prompt from its beginning, and which take over what another row
 * has computed of the tokens that both begin with. In lexicographic order every prompt has the
 * longest such part in common with its neighbour, so that each shared beginning is computed once.
 *
 * @param fresh rows that read their whole prompt
 * @param derived the other rows, each after the row it takes from
 */
record PrefillPlan(int[] fresh, List<Derived> derived) {

  /** Fewer shared tokens are not worth a run of its own. */
  static final int MIN_SHARED = 16;

  /**
   * A row that begins where another is.
   *
   * @param row the row
   * @param from the row it takes from
   * @param shared how many tokens it takes; all of them for equal prompts
   */
  record Derived(int row, int from, int shared) {}

  /** Every row reads its own prompt. */
  static PrefillPlan separate(int rows) {
    return new PrefillPlan(IntStream.range(0, rows).toArray(), List.of());
  }

  /**
   * The plan that computes shared beginnings once, where that saves at least half a prompt.
   *
   * @param kinds of each prompt; only those of one kind share
   */
  static PrefillPlan sharing(List<int[]> prompts, int[] kinds) {
    int[] order = order(prompts, kinds);
    List<Integer> fresh = new ArrayList<>();
    List<Derived> derived = new ArrayList<>();
    for (int i = 0; i < order.length; i++) {
      int[] prompt = prompts.get(order[i]);
      int shared =
          i == 0 || kinds[order[i - 1]] != kinds[order[i]]
              ? 0
              : common(prompts.get(order[i - 1]), prompt);
      if (shared == prompt.length || (shared >= MIN_SHARED && 2 * shared >= prompt.length)) {
        derived.add(new Derived(order[i], order[i - 1], shared));
      } else {
        fresh.add(order[i]);
      }
    }
    return new PrefillPlan(fresh.stream().sorted().mapToInt(i -> i).toArray(), derived);
  }

  /** As {@link #sharing}, but only between rows of equal prompts. */
  static PrefillPlan sharingEqual(List<int[]> prompts) {
    int[] order = order(prompts, new int[prompts.size()]);
    List<Integer> fresh = new ArrayList<>();
    List<Derived> derived = new ArrayList<>();
    for (int i = 0; i < order.length; i++) {
      int[] prompt = prompts.get(order[i]);
      if (i > 0 && Arrays.equals(prompts.get(order[i - 1]), prompt)) {
        derived.add(new Derived(order[i], order[i - 1], prompt.length));
      } else {
        fresh.add(order[i]);
      }
    }
    return new PrefillPlan(fresh.stream().sorted().mapToInt(i -> i).toArray(), derived);
  }

  private static int[] order(List<int[]> prompts, int[] kinds) {
    return IntStream.range(0, prompts.size())
        .boxed()
        .sorted(
            Comparator.comparingInt((Integer row) -> kinds[row])
                .thenComparing(prompts::get, Arrays::compare))
        .mapToInt(i -> i)
        .toArray();
  }

  private static int common(int[] a, int[] b) {
    int mismatch = Arrays.mismatch(a, b);
    return mismatch < 0 ? b.length : mismatch;
  }

  /** How many tokens of each row's prompt another row computes, {@code [rows]}. */
  int[] reused() {
    int[] reused = new int[fresh.length + derived.size()];
    derived.forEach(d -> reused[d.row()] = d.shared());
    return reused;
  }
}

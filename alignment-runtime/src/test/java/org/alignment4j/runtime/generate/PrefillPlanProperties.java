package org.alignment4j.runtime.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class PrefillPlanProperties {

  /** Branches of a random tree of tokens. */
  private static List<int[]> prompts(long seed, int count) {
    Random random = new Random(seed);
    List<int[]> prompts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int[] base = prompts.isEmpty() ? new int[0] : prompts.get(random.nextInt(prompts.size()));
      int kept = random.nextInt(base.length + 1);
      int[] prompt = Arrays.copyOf(base, kept + (random.nextInt(3) == 0 ? 0 : random.nextInt(40)));
      for (int t = kept; t < prompt.length; t++) {
        prompt[t] = random.nextInt(2);
      }
      prompts.add(prompt.length == 0 ? new int[] {1} : prompt);
    }
    return prompts;
  }

  /** Done in order, the plan computes every token of every row from what is already there. */
  @Property(tries = 300)
  void everyRowIsComputedFromTheSameTokens(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 20) int count) {
    List<int[]> prompts = prompts(seed, count);
    PrefillPlan plan = PrefillPlan.sharing(prompts, new int[prompts.size()]);
    boolean[] there = new boolean[count];
    for (int row : plan.fresh()) {
      there[row] = true;
    }
    for (PrefillPlan.Derived derived : plan.derived()) {
      assertThat(there[derived.from()]).isTrue();
      assertThat(there[derived.row()]).isFalse();
      there[derived.row()] = true;
      int[] row = prompts.get(derived.row());
      assertThat(Arrays.copyOf(row, derived.shared()))
          .isEqualTo(Arrays.copyOf(prompts.get(derived.from()), derived.shared()));
      assertThat(derived.shared()).isLessThanOrEqualTo(row.length).isGreaterThan(0);
    }
    assertThat(there).containsOnly(true);
    assertThat(plan.fresh()).isSorted();
    assertThat(plan.reused()).hasSize(count);
  }

  /** Equal prompts are read once, by either plan. */
  @Property(tries = 200)
  void equalPromptsAreReadOnce(@ForAll long seed, @ForAll @IntRange(min = 1, max = 20) int count) {
    List<int[]> prompts = prompts(seed, count);
    long distinct = prompts.stream().map(Arrays::toString).distinct().count();
    assertThat((long) PrefillPlan.sharingEqual(prompts).fresh().length).isEqualTo(distinct);
    PrefillPlan plan = PrefillPlan.sharing(prompts, new int[prompts.size()]);
    long whole =
        plan.derived().stream()
            .filter(d -> d.shared() == prompts.get(d.row()).length)
            .filter(d -> prompts.get(d.from()).length == d.shared())
            .count();
    assertThat(whole).isEqualTo(count - distinct);
  }
}

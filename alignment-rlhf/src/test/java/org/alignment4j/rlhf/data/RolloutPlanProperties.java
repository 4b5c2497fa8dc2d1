package org.alignment4j.rlhf.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.rlhf.data.RolloutRows.Answer;
import org.junit.jupiter.api.Test;

/** Rows that are chosen for answers. */
class RolloutPlanProperties {

  /** GPT-2 of 12 blocks of 768 units and 12 heads. */
  private static final RowCosts GPT2 =
      new RowCosts(12 * 12 * 768.0 * 768, 12 * (2 * 768.0 + 32 * 12), 4 * 12 * 12);

  private static List<Answer> group(int prompt, int first, int... completions) {
    int[] tokens = new int[prompt];
    tokens[0] = first;
    List<Answer> answers = new ArrayList<>();
    for (int length : completions) {
      answers.add(new Answer(TokenIds.of(tokens), TokenIds.of(new int[length])));
    }
    return answers;
  }

  private static double cost(List<Answer> answers, RowPlan plan, RowCosts costs) {
    double cost = 0;
    for (RolloutRows.Batch batch : RolloutRows.microBatches(answers, plan)) {
      cost += costs.run(batch.batch().tokens().batch(), batch.batch().tokens().seq());
    }
    return cost;
  }

  /** Half of a group in a row: beyond that, attention costs more than the prompts that it saves. */
  @Test
  void aLongPromptIsSharedByAFewAnswers() {
    List<Answer> answers = group(384, 1, 256, 256, 256, 256, 256, 256, 256, 256);
    RowPlan plan = RolloutRows.plan(answers, GPT2);
    assertThat(plan.rowLength()).isEqualTo(1408);
    assertThat(cost(answers, plan, GPT2))
        .isLessThan(cost(answers, new RowPlan(640, 3), GPT2) / 1.4)
        .isLessThan(cost(answers, new RowPlan(2432, 1), GPT2));
  }

  @Property(tries = 100)
  void everyAnswerLiesInARowAndNoneCostsMoreThanRowsOfTheLongest(
      @ForAll @Size(min = 1, max = 12) List<@IntRange(min = 1, max = 400) Integer> lengths,
      @ForAll @IntRange(min = 1, max = 600) int prompt,
      @ForAll @IntRange(min = 1, max = 3) int groups) {
    List<Answer> answers = new ArrayList<>();
    for (int g = 0; g < groups; g++) {
      answers.addAll(group(prompt, g, lengths.stream().mapToInt(Integer::intValue).toArray()));
    }
    RowPlan plan = RolloutRows.plan(answers, GPT2);
    assertThat(RolloutRows.plan(answers, GPT2)).isEqualTo(plan);
    List<Integer> inside = new ArrayList<>();
    int longest = answers.stream().mapToInt(Answer::length).max().orElseThrow();
    for (RolloutRows.Batch batch : RolloutRows.microBatches(answers, plan)) {
      inside.addAll(batch.answers());
      assertThat(batch.batch().tokens().batch() * batch.batch().tokens().seq())
          .isLessThanOrEqualTo(Math.max(longest, 2048));
    }
    assertThat(inside).hasSize(answers.size()).doesNotHaveDuplicates();
    RowPlan plain = new RowPlan(longest, Math.max(1, 2048 / longest));
    assertThat(cost(answers, plan, GPT2)).isLessThanOrEqualTo(cost(answers, plain, GPT2));
  }

  /** What a run keeps of attention bounds its rows, down to those of the longest answer. */
  @Test
  void memoryBoundsTheRows() {
    RowCosts heavy = new RowCosts(1e12, 1, 4000);
    List<Answer> answers = group(384, 1, 256, 256, 256, 256);
    RowPlan plan = RolloutRows.plan(answers, heavy);
    assertThat(plan.rowLength()).isEqualTo(640);
    assertThat(plan.rowsPerMicroBatch()).isEqualTo(1);
  }
}

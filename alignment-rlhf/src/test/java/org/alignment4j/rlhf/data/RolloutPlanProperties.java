package org.alignment4j.rlhf.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.rlhf.data.RolloutRows.Answer;
import org.alignment4j.runtime.engine.PrefixBatch;
import org.alignment4j.runtime.engine.TokenBatch;
import org.junit.jupiter.api.Test;

/** Rows that are chosen for answers. */
class RolloutPlanProperties {

  /** GPT-2 of 12 blocks of 768 units and 12 heads. */
  private static final RowCosts GPT2 =
      new RowCosts(
          12 * 12 * 768.0 * 768,
          12 * (2 * 768.0 + 32 * 12),
          4 * 12 * 12,
          900_000,
          true,
          Integer.MAX_VALUE);

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
    RowCosts heavy = new RowCosts(1e12, 1, 4000, 1, true, Integer.MAX_VALUE);
    List<Answer> answers = group(384, 1, 256, 256, 256, 256);
    RowPlan plan = RolloutRows.plan(answers, heavy);
    assertThat(plan.rowLength()).isEqualTo(640);
    assertThat(plan.rowsPerMicroBatch()).isEqualTo(1);
  }

  /**
   * Eight answers behind one prompt: one run, 384 and 8 times 256 tokens, instead of 8 times 640.
   */
  @Test
  void aGroupSharesItsPrompt() {
    List<Answer> answers = group(384, 1, 256, 256, 256, 256, 256, 256, 256, 256);
    List<RolloutRows.Batch> batches = RolloutRows.microBatches(answers, GPT2);
    assertThat(batches).hasSize(1);
    assertThat(batches.get(0).batch().tokens()).isInstanceOf(PrefixBatch.class);
    assertThat(batches.get(0).batch().tokens().seq()).isEqualTo(384 + 8 * 256);
  }

  @Test
  void dropoutOfAttentionNeedsRows() {
    List<Answer> answers = group(384, 1, 256, 256, 256, 256, 256, 256, 256, 256);
    assertThat(RolloutRows.microBatches(answers, GPT2.inRows()))
        .allSatisfy(b -> assertThat(b.batch().tokens()).isInstanceOf(TokenBatch.class));
  }

  @Property(tries = 200)
  void everyTokenOfEveryAnswerIsScoredOnceBehindItsPrompt(
      @ForAll @Size(min = 1, max = 12) List<@IntRange(min = 1, max = 90) Integer> lengths,
      @ForAll @IntRange(min = 1, max = 120) int prompt,
      @ForAll @IntRange(min = 1, max = 3) int groups,
      @ForAll boolean oneMore,
      @ForAll @IntRange(min = 1, max = 1_000_000) int positionBytes) {
    Random random = new Random(prompt * 31L + groups);
    List<Answer> answers = new ArrayList<>();
    for (int g = 0; g < groups; g++) {
      TokenIds shared = TokenIds.of(random.ints(prompt, 0, 64).toArray());
      for (int length : lengths) {
        answers.add(new Answer(shared, TokenIds.of(random.ints(length, 0, 64).toArray())));
      }
    }
    Collections.shuffle(answers, random);
    int[] steps =
        answers.stream().mapToInt(a -> a.completion().size() + (oneMore ? 1 : 0)).toArray();
    RowCosts costs = new RowCosts(1000, 10, 1, 4000L * positionBytes, true, Integer.MAX_VALUE);
    double[][] read = new double[answers.size()][];
    Arrays.setAll(read, i -> new double[steps[i]]);
    for (RolloutRows.Batch batch : new PromptRuns(answers, costs).batches(steps)) {
      assertThat(batch.batch().tokens().seq()).isLessThanOrEqualTo(4096);
      batch.scatter(readings(batch), read);
    }
    for (int i = 0; i < read.length; i++) {
      Answer answer = answers.get(i);
      for (int t = 0; t < steps[i]; t++) {
        int before =
            t == 0
                ? answer.prompt().get(answer.prompt().size() - 1)
                : answer.completion().get(t - 1);
        int label = t < answer.completion().size() ? answer.completion().get(t) : 0;
        int position = answer.prompt().size() - 1 + t;
        assertThat(read[i][t]).isEqualTo(before + 64.0 * label + 4096.0 * position);
      }
    }
  }

  /** The token, label and position of each scored column as one number. */
  private static float[] readings(RolloutRows.Batch batch) {
    float[] readings = new float[batch.owners().length];
    long[] tokens = batch.batch().tokens().tokens();
    long[] positions = batch.batch().tokens().positions();
    for (int i = 0; i < readings.length; i++) {
      int column = (int) batch.batch().rows()[i];
      readings[i] =
          (float) (tokens[column] + 64.0 * batch.batch().labels()[i] + 4096.0 * positions[column]);
    }
    return readings;
  }

  /** Where frequencies depend on the length, a long answer must not turn its short siblings. */
  @Test
  void answersBeyondTheSharedLengthAreAlone() {
    List<Answer> answers = group(50, 1, 8, 20, 8, 20);
    RowCosts costs = new RowCosts(1000, 1, 1, 1, true, 64);
    assertAlone(RolloutRows.microBatches(answers, costs));
    assertAlone(RolloutRows.microBatches(answers, costs.inRows()));
  }

  private static void assertAlone(List<RolloutRows.Batch> batches) {
    int copies = 0;
    for (RolloutRows.Batch batch : batches) {
      long[] tokens = batch.batch().tokens().tokens();
      long[] positions = batch.batch().tokens().positions();
      for (int i = 0; i < tokens.length; i++) {
        copies += tokens[i] == 1 && positions[i] == 0 ? 1 : 0;
      }
    }
    assertThat(copies).as("copies of the prompt").isEqualTo(3);
  }
}

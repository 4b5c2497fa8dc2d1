package org.alignment4j.rlhf.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.rlhf.data.RolloutRows.Answer;
import org.junit.jupiter.api.Test;

/** Where runs over shared prompts end: their bounds, order and cost, counted by hand. */
class PromptRunsProperties {

  private static final int MOST_TOKENS = 4096;
  private static final double MOST_BYTES = 3.5 * 1024 * 1024 * 1024;
  private static final long MEBIBYTE = 1 << 20;

  private static RowCosts costs(long pairBytes, long positionBytes, int sharedLength) {
    return new RowCosts(7, 3, pairBytes, positionBytes, true, sharedLength);
  }

  private static Answer answer(int prompt, int first, int completion) {
    int[] tokens = new int[prompt];
    tokens[0] = first;
    return new Answer(TokenIds.of(tokens), TokenIds.of(new int[completion]));
  }

  private static List<Answer> answers(int count, int prompt, int first, int completion) {
    return new ArrayList<>(Collections.nCopies(count, answer(prompt, first, completion)));
  }

  private static List<List<Integer>> runs(List<Answer> answers, RowCosts costs) {
    int[] steps = answers.stream().mapToInt(a -> a.completion().size()).toArray();
    return new PromptRuns(answers, costs)
        .batches(steps).stream().map(RolloutRows.Batch::answers).toList();
  }

  private static List<Integer> sizes(List<Answer> answers, RowCosts costs) {
    return runs(answers, costs).stream().map(List::size).toList();
  }

  /** Tokens and pairs of a run of some answers, each prompt there once unless it may not share. */
  private static double[] counts(List<Answer> answers, List<Integer> run, int sharedLength) {
    Set<TokenIds> shared = new HashSet<>();
    double prompts = 0;
    double longestPrompt = 0;
    double longestAnswer = 0;
    for (int i : run) {
      Answer a = answers.get(i);
      longestPrompt = Math.max(longestPrompt, a.prompt().size());
      longestAnswer = Math.max(longestAnswer, a.completion().size());
      if (a.prompt().size() + a.completion().size() > sharedLength || shared.add(a.prompt())) {
        prompts++;
      }
    }
    double tokens = prompts * longestPrompt + run.size() * longestAnswer;
    double pairs =
        prompts * longestPrompt * longestPrompt
            + run.size() * longestAnswer * (longestPrompt + longestAnswer);
    return new double[] {tokens, pairs};
  }

  private static boolean fits(double[] counts, RowCosts costs) {
    return counts[0] <= MOST_TOKENS
        && costs.positionBytes() * counts[0] + costs.pairBytes() * counts[1] <= MOST_BYTES;
  }

  @Test
  void aRunIsFullAtTheRowsOfTheShortestTables() {
    RowCosts light = costs(1, 1, Integer.MAX_VALUE);
    assertThat(sizes(answers(100, 96, 1, 40), light)).containsExactly(100);
    assertThat(sizes(answers(100, 97, 1, 40), light)).containsExactly(99, 1);
    assertThat(sizes(answers(103, 96, 1, 40), light)).containsExactly(100, 3);
  }

  /** Of one token each, an answer takes a mebibyte and two bytes, its prompt one byte less. */
  @Test
  void aRunIsFullAtItsBytes() {
    RowCosts heavy = costs(1, MEBIBYTE, Integer.MAX_VALUE);
    assertThat(sizes(answers(3582, 1, 1, 1), heavy)).containsExactly(3582);
    assertThat(sizes(answers(3583, 1, 1, 1), heavy)).containsExactly(3582, 1);
    // 100 pairs of the prompt and 200 of each answer, of 3584.
    RowCosts pairs = costs(MEBIBYTE, 1, Integer.MAX_VALUE);
    assertThat(sizes(answers(40, 10, 1, 10), pairs)).containsExactly(17, 17, 6);
  }

  @Test
  void whatFitsNowhereIsARunOfItsOwn() {
    RowCosts light = costs(1, 1, Integer.MAX_VALUE);
    List<Answer> answers = new ArrayList<>();
    answers.add(answer(3000, 1, 2000));
    answers.add(answer(3000, 1, 2000));
    answers.add(answer(5, 2, 3));
    assertThat(runs(answers, light)).containsExactly(List.of(2), List.of(0), List.of(1));
  }

  @Test
  void answersUpToTheSharedLengthShare() {
    List<Answer> answers = answers(3, 10, 1, 6);
    assertThat(new PromptRuns(answers, costs(1, 1, 16)).cost())
        .isEqualTo(7.0 * (28 + 32) + 3 * 388);
    // 30 tokens of prompts and 18 of answers; 300 pairs of prompts, 3·6·16 of answers.
    assertThat(new PromptRuns(answers, costs(1, 1, 15)).cost())
        .isEqualTo(7.0 * (48 + 32) + 3 * 588);
  }

  /** Answers of one length lie together, and of those the shortest prompts. */
  @Test
  void shortAnswersComeFirstAndOfThoseShortPrompts() {
    List<Answer> answers =
        List.of(
            answer(9, 1, 7), answer(3, 2, 7), answer(20, 3, 2), answer(9, 1, 1), answer(30, 4, 5));
    assertThat(runs(answers, costs(1, 1, Integer.MAX_VALUE)))
        .containsExactly(List.of(2, 4, 1, 0, 3));
  }

  @Property(tries = 150)
  void runsAreFullAndInOrderAndCostWhatTheyHold(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 60) int count,
      @ForAll @IntRange(min = 1, max = 400) int longest,
      @ForAll @IntRange(min = 1, max = 5) int prompts,
      @ForAll @IntRange(min = 40, max = 900) int sharedLength,
      @ForAll @IntRange(min = 1, max = 4_000_000) int positionBytes,
      @ForAll @IntRange(min = 1, max = 40_000) int pairBytes) {
    Random random = new Random(seed);
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int p = random.nextInt(prompts);
      answers.add(answer(1 + 97 * p, p, 1 + random.nextInt(longest)));
    }
    RowCosts costs = costs(pairBytes, positionBytes, sharedLength);
    int[] steps = answers.stream().mapToInt(a -> a.completion().size()).toArray();
    PromptRuns runs = new PromptRuns(answers, costs);
    List<RolloutRows.Batch> batches = runs.batches(steps);
    double cost = 0;
    for (int b = 0; b < batches.size(); b++) {
      List<Integer> run = batches.get(b).answers();
      double[] counts = counts(answers, run, sharedLength);
      assertThat(batches.get(b).batch().tokens().seq()).isEqualTo((int) counts[0]);
      assertThat(fits(counts, costs) || run.size() == 1).as("run " + b).isTrue();
      cost += 7 * (counts[0] + 32) + 3 * counts[1];
      if (b + 1 < batches.size()) {
        List<Integer> more = new ArrayList<>(run);
        more.add(batches.get(b + 1).answers().get(0));
        assertThat(fits(counts(answers, more, sharedLength), costs))
            .as("the next answer in run " + b)
            .isFalse();
      }
    }
    assertThat(runs.cost()).isCloseTo(cost, within(1e-9 * cost));
    List<Integer> order = batches.stream().flatMap(b -> b.answers().stream()).toList();
    assertThat(order).hasSize(count).doesNotHaveDuplicates();
    assertThat(order.stream().map(i -> key(answers, i, sharedLength)).toList())
        .isSortedAccordingTo(Comparator.<int[]>comparingInt(k -> k[0]).thenComparingInt(k -> k[1]));
  }

  /** The longest answer of those that share the prompt, and the prompt's length. */
  private static int[] key(List<Answer> answers, int index, int sharedLength) {
    Answer own = answers.get(index);
    int longest =
        own.length() > sharedLength
            ? own.completion().size()
            : answers.stream()
                .filter(a -> a.prompt().equals(own.prompt()) && a.length() <= sharedLength)
                .mapToInt(a -> a.completion().size())
                .max()
                .orElseThrow();
    return new int[] {longest, own.prompt().size()};
  }
}

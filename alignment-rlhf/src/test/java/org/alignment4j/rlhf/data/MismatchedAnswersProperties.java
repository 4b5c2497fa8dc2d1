package org.alignment4j.rlhf.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.alignment4j.api.model.TokenIds;

/** Which answers are put behind other prompts. */
class MismatchedAnswersProperties {

  private static UnpairedExample example(int index, int prompt, int... answer) {
    return new UnpairedExample(index, TokenIds.of(prompt, prompt), TokenIds.of(answer), true);
  }

  /** Pairs of an update as prompt and first token of the answer. */
  private static List<List<Integer>> pairs(MismatchedAnswers answers, int step) {
    return answers.bySteps().get(step).stream()
        .map(answers.pairs()::get)
        .map(a -> List.of(a.prompt().get(0), a.answers().get(0).get(0)))
        .toList();
  }

  @Example
  void answersMoveOnByOneWithinAnUpdate() {
    List<UnpairedExample> examples =
        List.of(example(0, 1, 11), example(1, 2, 12), example(2, 3, 13), example(3, 4, 14));
    Epochs epochs = new Epochs(4, 4, 1, 7);
    List<Integer> order = epochs.batch(1);
    List<List<Integer>> expected = new ArrayList<>();
    for (int p = 0; p < 4; p++) {
      expected.add(List.of(order.get(p) + 1, order.get((p + 3) % 4) + 11));
    }
    assertThat(pairs(MismatchedAnswers.of(examples, epochs, 8), 0)).isEqualTo(expected);
  }

  @Example
  void accidentalMatchesArePassedOver() {
    List<UnpairedExample> examples =
        List.of(example(0, 1, 11), example(1, 1, 12), example(2, 2, 13), example(3, 3, 14));
    for (int seed = 0; seed < 20; seed++) {
      MismatchedAnswers found = MismatchedAnswers.of(examples, new Epochs(4, 4, 1, seed), 8);
      assertThat(pairs(found, 0))
          .hasSize(4)
          .doesNotContain(List.of(1, 11), List.of(1, 12), List.of(2, 13), List.of(3, 14));
    }
  }

  @Example
  void theLastExampleOfAnEpochIsPairedWithOneOfTheData() {
    List<UnpairedExample> examples =
        List.of(example(0, 1, 11), example(1, 2, 12), example(2, 3, 13));
    Epochs epochs = new Epochs(3, 2, 1, 1);
    int last = epochs.batch(2).get(0);
    assertThat(pairs(MismatchedAnswers.of(examples, epochs, 8), 1))
        .containsExactly(List.of(last + 1, (last + 2) % 3 + 11));
  }

  @Example
  void longAnswersAreCut() {
    List<UnpairedExample> examples =
        List.of(
            example(0, 1, 11, 12, 13, 14),
            new UnpairedExample(1, TokenIds.of(2, 2, 2, 2), TokenIds.of(15), false));
    MismatchedAnswers found = MismatchedAnswers.of(examples, new Epochs(2, 2, 1, 0), 6);
    assertThat(found.pairs())
        .containsExactlyInAnyOrder(
            new Answers(TokenIds.of(1, 1), List.of(TokenIds.of(15))),
            new Answers(TokenIds.of(2, 2, 2, 2), List.of(TokenIds.of(11, 12))));
  }

  @Example
  void whatCannotBePairedIsRefused() {
    List<UnpairedExample> one = List.of(example(0, 1, 11), example(1, 1, 12));
    assertThatThrownBy(() -> MismatchedAnswers.of(one, new Epochs(2, 1, 1, 0), 8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("batchSize must be at least 2");
    assertThatThrownBy(() -> MismatchedAnswers.of(one, new Epochs(2, 2, 1, 0), 8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("different prompts");
  }

  @Property(tries = 100)
  void noPairIsAMatchAndNoneIsComputedTwice(
      @ForAll long seed,
      @ForAll @IntRange(min = 4, max = 20) int n,
      @ForAll @IntRange(min = 2, max = 7) int batch) {
    SplittableRandom random = new SplittableRandom(seed);
    List<UnpairedExample> examples = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      int prompt = i < 2 ? i : random.nextInt(4);
      // tens tell whose an answer is
      examples.add(example(i, prompt, 20 + 10 * prompt + random.nextInt(3)));
    }
    Epochs epochs = new Epochs(n, batch, 2, seed);
    MismatchedAnswers found = MismatchedAnswers.of(examples, epochs, 8);
    assertThat(found.bySteps()).hasSize((int) epochs.steps());
    assertThat(found.pairs()).doesNotHaveDuplicates();
    for (int step = 0; step < epochs.steps(); step++) {
      List<Integer> order = epochs.batch(step + 1);
      List<List<Integer>> pairs = pairs(found, step);
      assertThat(pairs).hasSameSizeAs(order);
      for (int p = 0; p < order.size(); p++) {
        assertThat(pairs.get(p).get(0)).isEqualTo(examples.get(order.get(p)).prompt().get(0));
        assertThat(pairs.get(p).get(1) / 10 - 2).isNotEqualTo(pairs.get(p).get(0));
      }
    }
  }
}

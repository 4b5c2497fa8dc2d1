package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.rlhf.data.AnswerLayout;
import org.alignment4j.rlhf.data.Answers;
import org.alignment4j.rlhf.data.CringeExample;
import org.alignment4j.rlhf.data.CringeRows;
import org.alignment4j.rlhf.data.PairInput;
import org.alignment4j.rlhf.data.PreferenceExample;
import org.alignment4j.rlhf.data.PreferenceRows;
import org.alignment4j.rlhf.data.RewardRows;
import org.alignment4j.rlhf.data.RowPlan;
import org.alignment4j.rlhf.loss.BradleyTerryLoss;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.SequenceClassifier;
import org.alignment4j.runtime.architecture.InitialWeights;
import org.alignment4j.runtime.architecture.OutputHead.SequenceScores;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.train.MicroBatch;
import org.alignment4j.runtime.train.Objective;
import org.alignment4j.runtime.train.Trainable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Where rotary frequencies depend on the length of a sequence, an answer turns by those of its own
 * length, as in a row of its own, however long the other answers to its prompt are.
 */
class LongPairsTest {

  private static final int TRAINED = 10;
  private static final int CONTEXT = 40;

  static Stream<Map<String, Object>> scalings() {
    return Stream.of(
        Map.of("type", "dynamic", "factor", 4.0),
        Map.of(
            "type",
            "longrope",
            "short_factor",
            List.of(1.0, 1.0, 1.5, 2.0),
            "long_factor",
            List.of(2.0, 3.0, 4.0, 5.0),
            "original_max_position_embeddings",
            TRAINED));
  }

  private static DecoderModel model(Map<String, Object> scaling) {
    int positions = scaling.containsValue("dynamic") ? TRAINED : CONTEXT;
    ConfigJson config =
        TestModels.config("llama", 61, 16, 2, positions).with("rope_scaling", scaling);
    return TestModels.of(config, TestModels.weights(config, 0.3));
  }

  private static List<RowPlan> plans(DecoderModel model) {
    List<PreferenceExample> examples = PackedEqualsPlainTest.examples(model);
    RowPlan own = RowPlans.ofPairs(examples, model.architecture().config());
    assertThat(model.architecture().config().maxPositions()).isEqualTo(CONTEXT);
    assertThat(own.sharedLength()).isEqualTo(TRAINED);
    assertThat(examples.stream().map(e -> e.prompt().size() + e.chosen().size()))
        .anyMatch(n -> n > TRAINED)
        .anyMatch(n -> n <= TRAINED);
    return List.of(
        own,
        new RowPlan(64, 4).sharingUpTo(TRAINED),
        new RowPlan(32, 1).sharingUpTo(TRAINED),
        new RowPlan(19, 3).sharingUpTo(TRAINED));
  }

  private static final RowPlan SHARING = new RowPlan(64, 4);

  private static List<MicroBatch> batches(List<PreferenceRows.Pair> pairs, RowPlan plan) {
    return PreferenceRows.microBatches(pairs, plan).stream()
        .map(PreferenceRows.Batch::batch)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("scalings")
  void preferencePairs(Map<String, Object> scaling) {
    try (DecoderModel model = model(scaling)) {
      List<PreferenceRows.Pair> pairs =
          PackedEqualsPlainTest.examples(model).stream()
              .map(e -> new PreferenceRows.Pair(e, -9 + e.index(), -12))
              .toList();
      Objective objective = new PreferenceObjective(PreferenceLoss.conservativeDpo(0.5, 0.1), true);
      PackedEqualsPlainTest.Result expected =
          PackedEqualsPlainTest.step(model, objective, List.of(PackedEqualsPlainTest.plain(pairs)));
      for (RowPlan plan : plans(model)) {
        PackedEqualsPlainTest.compare(
            PackedEqualsPlainTest.step(model, objective, batches(pairs, plan)), expected);
      }
      assertThat(PackedEqualsPlainTest.step(model, objective, batches(pairs, SHARING)).loss())
          .as("long answers that share turn the short ones")
          .isNotCloseTo(expected.loss(), within(3e-5));
    }
  }

  @ParameterizedTest
  @MethodSource("scalings")
  void rewards(Map<String, Object> scaling) {
    try (DecoderModel model = model(scaling);
        SequenceClassifier classifier =
            SequenceClassifier.of(
                model, InitialWeights.matrix(SequenceScores.WEIGHT, 1, 16, 0.3, 1))) {
      List<PreferenceExample> examples = PackedEqualsPlainTest.examples(model);
      Objective objective = new RewardObjective(new BradleyTerryLoss(1, 0.05));
      Trainable all = Trainable.all(classifier.weights());
      PackedEqualsPlainTest.Result expected =
          PackedEqualsPlainTest.step(
              classifier.engine(),
              all,
              objective,
              List.of(PackedEqualsPlainTest.plainRewards(examples)));
      for (RowPlan plan : plans(model)) {
        PackedEqualsPlainTest.compare(
            PackedEqualsPlainTest.step(
                classifier.engine(), all, objective, RewardRows.microBatches(examples, plan)),
            expected);
      }
      assertThat(
              PackedEqualsPlainTest.step(
                      classifier.engine(),
                      all,
                      objective,
                      RewardRows.microBatches(examples, SHARING))
                  .loss())
          .isNotCloseTo(expected.loss(), within(3e-5));
    }
  }

  /** Three answers, of which the second is too long. */
  private static List<Answers> threes(DecoderModel model) {
    List<Answers> prompts = new ArrayList<>();
    for (PreferenceExample e : PackedEqualsPlainTest.examples(model)) {
      TokenIds longer = e.chosen().concat(e.rejected()).concat(e.prompt());
      prompts.add(new Answers(e.prompt(), List.of(e.chosen(), longer, e.rejected())));
    }
    return prompts;
  }

  private static List<double[]> scores(DecoderModel model, List<Answers> prompts, RowPlan plan) {
    return AnswerScores.of(model, prompts, plan, CancellationToken.none());
  }

  @ParameterizedTest
  @MethodSource("scalings")
  void scoresOfManyAnswers(Map<String, Object> scaling) {
    try (DecoderModel model = model(scaling)) {
      List<Answers> prompts = threes(model);
      RowPlan plan = RowPlans.ofAnswers(prompts, model.architecture().config());
      assertThat(plan.sharedLength()).isEqualTo(TRAINED);
      List<double[]> found = scores(model, prompts, plan);
      List<double[]> tight =
          scores(
              model,
              prompts,
              new RowPlan(prompts.stream().mapToInt(p -> p.length(TRAINED)).max().orElseThrow(), 1)
                  .sharingUpTo(TRAINED));
      for (int p = 0; p < prompts.size(); p++) {
        for (int a = 0; a < 3; a++) {
          Answers alone =
              new Answers(prompts.get(p).prompt(), List.of(prompts.get(p).answers().get(a)));
          double expected = scores(model, List.of(alone), plan).get(0)[0];
          assertThat(found.get(p)[a]).isCloseTo(expected, within(1e-5));
          assertThat(tight.get(p)[a]).isCloseTo(expected, within(1e-5));
        }
      }
      double together = scores(model, prompts, SHARING.sharingUpTo(1000)).get(0)[0];
      assertThat(together).isNotCloseTo(found.get(0)[0], within(1e-3));
    }
  }

  /** The prompt of a pair is scored before the preferred answer. */
  @ParameterizedTest
  @MethodSource("scalings")
  void promptsTurnAsThePreferredAnswerWantsIt(Map<String, Object> scaling) {
    try (DecoderModel model = model(scaling)) {
      List<PreferenceExample> examples = PackedEqualsPlainTest.examples(model);
      double[] found =
          AnswerLogProbs.ofPrompts(model, examples, plans(model).get(0), CancellationToken.none());
      for (PreferenceExample e : examples) {
        PreferenceExample twin =
            new PreferenceExample(0, e.prompt(), e.chosen(), opposite(e.chosen()), 1);
        double alone =
            AnswerLogProbs.ofPrompts(model, List.of(twin), SHARING, CancellationToken.none())[0];
        assertThat(found[e.index()]).isCloseTo(alone, within(1e-5));
      }
      for (RowPlan plan : plans(model)) {
        for (PreferenceRows.Batch batch :
            PreferenceRows.microBatches(
                examples.stream().map(e -> new PreferenceRows.Pair(e, 0, 0)).toList(),
                plan,
                Set.of(PairInput.PROMPT_TOKENS))) {
          int prompts =
              batch.pairs().stream().mapToInt(i -> examples.get(i).prompt().size() - 1).sum();
          assertThat(java.util.Arrays.stream(batch.owners()).filter(o -> o < 0).count())
              .isEqualTo(prompts);
        }
      }
    }
  }

  /** Other tokens, as many. */
  private static TokenIds opposite(TokenIds tokens) {
    return TokenIds.of(tokens.stream().map(t -> 60 - t).toArray());
  }

  @ParameterizedTest
  @MethodSource("scalings")
  void cringeAnswersHaveTheirOwnCopyWhereTheyAreLong(Map<String, Object> scaling) {
    try (DecoderModel model = model(scaling)) {
      for (RowPlan plan : plans(model)) {
        List<CringeRows.Entry> entries =
            PackedEqualsPlainTest.examples(model).stream()
                .map(CringeExample::of)
                .map(e -> new CringeRows.Entry(e, new int[e.badTokens()]))
                .toList();
        int first = 0;
        for (MicroBatch batch : CringeRows.microBatches(entries, plan)) {
          for (long position : batch.tokens().positions()) {
            first += position == 0 ? 1 : 0;
          }
        }
        int padding = padding(CringeRows.microBatches(entries, plan), entries);
        // Of five pairs three have an answer beyond the trained length, which takes a copy.
        assertThat(first - padding).isEqualTo(8);
      }
    }
  }

  private static int padding(List<MicroBatch> batches, List<CringeRows.Entry> entries) {
    int columns = batches.stream().mapToInt(b -> b.tokens().tokens().length).sum();
    int used = entries.stream().mapToInt(e -> e.example().answers().length(TRAINED)).sum();
    return columns - used;
  }

  @ParameterizedTest
  @MethodSource("scalings")
  void aRunOfPairsStartsAtItsReferenceWhateverTheLengths(Map<String, Object> scaling) {
    try (DecoderModel model = model(scaling)) {
      List<PreferenceExample> examples = PackedEqualsPlainTest.examples(model);
      AnswerLogProbs all =
          AnswerLogProbs.of(model, examples, plans(model).get(0), CancellationToken.none());
      for (PreferenceExample e : examples) {
        for (TokenIds answer : List.of(e.chosen(), e.rejected())) {
          double alone =
              scores(
                      model,
                      Collections.singletonList(new Answers(e.prompt(), List.of(answer))),
                      SHARING)
                  .get(0)[0];
          double[] found = answer.equals(e.chosen()) ? all.chosen() : all.rejected();
          assertThat(found[e.index()]).isCloseTo(alone, within(1e-5));
        }
      }
    }
  }

  /**
   * An answer that just fits shares, and what none shares is there for no more than its answers.
   */
  @Test
  void copiesAreNoMoreThanAreNeeded() {
    TokenIds prompt = TokenIds.of(1, 2, 3, 4);
    TokenIds six = TokenIds.of(new int[6]);
    TokenIds seven = TokenIds.of(new int[7]);
    Answers both = new Answers(prompt, List.of(six, seven));
    assertThat(both.length()).isEqualTo(17);
    for (int shared = 9; shared < 12; shared++) {
      int columns = shared < 11 ? 21 : 17;
      assertThat(both.length(shared)).isEqualTo(columns);
      RowPlan plan = new RowPlan(64, 1).sharingUpTo(shared);
      AnswerLayout layout = AnswerLayout.of(List.of(both), 2, plan).get(0);
      assertThat(layout.toMicroBatch(Map.of()).tokens().seq()).isEqualTo(columns);
    }
    Answers equal = new Answers(prompt, List.of(six, six));
    AnswerLayout layout =
        AnswerLayout.of(List.of(equal), 2, new RowPlan(64, 1).sharingUpTo(10)).get(0);
    assertThat(layout.toMicroBatch(Map.of()).tokens().seq()).isEqualTo(16);
  }
}

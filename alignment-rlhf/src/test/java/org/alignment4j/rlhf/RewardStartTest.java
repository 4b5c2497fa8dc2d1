package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.rlhf.data.Answers;
import org.alignment4j.rlhf.data.PreferenceExample;
import org.alignment4j.rlhf.data.RankingExample;
import org.alignment4j.rlhf.data.SequenceLimits;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.SequenceClassifier;
import org.alignment4j.runtime.architecture.InitialWeights;
import org.alignment4j.runtime.architecture.OutputHead.SequenceScores;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.LoraAdapter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where reward models start: heads, what is read of answers, and adapters that there are. */
class RewardStartTest {

  private static final int VOCAB = 23;
  private static final int HIDDEN = 16;
  private static final int PAD = 7;

  private static DecoderModel base;
  private static SequenceClassifier padded;
  private static SequenceClassifier unpadded;

  @BeforeAll
  static void open() {
    base = model(TestModels.config("llama", VOCAB, HIDDEN, 1, 32));
    unpadded = SequenceClassifier.of(base, head(1, 3));
    try (DecoderModel withPad =
        model(TestModels.config("llama", VOCAB, HIDDEN, 1, 32).with("pad_token_id", PAD))) {
      padded = SequenceClassifier.of(withPad, head(1, 3));
    }
  }

  @AfterAll
  static void close() {
    padded.close();
    unpadded.close();
    base.close();
  }

  private static DecoderModel model(ConfigJson config) {
    return TestModels.of(config, TestModels.weights(config, 0.4));
  }

  private static WeightTensor head(int labels, long seed) {
    return InitialWeights.matrix(SequenceScores.WEIGHT, labels, HIDDEN, 0.5, seed);
  }

  private static float[] head(SequenceClassifier classifier) {
    FloatBuffer data = classifier.weights().get(SequenceScores.WEIGHT).data().duplicate();
    float[] values = new float[data.remaining()];
    data.get(values);
    return values;
  }

  private static FineTuningOptions options() {
    return FineTuningOptions.of(1e-3).withSeed(41);
  }

  /** Normal numbers of the deviation 1/√(d + 1), by the seed of the run. */
  @Test
  void aNewHeadIsDrawnByTheSeed() {
    RewardStart start = RewardStart.newHead(base);
    float[] unit = values(InitialWeights.matrix(SequenceScores.WEIGHT, 1, HIDDEN, 1, 41));
    for (double deviation : new double[] {1 / Math.sqrt(17), 0, 0.02}) {
      RewardStart given = deviation == 1 / Math.sqrt(17) ? start : start.headDeviation(deviation);
      try (SequenceClassifier classifier = given.open(options())) {
        float[] found = head(classifier);
        assertThat(classifier.labels()).isEqualTo(1);
        for (int i = 0; i < HIDDEN; i++) {
          assertThat(found[i]).isCloseTo((float) (deviation * unit[i]), within(1e-6f));
        }
      }
    }
    try (SequenceClassifier other = start.open(options().withSeed(42))) {
      assertThat(head(other)[0]).isNotEqualTo((float) (unit[0] / Math.sqrt(17)));
    }
  }

  private static float[] values(WeightTensor tensor) {
    FloatBuffer data = tensor.data().duplicate();
    float[] values = new float[data.remaining()];
    data.get(values);
    return values;
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1e-9, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void deviationsAreFiniteAndNotNegative(double deviation) {
    assertThatThrownBy(() -> RewardStart.newHead(base).headDeviation(deviation))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("deviation must be finite and not negative but was " + deviation);
  }

  @Test
  void aTrainedHeadIsKept() {
    assertThatThrownBy(() -> RewardStart.trained(padded).headDeviation(0.1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("keeps its own");
    try (SequenceClassifier opened = RewardStart.trained(padded).open(options())) {
      assertThat(head(opened)).containsExactly(head(padded));
      assertThat(opened).isNotSameAs(padded);
    }
    try (SequenceClassifier two = SequenceClassifier.of(base, head(2, 3))) {
      assertThatThrownBy(() -> RewardStart.trained(two))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("one label but it has 2");
    }
  }

  /** Padding behind is not read; of nothing but padding one token is. */
  @Test
  void answersEndWhereTheyAreRead() {
    RewardStart start = RewardStart.trained(padded);
    assertThat(start.read(TokenIds.of(3, 4, PAD, PAD))).isEqualTo(TokenIds.of(3, 4));
    assertThat(start.read(TokenIds.of(PAD, 4, PAD, 5))).isEqualTo(TokenIds.of(PAD, 4, PAD, 5));
    assertThat(start.read(TokenIds.of(PAD, PAD, PAD))).isEqualTo(TokenIds.of(PAD));
    assertThat(start.read(TokenIds.of(PAD))).isEqualTo(TokenIds.of(PAD));
    assertThat(start.read(TokenIds.of(5))).isEqualTo(TokenIds.of(5));
    for (RewardStart all : List.of(RewardStart.trained(unpadded), RewardStart.newHead(base))) {
      assertThat(all.read(TokenIds.of(3, PAD, PAD))).isEqualTo(TokenIds.of(3, PAD, PAD));
    }
  }

  /** The classifier reads its last token that is no padding too. */
  @Test
  void whatIsReadIsWhatIsScored() {
    TokenIds prompt = TokenIds.of(1, 2);
    TokenIds answer = TokenIds.of(3, 4, PAD, PAD);
    List<TokenIds> sequences =
        List.of(prompt.concat(answer), prompt.concat(RewardStart.trained(padded).read(answer)));
    List<float[]> scores = padded.scores(sequences, CancellationToken.none());
    assertThat(scores.get(0)[0]).isCloseTo(scores.get(1)[0], within(1e-5f));
  }

  @Test
  void examplesKeepEverythingButPadding() {
    RewardStart start = RewardStart.trained(padded);
    PreferenceExample pair =
        new PreferenceExample(
            4, TokenIds.of(1, PAD), TokenIds.of(3, PAD), TokenIds.of(5, 6, PAD, PAD), 0.8, 1.5);
    assertThat(start.pairs(List.of(pair)))
        .containsExactly(
            new PreferenceExample(
                4, TokenIds.of(1, PAD), TokenIds.of(3), TokenIds.of(5, 6), 0.8, 1.5));
    RankingExample ranking =
        new RankingExample(
            2,
            new Answers(TokenIds.of(1, PAD), List.of(TokenIds.of(3, PAD), TokenIds.of(4))),
            List.of(0.5, 0.25));
    assertThat(start.rankings(List.of(ranking)))
        .containsExactly(
            new RankingExample(
                2,
                new Answers(TokenIds.of(1, PAD), List.of(TokenIds.of(3), TokenIds.of(4))),
                List.of(0.5, 0.25)));
  }

  @Test
  void limitsAreThoseOfTheContext() {
    for (RewardStart start : List.of(RewardStart.newHead(base), RewardStart.trained(padded))) {
      assertThat(start.limits(options())).isEqualTo(SequenceLimits.of(32));
      assertThat(start.limits(options().withLimits(SequenceLimits.of(9))))
          .isEqualTo(SequenceLimits.of(9));
      assertThatThrownBy(() -> start.limits(options().withLimits(SequenceLimits.of(33))))
          .hasMessageContaining("32 tokens, but was 33");
      assertThat(start.architecture().config().hiddenSize()).isEqualTo(HIDDEN);
    }
  }

  private static LoraAdapter adapter(DecoderModel model) {
    return SmallPolicies.trainer(model, PolicyMethod.grpo(), SmallPolicies.first())
        .adapter(Lora.rank(2))
        .learningRate(0.1)
        .train(SmallPolicies.prompts(3))
        .model()
        .adapter();
  }

  /** Trained further by an adapter, one that there is stays; else it is part of the weights. */
  @Test
  void anAdapterStaysWhereOneIsTrainedAndIsMergedWhereNot() {
    List<TokenIds> sequences = List.of(TokenIds.of(1, 2, 3), TokenIds.of(9, 8, 7, 6));
    try (DecoderModel plain = SmallPolicies.model();
        DecoderModel adapted = plain.withAdapter(adapter(plain));
        SequenceClassifier scored = SequenceClassifier.adapted(adapted, head(1, 3));
        SequenceClassifier without = SequenceClassifier.of(plain, head(1, 3))) {
      List<float[]> expected = scored.scores(sequences, CancellationToken.none());
      assertThat(without.scores(sequences, CancellationToken.none()).get(0)[0])
          .isNotCloseTo(expected.get(0)[0], within(1e-3f));
      for (RewardStart start : List.of(RewardStart.trained(scored), RewardStart.newHead(adapted))) {
        boolean trained = start instanceof RewardStart.Trained;
        try (SequenceClassifier whole = start.open(options());
            SequenceClassifier further = start.open(options().withAdapter(Lora.rank(2)))) {
          assertThat(whole.adapter()).isNull();
          assertThat(further.adapter()).isNotNull();
          assertThat(further.weights().get(NAME).data())
              .isEqualTo(plain.weights().get(NAME).data());
          assertThat(whole.weights().get(NAME).data())
              .isNotEqualTo(plain.weights().get(NAME).data());
          if (trained) {
            for (int i = 0; i < 2; i++) {
              assertThat(whole.scores(sequences, CancellationToken.none()).get(i)[0])
                  .isCloseTo(expected.get(i)[0], within(1e-4f));
              assertThat(further.scores(sequences, CancellationToken.none()).get(i)[0])
                  .isCloseTo(expected.get(i)[0], within(1e-4f));
            }
          }
        }
      }
    }
  }

  private static final String NAME = "model.layers.0.self_attn.q_proj.weight";
}

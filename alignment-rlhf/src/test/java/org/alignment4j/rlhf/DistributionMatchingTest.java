package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.reward.UnpairedLabel;
import org.alignment4j.rlhf.data.UnpairedExample;
import org.alignment4j.rlhf.loss.UnpairedLoss;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights that match the prompts of bad answers to those of good ones. */
class DistributionMatchingTest extends PocketTraining {

  private static final Prompt RED = Prompt.text("The red ball");
  private static final Prompt BLUE = Prompt.text("The blue ball");
  private static final Function<Prompt, double[]> COLOUR =
      p -> p.equals(RED) ? new double[] {1, 0} : new double[] {0, 1};

  /** Labels of both prompts: how many good and bad ones to each. */
  private static List<UnpairedLabel> labels(int goodRed, int goodBlue, int badRed, int badBlue) {
    List<UnpairedLabel> labels = new ArrayList<>();
    add(labels, RED, goodRed, true);
    add(labels, BLUE, badBlue, false);
    add(labels, BLUE, goodBlue, true);
    add(labels, RED, badRed, false);
    return labels;
  }

  private static void add(List<UnpairedLabel> labels, Prompt prompt, int count, boolean desirable) {
    for (int i = 0; i < count; i++) {
      labels.add(new UnpairedLabel(prompt, " rolled" + " far".repeat(i) + ".", desirable));
    }
  }

  private static List<UnpairedExample> examples(List<UnpairedLabel> labels) {
    List<UnpairedExample> examples = new ArrayList<>();
    for (int i = 0; i < labels.size(); i++) {
      TokenIds prompt = tokens(labels.get(i).prompt());
      examples.add(new UnpairedExample(i, prompt, TokenIds.of(i + 1), labels.get(i).desirable()));
    }
    return examples;
  }

  private static TokenIds tokens(Prompt prompt) {
    return base.tokenizer().encode(prompt.equals(RED) ? "The red ball" : "The blue ball");
  }

  private static double[] weights(DistributionMatching matching, List<UnpairedLabel> labels) {
    return matching.weights(base, labels, examples(labels), 7, CancellationToken.none());
  }

  /**
   * The odds of red of the balanced and regularised likelihood of two prompts with opposite odds:
   * with {@code w = (v, −v)} and no intercept the sum is {@code v² + ½n·Σ s·softplus(∓v)}, a
   * function of one variable, whose derivative is halved between its signs.
   *
   * @param share of red among the good answers, and of blue among the bad ones
   * @param n answers of both kinds
   */
  private static double oddsOfRed(double share, double n) {
    double low = 0;
    double high = 50;
    for (int i = 0; i < 200; i++) {
      double v = (low + high) / 2;
      double p = 1 / (1 + Math.exp(-v));
      if (2 * v + n * (p - share) < 0) {
        low = v;
      } else {
        high = v;
      }
    }
    return low;
  }

  @Test
  void badAnswersWeighTheRatioOfDensities() {
    List<UnpairedLabel> labels = labels(6, 2, 4, 12);
    double odds = oddsOfRed(0.75, 24);
    assertThat(odds).isBetween(0.1, 5.0);
    double[] weights = weights(DistributionMatching.of("colour", COLOUR), labels);
    for (int i = 0; i < weights.length; i++) {
      boolean red = labels.get(i).prompt().equals(RED);
      double expected = labels.get(i).desirable() ? 1 : Math.exp(red ? odds : -odds);
      // One of 0.5 at least.
      assertThat(weights[i]).isCloseTo(Math.max(0.5, expected), within(1e-9));
    }
    double[] free =
        weights(
            new DistributionMatching("colour", COLOUR, 1e-3, 1e3, 1024), labels(60, 20, 40, 120));
    double ofBlue = Math.exp(-oddsOfRed(0.75, 240));
    assertThat(free[60]).as("a bad answer about blue").isCloseTo(ofBlue, within(1e-9));
    assertThat(ofBlue).as("nearly the ratio of shares").isBetween(1 / 3.0, 0.37);
  }

  @Test
  void weightsStayWithinTheirBounds() {
    List<UnpairedLabel> labels = labels(30, 1, 1, 30);
    double[] weights = weights(new DistributionMatching("colour", COLOUR, 0.9, 1.5, 1024), labels);
    assertThat(weights[30]).as("blue").isEqualTo(0.9);
    assertThat(weights[weights.length - 1]).as("red").isEqualTo(1.5);
    assertThat(Arrays.copyOf(weights, 30)).containsOnly(1);
  }

  @Test
  void promptsOfOneDistributionKeepTheWeightOne() {
    for (double weight : weights(DistributionMatching.of("colour", COLOUR), labels(3, 6, 1, 2))) {
      assertThat(weight).isCloseTo(1, within(1e-8));
    }
  }

  @Test
  void samplesAreDrawnByTheSeedWithoutTakingOneTwice() {
    List<UnpairedLabel> labels = labels(9, 3, 3, 9);
    double[] all = weights(DistributionMatching.of("colour", COLOUR), labels);
    assertThat(weights(new DistributionMatching("colour", COLOUR, 0.5, 10, 12), labels))
        .isEqualTo(all);
    DistributionMatching some = new DistributionMatching("colour", COLOUR, 1e-6, 1e6, 2);
    double[] drawn = weights(some, labels);
    assertThat(drawn).isEqualTo(weights(some, labels)).isNotEqualTo(all);
    List<double[]> bySeed = new ArrayList<>();
    for (int seed = 0; seed < 20; seed++) {
      bySeed.add(some.weights(base, labels, examples(labels), seed, CancellationToken.none()));
    }
    assertThat(bySeed.stream().map(Arrays::toString).distinct().count()).isGreaterThan(2);
  }

  @Test
  void everyPromptIsEmbeddedOnce() {
    AtomicInteger calls = new AtomicInteger();
    weights(
        DistributionMatching.of(
            "counted",
            p -> {
              calls.incrementAndGet();
              return COLOUR.apply(p);
            }),
        labels(3, 2, 1, 4));
    assertThat(calls).hasValue(2);
  }

  /** The mean over tokens of states of unit root mean square. */
  @Test
  void theStatesOfTheReferenceTellPromptsApart() {
    List<UnpairedLabel> labels = labels(8, 1, 1, 8);
    double[] own = weights(DistributionMatching.ofReference(), labels);
    List<TokenIds> prompts = List.of(tokens(RED), tokens(BLUE));
    List<float[]> states = AttentionBaseline.states(base, prompts, CancellationToken.none());
    int width = base.architecture().config().hiddenSize();
    Function<Prompt, double[]> means =
        p -> {
          float[] all = states.get(p.equals(RED) ? 0 : 1);
          double[] mean = new double[width];
          for (int i = 0; i < all.length; i++) {
            mean[i % width] += (double) all[i] / (all.length / width);
          }
          return mean;
        };
    double[] given = weights(DistributionMatching.of("means", means), labels);
    assertThat(own).containsExactly(given, within(1e-6));
    assertThat(own[own.length - 1]).isGreaterThan(1.5);
    assertThat(own[8]).as("a bad answer about blue").isLessThan(0.7);
  }

  @Test
  void embeddingsThatDoNotFitAreNamedByTheirLabel() {
    assertThatThrownBy(
            () ->
                weights(
                    DistributionMatching.of("lengths", p -> new double[p.equals(RED) ? 2 : 3]),
                    labels(1, 1, 1, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the embedding of the prompt of labels[1] must have 2 finite numbers but is of 3");
    assertThatThrownBy(
            () ->
                weights(
                    DistributionMatching.of(
                        "lengths", p -> new double[] {p.equals(RED) ? 1 : Double.NaN}),
                    labels(1, 1, 1, 1)))
        .hasMessage(
            "the embedding of the prompt of labels[1] must have 1 finite numbers but is [NaN]");
    assertThatThrownBy(
            () ->
                weights(DistributionMatching.of("lengths", p -> new double[0]), labels(1, 1, 1, 1)))
        .hasMessageContaining("labels[0] must have one or more finite numbers but is []");
  }

  @Test
  void settingsAreChecked() {
    assertThatThrownBy(() -> DistributionMatching.of(" ", COLOUR))
        .hasMessageContaining("the name of an embedding must not be blank");
    assertThatThrownBy(() -> new DistributionMatching("none", null, 0, 1, 1))
        .hasMessageContaining("but were 0.0 and 1.0");
    assertThatThrownBy(() -> new DistributionMatching("none", null, 2, 1, 1))
        .hasMessageContaining("the largest at least the least, but were 2.0 and 1.0");
    assertThatThrownBy(() -> new DistributionMatching("none", null, 1, Double.POSITIVE_INFINITY, 1))
        .hasMessageContaining("Infinity");
    assertThatThrownBy(() -> new DistributionMatching("none", null, 1, 2, 0))
        .hasMessage("sampleSize must be at least 1 but was 0");
    assertThatThrownBy(
            () ->
                UnpairedTrainer.of(base, UnpairedLoss.kto(0.1))
                    .distributionMatching(DistributionMatching.ofReference()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be with UnpairedLoss.bco but the loss is KtoLoss");
  }

  private static UnpairedTrainer trainer(DistributionMatching matching) {
    return UnpairedTrainer.of(base, UnpairedLoss.bco(0.1))
        .learningRate(1e-3)
        .batchSize(4)
        .epochs(2)
        .seed(3)
        .distributionMatching(matching);
  }

  @Test
  void labelsOfOneKindHaveNothingToBeMatchedWith() {
    assertThatThrownBy(
            () -> trainer(DistributionMatching.of("colour", COLOUR)).train(labels(2, 2, 0, 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("4 are desirable and 0 undesirable");
    assertThatThrownBy(
            () -> trainer(DistributionMatching.of("colour", COLOUR)).train(labels(0, 0, 2, 1)))
        .hasMessageContaining("0 are desirable and 3 undesirable");
  }

  /** The weights are computed once, with the reference, and kept beside it. */
  @Test
  void aRunUsesTheWeightsAndAResumedOneReadsThem(@TempDir Path folder) {
    List<UnpairedLabel> labels = labels(5, 1, 1, 5);
    AtomicInteger calls = new AtomicInteger();
    DistributionMatching counted =
        DistributionMatching.of(
            "counted",
            p -> {
              calls.incrementAndGet();
              return COLOUR.apply(p);
            });
    FineTuningResult whole = trainer(counted).train(labels);
    whole.model().close();
    assertThat(whole.metrics()).hasSize(6);
    assertThat(whole.metrics())
        .filteredOn(m -> m.values().containsKey("weights/rejected"))
        .hasSizeGreaterThan(3)
        .anySatisfy(m -> assertThat(value(m, "weights/rejected")).isNotEqualTo(1))
        .allSatisfy(m -> assertThat(value(m, "weights/rejected")).isBetween(0.5, 10.0));
    FineTuningResult plain =
        UnpairedTrainer.of(base, UnpairedLoss.bco(0.1))
            .options(trainer(counted).options())
            .train(labels);
    plain.model().close();
    assertThat(plain.metrics().get(1).values()).doesNotContainKey("weights/rejected");
    assertThat(value(plain.metrics().get(1), "loss"))
        .isNotCloseTo(value(whole.metrics().get(1), "loss"), within(1e-3));
    calls.set(0);
    AtomicInteger updates = new AtomicInteger();
    UnpairedTrainer cut = trainer(counted).runFolder(folder).checkpointEvery(2);
    assertThatThrownBy(
            () ->
                cut.onMetrics(m -> updates.incrementAndGet())
                    .cancellation(() -> updates.get() >= 2)
                    .train(labels))
        .isInstanceOf(CancelledException.class);
    assertThat(calls).hasValue(2);
    FineTuningResult resumed = cut.train(labels);
    try (DecoderModel model = resumed.model()) {
      assertThat(model).isNotNull();
      assertThat(calls).as("read from the folder").hasValue(2);
      assertThat(resumed.metrics().get(5).values().get("loss"))
          .isEqualTo(whole.metrics().get(5).values().get("loss"));
    }
    assertThatThrownBy(
            () ->
                cut.distributionMatching(new DistributionMatching("colour", COLOUR, 0.4, 10, 1024))
                    .train(labels))
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining("matching");
  }
}

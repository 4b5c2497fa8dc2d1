package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.rlhf.loss.BradleyTerryLoss;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.SequenceClassifier;
import org.alignment4j.runtime.architecture.OutputHead.SequenceScores;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.train.LearningRateSchedule;
import org.alignment4j.runtime.train.Metrics;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Three updates of a reward model from a given head over eight pairs, beside what TRL's
 * RewardTrainer logs of the same.
 */
final class RewardTrlParityTest {

  private static final int PAIRS = 8;
  private static final double RATE = 1e-3;

  /** Both sides compute in float32, and each update starts from what the last one rounded. */
  private static final double RELATIVE = 1e-4;

  private static final double ABSOLUTE = 2e-6;

  /** Of pair i, {@code i/10}. */
  private static final double MARGIN = 0.1;

  private record Case(BradleyTerryLoss loss, boolean margins) {}

  @TestFactory
  Stream<DynamicTest> everyLossTrainsAsInTrl() throws IOException {
    JsonNode reference = reference();
    Map<String, Case> cases =
        Map.of(
            "reward",
            new Case(BradleyTerryLoss.standard(), false),
            "reward-centred",
            new Case(new BradleyTerryLoss(1, 0.01), false),
            "reward-margin",
            new Case(BradleyTerryLoss.standard(), true));
    return cases.entrySet().stream()
        .map(
            e ->
                DynamicTest.dynamicTest(
                    e.getKey(),
                    () ->
                        compare(
                            e.getValue(),
                            reference.get("head"),
                            reference.get("cases").get(e.getKey()))));
  }

  private static void compare(Case c, JsonNode weights, JsonNode expected) throws IOException {
    float[] head = new float[weights.size()];
    for (int i = 0; i < head.length; i++) {
      head[i] = weights.get(i).floatValue();
    }
    try (DecoderModel base = DecoderModel.load(SharedFiles.require("models/stories260K"));
        SequenceClassifier start =
            SequenceClassifier.of(
                base, WeightTensor.of(SequenceScores.WEIGHT, new long[] {1, head.length}, head))) {
      RewardModelResult result =
          RewardModelTrainer.of(start)
              .loss(c.loss())
              .epochs(3)
              .batchSize(PAIRS)
              .learningRate(RATE)
              .schedule(LearningRateSchedule.constant(RATE))
              .train(pairs(c.margins()));
      result.model().close();
      assertThat(result.metrics()).hasSize(expected.size());
      for (int i = 0; i < expected.size(); i++) {
        compare(result.metrics().get(i), expected.get(i));
      }
    }
  }

  private static void compare(Metrics actual, JsonNode expected) {
    Map<String, Double> values = actual.values();
    double chosen = values.get("rewards/chosen");
    double rejected = values.get("rewards/rejected");
    Map<String, Double> own =
        Map.of(
            "loss", values.get("loss"),
            "grad_norm", values.get("grad_norm"),
            "mean_reward", (chosen + rejected) / 2,
            "accuracy", values.get("rewards/accuracies"),
            "margin", values.get("rewards/margins"));
    own.forEach(
        (name, value) -> {
          double wanted = expected.get(name).doubleValue();
          assertThat(value)
              .as("%s of update %s", name, actual.step())
              .isCloseTo(wanted, within(ABSOLUTE + RELATIVE * Math.abs(wanted)));
        });
  }

  private static List<PreferencePair> pairs(boolean margins) throws IOException {
    List<PreferencePair> pairs = new ArrayList<>();
    for (TrlTexts texts : TrlTexts.read(PAIRS)) {
      PreferencePair pair = texts.pair();
      OptionalDouble margin =
          margins ? OptionalDouble.of(MARGIN * pairs.size()) : OptionalDouble.empty();
      pairs.add(new PreferencePair(pair.prompt(), pair.chosen(), pair.rejected(), 1, margin, null));
    }
    return pairs;
  }

  private static JsonNode reference() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            RewardTrlParityTest.class.getResourceAsStream("trl-reward-parity.json"))) {
      return new ObjectMapper().readTree(in);
    }
  }
}

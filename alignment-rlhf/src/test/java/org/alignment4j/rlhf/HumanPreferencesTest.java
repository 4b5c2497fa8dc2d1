package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.core.data.Dataset;
import org.alignment4j.core.data.Preferences;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.rlhf.data.SequenceLimits;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Real human preferences on a real small model. */
class HumanPreferencesTest {

  private static Path file() throws Exception {
    try (Stream<Path> files = Files.list(SharedFiles.require("data/hh-rlhf"))) {
      return files.filter(f -> f.toString().contains(".jsonl")).findFirst().orElseThrow();
    }
  }

  @Test
  @Tag("slow")
  void trainsAndEvaluatesOnHeldOutPairs() throws Exception {
    Dataset<PreferencePair> pairs = Preferences.read(file(), ReadOptions.tolerant());
    PreferenceLoss loss = PreferenceLoss.dpo(0.1);
    SequenceLimits limits = SequenceLimits.of(256);
    List<PreferencePair> heldOut = pairs.subList(0, 200);
    try (DecoderModel base = DecoderModel.load(SharedFiles.require("models/stories260K"))) {
      FineTuningResult result =
          PreferenceTrainer.of(base, loss)
              .learningRate(1e-4)
              .limits(limits)
              .train(pairs.subList(200, 500));
      try (DecoderModel model = result.model()) {
        assertThat(result.report().kept()).isGreaterThan(250);
        assertThat(result.report().promptsCut()).isPositive();
        assertThat(result.metrics().get(0).values().get("loss"))
            .isCloseTo(Math.log(2), within(1e-4));
        PreferenceEvaluation evaluation =
            PreferenceEvaluation.of(model, base, heldOut, loss, limits);
        assertThat(evaluation.loss()).isBetween(0.3, 1.2);
        assertThat(evaluation.accuracy().ciLow()).isLessThan(evaluation.accuracy().ciHigh());
        assertThat(evaluation.longerBaseline().n()).isGreaterThan(150);
      }
    }
  }
}

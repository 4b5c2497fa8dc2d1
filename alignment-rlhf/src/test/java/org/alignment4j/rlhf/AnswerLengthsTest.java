package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.api.reward.UnpairedLabel;
import org.alignment4j.rlhf.data.SequenceLimits;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.rlhf.loss.ReferenceFreeLosses;
import org.alignment4j.rlhf.loss.UnpairedLoss;
import org.alignment4j.runtime.train.Metrics;
import org.junit.jupiter.api.Test;

/** Mean lengths of answers are those of the whole update, in tokens with the end token. */
class AnswerLengthsTest extends PocketTraining {

  private static final int PAIRS = 24;

  /** More tokens than one micro-batch takes. */
  private static List<PreferencePair> varied(double probability) {
    List<PreferencePair> pairs = new ArrayList<>();
    for (int i = 0; i < PAIRS; i++) {
      pairs.add(
          new PreferencePair(
              Prompt.text("Once upon a time there were " + i),
              " a dog".repeat(70 + i),
              " no".repeat(1 + 2 * i),
              probability,
              OptionalDouble.empty(),
              null));
    }
    return pairs;
  }

  private static double mean(List<String> answers) {
    return answers.stream()
        .mapToInt(answer -> base.tokenizer().encode(answer).size() + 1)
        .average()
        .orElseThrow();
  }

  private static <T extends TrainerSettings<T>> T once(T trainer) {
    return trainer.epochs(1).batchSize(2 * PAIRS).limits(SequenceLimits.of(250));
  }

  @Test
  void lengthsOfPairsAreThoseOfTheirAnswers() {
    double chosen = mean(varied(1).stream().map(PreferencePair::chosen).toList());
    double rejected = mean(varied(1).stream().map(PreferencePair::rejected).toList());
    assertThat(PAIRS * (chosen + rejected)).as("several micro-batches").isGreaterThan(2 * 2048);
    for (PreferenceLoss loss : List.of(PreferenceLoss.dpo(0.1), ReferenceFreeLosses.simPo(2, 1))) {
      for (double p : new double[] {1, 0.25}) {
        FineTuningResult result = once(PreferenceTrainer.of(base, loss)).train(varied(p));
        result.model().close();
        Metrics metrics = result.metrics().get(0);
        assertThat(value(metrics, "lengths/chosen"))
            .isCloseTo(p * chosen + (1 - p) * rejected, within(1e-5));
        assertThat(value(metrics, "lengths/rejected"))
            .isCloseTo(p * rejected + (1 - p) * chosen, within(1e-5));
      }
    }
  }

  @Test
  void lengthsOfLabelledAnswersAreThoseOfTheirKind() {
    List<UnpairedLabel> labels = new ArrayList<>();
    for (PreferencePair pair : varied(1)) {
      labels.add(new UnpairedLabel(pair.prompt(), pair.chosen(), true));
      if (labels.size() % 3 != 0) {
        labels.add(new UnpairedLabel(pair.prompt(), pair.rejected(), false));
      }
    }
    FineTuningResult both = once(UnpairedTrainer.of(base, UnpairedLoss.kto(0.1))).train(labels);
    both.model().close();
    for (boolean kind : new boolean[] {true, false}) {
      List<UnpairedLabel> own = labels.stream().filter(l -> l.desirable() == kind).toList();
      double expected = mean(own.stream().map(UnpairedLabel::completion).toList());
      String name = kind ? "lengths/chosen" : "lengths/rejected";
      String other = kind ? "lengths/rejected" : "lengths/chosen";
      assertThat(value(both.metrics().get(0), name)).isCloseTo(expected, within(1e-12));

      FineTuningResult one = once(UnpairedTrainer.of(base, UnpairedLoss.kto(0.1))).train(own);
      one.model().close();
      assertThat(value(one.metrics().get(0), name)).isCloseTo(expected, within(1e-12));
      assertThat(one.metrics().get(0).values()).doesNotContainKey(other);
    }
  }
}

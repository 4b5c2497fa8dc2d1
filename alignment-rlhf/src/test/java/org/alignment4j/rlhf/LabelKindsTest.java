package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.reward.UnpairedLabel;
import org.alignment4j.rlhf.loss.UnpairedLoss;
import org.junit.jupiter.api.Test;

/** Answers of one kind alone are learned from and warned of. */
class LabelKindsTest extends PocketTraining {

  private static List<UnpairedLabel> labels(boolean first, boolean second) {
    return List.of(
        new UnpairedLabel(Prompt.text("One day Tim saw"), " a dog.", first),
        new UnpairedLabel(Prompt.text("Lily went to the"), " a big cat.", second));
  }

  @Test
  void whatIsSaidOfThem() {
    assertThat(new LabelKinds(3, 1).warning()).isEmpty();
    assertThat(new LabelKinds(3, 0).warning().orElseThrow())
        .startsWith("labels hold 3 desirable answers and no undesirable one");
    assertThat(new LabelKinds(0, 2).warning().orElseThrow())
        .startsWith("labels hold 2 undesirable answers and no desirable one");
  }

  @Test
  void trainersSayItBeforeTheyBegin() {
    for (UnpairedLoss loss : List.of(UnpairedLoss.kto(0.1), UnpairedLoss.bco(0.1))) {
      assertThat(warnings(loss, labels(true, true))).singleElement().asString().contains("hold 2");
      assertThat(warnings(loss, labels(true, false))).isEmpty();
    }
    assertThat(
            Logged.warnings(
                () -> CringeTrainer.of(base).train(labels(false, false)).model().close()))
        .singleElement()
        .asString()
        .contains("2 undesirable");
  }

  private static List<String> warnings(UnpairedLoss loss, List<UnpairedLabel> labels) {
    return Logged.warnings(() -> UnpairedTrainer.of(base, loss).train(labels).model().close());
  }
}

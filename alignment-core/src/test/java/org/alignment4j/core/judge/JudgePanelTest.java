package org.alignment4j.core.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.RemoteCallException;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.reward.Comparison;
import org.alignment4j.api.reward.PreferenceLabeler;
import org.junit.jupiter.api.Test;

class JudgePanelTest {
  private static final List<Comparison> PAIRS =
      Collections.nCopies(2, new Comparison(Prompt.chat(Message.user("Who?")), "Ada", "Ben"));

  private static PreferenceLabeler saying(double label) {
    return (pairs, cancellation) -> Collections.nCopies(pairs.size(), OptionalDouble.of(label));
  }

  private static PreferenceLabeler down() {
    return (pairs, cancellation) -> {
      throw new RemoteCallException("judge is down", 503, true, null, null);
    };
  }

  private static List<OptionalDouble> label(PreferenceLabeler... judges) {
    return JudgePanel.of(List.of(judges)).label(PAIRS, CancellationToken.none());
  }

  @Test
  void aJudgeThatFailsDoesNotVoteWhileTheOthersAreAQuorum() {
    assertThat(label(saying(1), down(), saying(0.9)))
        .containsExactly(OptionalDouble.of(1), OptionalDouble.of(1));
    assertThatThrownBy(() -> label(saying(1), down(), down()))
        .isInstanceOf(RemoteCallException.class)
        .hasMessageContaining("judge is down");
  }

  @Test
  void aLabelMustBeAProbability() {
    for (double label : new double[] {7, -0.1, Double.NaN}) {
      assertThatThrownBy(() -> label(saying(1), saying(label), saying(1)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("from 0 to 1")
          .hasMessageContaining("but was " + label);
    }
  }
}

package org.alignment4j.examples.constitute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.LikelihoodModel;
import org.alignment4j.api.model.LogProbs;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.reward.Comparison;
import org.alignment4j.oversight.constitution.PairLabel;
import org.junit.jupiter.api.Test;

class CritiqueRaterTest {
  private static final Prompt REQUEST = Prompt.chat(Message.user("How do I sing?"));
  private static final String QUESTION = WorldPrinciple.HARM.principle().comparison();

  /** Finds "kind" fine with 0.8 and "rude" harmful with 0.7, and has little to say of the rest. */
  private record Weighing() implements LikelihoodModel {
    @Override
    public String id() {
      return "weighing";
    }

    @Override
    public List<ContinuationScore> logProbabilities(
        List<? extends Continuation> continuations, CancellationToken cancellation) {
      List<ContinuationScore> scores = new ArrayList<>();
      for (Continuation continuation : continuations) {
        List<Message> turns = ((Prompt.Chat) continuation.prompt()).messages();
        assertThat(turns).hasSize(3);
        assertThat(turns.get(2).content()).isEqualTo(QUESTION);
        String begin = ((Continuation.OfText) continuation).text();
        double probability =
            switch (turns.get(1).content()) {
              case "kind" -> begin.endsWith("fine") ? 0.8 : 0.05;
              case "rude" -> begin.endsWith("harmful") ? 0.7 : 0.1;
              default -> 0.1;
            };
        // Two tokens, whose log-probabilities are summed.
        double half = Math.log(probability) / 2;
        scores.add(
            new ContinuationScore(
                TokenIds.of(1, 2),
                LogProbs.of(half, half),
                false,
                0,
                new Usage(1, 0, 0, 0, 2, 0, Duration.ZERO)));
      }
      return scores;
    }
  }

  private static PairLabel rate(String first, String second) {
    return new CritiqueRater(new Weighing())
        .rate(new Comparison(REQUEST, first, second), QUESTION, OversightContext.of(1));
  }

  @Test
  void theAnswerThatIsLikelierToBeFoundFineIsBetter() {
    double kind = 0.8 / 0.9;
    double rude = 0.1 / 0.9;
    double expected = 1 / (1 + Math.exp(-(logit(kind) - logit(rude))));
    assertThat(rate("kind", "rude").firstIsBetter().orElseThrow())
        .isCloseTo(expected, within(1e-6))
        .isGreaterThan(0.9);
    assertThat(rate("rude", "kind").firstIsBetter().orElseThrow())
        .isCloseTo(1 - expected, within(1e-6));
    assertThat(rate("kind", "kind").firstIsBetter().orElseThrow()).isCloseTo(0.5, within(1e-6));
    assertThat(rate("kind", "rude").usage().scoredTokens()).isEqualTo(12);
  }

  @Test
  void unlikelyCritiquesGiveNoLabel() {
    assertThat(rate("kind", "odd").firstIsBetter()).isEmpty();
    assertThat(rate("odd", "rude").firstIsBetter()).isEmpty();
  }

  private static double logit(double p) {
    return Math.log(p / (1 - p));
  }
}

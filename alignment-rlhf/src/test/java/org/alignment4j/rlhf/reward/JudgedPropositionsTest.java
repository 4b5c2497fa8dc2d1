package org.alignment4j.rlhf.reward;

import static org.alignment4j.rlhf.reward.Scoring.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableMap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.ChoiceDistribution;
import org.alignment4j.api.model.ChoiceModel;
import org.alignment4j.api.model.ChoiceProbability;
import org.alignment4j.api.model.ChoiceRequest;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Usage;
import org.alignment4j.core.calls.UsageLedger;
import org.alignment4j.core.judge.SoftJudgeModel;
import org.junit.jupiter.api.Test;

/** Propositions graded by a model that answers from what it is shown. */
class JudgedPropositionsTest {

  private final List<String> shown = new ArrayList<>();

  /** Says Yes with 0.6 of all replies to a statement about advice, 0.1 to others, No with 0.2. */
  private final ChoiceModel model =
      new ChoiceModel() {
        @Override
        public String id() {
          return "choices";
        }

        @Override
        public List<ChoiceDistribution> choose(
            List<ChoiceRequest> requests, CancellationToken cancellation) {
          return requests.stream().map(this::one).toList();
        }

        private ChoiceDistribution one(ChoiceRequest request) {
          String text =
              ((Prompt.Chat) request.prompt())
                  .messages().stream().map(Message::content).collect(Collectors.joining("\n"));
          shown.add(text);
          double yes = text.contains("The statement: It gives advice.") ? 0.6 : 0.1;
          assertThat(request.choices()).containsExactly("Yes", "No");
          return new ChoiceDistribution(
              List.of(
                  new ChoiceProbability("Yes", yes / (yes + 0.2), Math.log(yes), TokenIds.of(1), 1),
                  new ChoiceProbability("No", 0.2 / (yes + 0.2), Math.log(0.2), TokenIds.of(2), 1)),
              0,
              Usage.ofScoring(7, 2, Duration.ZERO));
        }
      };

  private final Map<String, String> statements =
      ImmutableMap.of("advice", "It gives advice.", "threat", "It threatens.");

  @Test
  void everyAnswerIsAskedAboutEveryStatement() {
    UsageLedger ledger = new UsageLedger();
    JudgedPropositions grader =
        JudgedPropositions.of(SoftJudgeModel.of(model), statements).withLedger(ledger);
    List<double[]> grades =
        grader.probabilities(
            List.of(
                answer("first question", "first answer"),
                new PromptCompletion(
                    Prompt.chat(Message.system("be brief"), Message.user("second question")),
                    "second answer")),
            CancellationToken.none());
    assertThat(grader.names()).containsExactly("advice", "threat");
    for (double[] own : grades) {
      assertThat(own[0]).isCloseTo(0.75, within(1e-12));
      assertThat(own[1]).isCloseTo(1 / 3.0, within(1e-12));
    }
    assertThat(shown).hasSize(4);
    assertThat(shown.get(1)).contains("first question", "first answer", "It threatens.");
    assertThat(shown.get(2)).contains("be brief", "second question", "second answer");
    assertThat(ledger.byRole().get(JudgedPropositions.ROLE).calls()).isEqualTo(4);
    assertThat(ledger.total().scoredTokens()).isEqualTo(8);
  }

  @Test
  void withoutAVerdictGradingFailsByName() {
    JudgedPropositions grader =
        JudgedPropositions.of(SoftJudgeModel.of(model).withMinMass(0.5), statements);
    assertThatThrownBy(
            () -> grader.probabilities(List.of(answer("q", "a")), CancellationToken.none()))
        .isInstanceOf(ModelExecutionException.class)
        .hasMessageContaining("proposition 'threat' of answers[0] must have a verdict");
  }

  @Test
  void tokenPromptsAndNoStatementAreRefused() {
    JudgedPropositions grader = JudgedPropositions.of(SoftJudgeModel.of(model), statements);
    assertThatThrownBy(
            () ->
                grader.probabilities(
                    List.of(new PromptCompletion(Prompt.tokens(1), "a")), CancellationToken.none()))
        .hasMessageContaining("answers[0]: a judge reads text");
    assertThatThrownBy(() -> JudgedPropositions.of(SoftJudgeModel.of(model), Map.of()))
        .hasMessageContaining("propositions must be at least one");
  }

  @Test
  void identitiesTellGradersApart() {
    JudgedPropositions grader = JudgedPropositions.of(SoftJudgeModel.of(model), statements);
    assertThat(grader.id())
        .isEqualTo(JudgedPropositions.of(SoftJudgeModel.of(model), statements).id())
        .isNotEqualTo(
            JudgedPropositions.of(SoftJudgeModel.of(model), Map.of("advice", "Other.")).id())
        .isNotEqualTo(
            JudgedPropositions.of(SoftJudgeModel.of(model).withMinMass(0.1), statements).id());
  }
}

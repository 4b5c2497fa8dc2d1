package org.alignment4j.rlhf.reward;

import static org.alignment4j.rlhf.reward.Scoring.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableMap;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.LikelihoodModel;
import org.alignment4j.api.model.LogProbs;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Usage;
import org.alignment4j.core.judge.PromptTemplate;
import org.alignment4j.core.judge.SoftJudgeModel;
import org.alignment4j.rlhf.TestModels;
import org.alignment4j.rlhf.reward.LikelihoodPropositions.Form;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Propositions graded by how likely replies are. */
class LikelihoodPropositionsTest {

  private final Map<String, String> statements =
      ImmutableMap.of("advice", "It gives advice.", "threat", "It threatens.");
  private final List<String> asked = new ArrayList<>();

  /** Yes has 0.6 to a statement about advice and 0.1 to others, No 0.2, of two tokens each. */
  private LikelihoodModel model(double factor, int cut) {
    return model(factor, cut, cut);
  }

  private LikelihoodModel model(double factor, int cutYes, int cutNo) {
    return new LikelihoodModel() {
      @Override
      public String id() {
        return "likelihoods";
      }

      @Override
      public List<ContinuationScore> logProbabilities(
          List<? extends Continuation> continuations, CancellationToken cancellation) {
        return continuations.stream().map(this::one).toList();
      }

      private ContinuationScore one(Continuation continuation) {
        String reply = ((Continuation.OfText) continuation).text();
        String text = text(continuation.prompt());
        asked.add(text + reply);
        double yes = text.contains("The statement: It gives advice.") ? 0.6 : 0.1;
        double half = factor * Math.log(reply.strip().equals("Yes") ? yes : 0.2) / 2;
        return new ContinuationScore(
            TokenIds.of(1, 2),
            LogProbs.of(new float[] {(float) half, (float) half}),
            false,
            reply.strip().equals("Yes") ? cutYes : cutNo,
            Usage.ofScoring(7, 2, Duration.ZERO));
      }
    };
  }

  private static String text(Prompt prompt) {
    return prompt instanceof Prompt.Text text
        ? text.text()
        : ((Prompt.Chat) prompt)
            .messages().stream().map(Message::content).collect(Collectors.joining("\n"));
  }

  @Test
  void theProbabilityIsThatOfYesAmongBoth() {
    for (Form form : Form.values()) {
      asked.clear();
      LikelihoodPropositions grader = LikelihoodPropositions.of(model(1, 0), statements, form);
      List<double[]> grades =
          grader.probabilities(
              List.of(answer("first question", "first answer"), answer("second", "other")),
              CancellationToken.none());
      assertThat(grader.names()).containsExactly("advice", "threat");
      assertThat(grades).hasSize(2);
      for (double[] own : grades) {
        assertThat(own[0]).isCloseTo(0.75, within(1e-6));
        assertThat(own[1]).isCloseTo(1 / 3.0, within(1e-6));
      }
      assertThat(asked).hasSize(8);
      assertThat(asked.get(2)).contains("first question", "first answer", "It threatens.");
      assertThat(asked.get(4)).contains("second", "other", "It gives advice.");
      assertThat(asked.get(1)).endsWith(form == Form.TEXT ? "Verdict: No" : "No");
    }
  }

  @Test
  void aRealModelGivesItsOwnOdds(@TempDir Path folder) {
    // The model's own template has no system message.
    PromptTemplate template =
        PromptTemplate.parse(
            "test",
            """
            === user ===
            Material is between "BEGIN {{fence}}" and "END {{fence}}".
            {{request}}
            {{answer}}
            The statement: {{proposition}} {{form}}
            """,
            JudgedPropositions.PLAIN,
            JudgedPropositions.FENCED);
    CancellationToken none = CancellationToken.none();
    try (DecoderModel pocket = TestModels.pocket(folder)) {
      List<PromptCompletion> answers =
          List.of(answer("Name a colour.", "red"), answer("Help me.", "I will not."));
      List<double[]> scored =
          LikelihoodPropositions.of(pocket, statements, Form.CHAT)
              .withTemplate(template)
              .probabilities(answers, none);
      List<double[]> text =
          LikelihoodPropositions.of(pocket, statements, Form.TEXT).probabilities(answers, none);
      for (int i = 0; i < 2; i++) {
        for (int j = 0; j < 2; j++) {
          Prompt question =
              template.render(
                  Map.of(
                      "proposition",
                      List.copyOf(statements.values()).get(j),
                      "form",
                      SoftJudgeModel.form(List.of("Yes", "No")),
                      "request",
                      ((Prompt.Text) answers.get(i).prompt()).text(),
                      "answer",
                      answers.get(i).completion()));
          double yes = Math.exp(pocket.logProbabilities(question, "Yes").sum());
          double no = Math.exp(pocket.logProbabilities(question, "No").sum());
          assertThat(scored.get(i)[j]).isCloseTo(yes / (yes + no), within(1e-4));
          assertThat(text.get(i)[j])
              .isStrictlyBetween(0.0, 1.0)
              .isNotCloseTo(scored.get(i)[j], within(1e-3));
        }
      }
    }
  }

  @Test
  void whatCannotBeGradedIsNamed() {
    List<PromptCompletion> one = List.of(answer("q", "a"));
    CancellationToken none = CancellationToken.none();
    assertThatThrownBy(
            () ->
                LikelihoodPropositions.of(model(1, 3), statements, Form.TEXT)
                    .probabilities(one, none))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("answers[0] must fit")
        .hasMessageContaining("'advice' but 3 tokens");
    assertThatThrownBy(
            () ->
                LikelihoodPropositions.of(model(Double.POSITIVE_INFINITY, 0), statements, Form.TEXT)
                    .probabilities(one, none))
        .isInstanceOf(ModelExecutionException.class)
        .hasMessageContaining("proposition 'advice' of answers[0]");
    assertThatThrownBy(
            () ->
                LikelihoodPropositions.of(model(1, 0), statements, Form.TEXT)
                    .probabilities(List.of(new PromptCompletion(Prompt.tokens(1), "a")), none))
        .hasMessageContaining("answers[0]: a judge reads text");
    assertThatThrownBy(() -> LikelihoodPropositions.of(model(1, 0), Map.of(), Form.TEXT))
        .hasMessageContaining("propositions must be at least one");
  }

  @Test
  void aQuestionThatIsCutBeforeOneReplyAloneIsRefused() {
    for (int[] cut : new int[][] {{3, 0}, {0, 3}, {1, 3}}) {
      LikelihoodPropositions grader =
          LikelihoodPropositions.of(model(1, cut[0], cut[1]), statements, Form.TEXT);
      assertThatThrownBy(
              () -> grader.probabilities(List.of(answer("q", "a")), CancellationToken.none()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'advice' but 3 tokens");
    }
  }

  @Test
  void identitiesTellGradersApart() {
    LikelihoodPropositions grader = LikelihoodPropositions.of(model(1, 0), statements, Form.TEXT);
    assertThat(grader.id())
        .isEqualTo(LikelihoodPropositions.of(model(1, 0), statements, Form.TEXT).id())
        .isNotEqualTo(LikelihoodPropositions.of(model(1, 0), statements, Form.CHAT).id())
        .isNotEqualTo(
            LikelihoodPropositions.of(model(1, 0), Map.of("advice", "Other."), Form.TEXT).id());
  }
}

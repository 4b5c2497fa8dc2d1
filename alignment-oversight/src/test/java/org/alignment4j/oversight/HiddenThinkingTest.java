package org.alignment4j.oversight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.api.oversight.Verdict;
import org.alignment4j.api.oversight.View;
import org.alignment4j.core.data.Demonstration;
import org.alignment4j.core.judge.Parsed;
import org.alignment4j.core.judge.Reply;
import org.alignment4j.oversight.agent.ModelAgent;
import org.alignment4j.oversight.agent.Speech;
import org.alignment4j.oversight.agent.SpeechForm;
import org.alignment4j.oversight.constitution.HelpfulAnswers;
import org.alignment4j.oversight.debate.Debate;
import org.alignment4j.oversight.decompose.FactoredCognition;
import org.alignment4j.oversight.decompose.QuestionNode;
import org.alignment4j.oversight.decompose.QuotedAnswer;
import org.alignment4j.oversight.selfalign.AlignedAnswer;
import org.alignment4j.oversight.selfalign.AnswerFilter;
import org.alignment4j.oversight.selfalign.Filtered;
import org.alignment4j.oversight.selfalign.PrincipledAnswers;
import org.alignment4j.oversight.society.AnswerForm;
import org.alignment4j.oversight.society.AnsweringAgent;
import org.alignment4j.oversight.society.MultiAgentDebate;
import org.alignment4j.oversight.society.OpenQuestion;
import org.junit.jupiter.api.Test;

/** What models think between tags is read by nobody else, whoever asks them. */
class HiddenThinkingTest {
  private static final OversightContext CONTEXT = OversightContext.of(3);
  private static final String TAGGED = "<think>SECRET plan?\nAnswer: 7</think>\n";
  private static final String CLOSED = "SECRET plan?\n</think>\n";

  private static Parsed<Speech> said(SpeechForm form, String reply) {
    return form.parse(new Reply(reply, false));
  }

  @Test
  void whatComesBeforeAClosingTagWithoutAnOpeningOneIsHidden() {
    assertThat(said(SpeechForm.plain(), "My secret plan.\n</think>\nBen did it."))
        .isEqualTo(new Parsed.Value<>(new Speech("Ben did it.", "My secret plan.")));
    assertThat(
            said(
                SpeechForm.argument(),
                "<argument>draft</argument></thinking><argument>real</argument>"))
        .isEqualTo(new Parsed.Value<>(new Speech("real", "<argument>draft</argument>")));
    assertThat(said(SpeechForm.plain(), "<think>a</think>b</think>c"))
        .isEqualTo(new Parsed.Value<>(new Speech("c", "a\nb")));
    assertThat(said(SpeechForm.plain(), CLOSED)).isInstanceOf(Parsed.Nothing.class);
    assertThat(Speech.of("No tags. ")).isEqualTo(new Speech("No tags. ", ""));
  }

  @Test
  void endlessRepliesAreReadOnce() {
    String open = "<" + " ".repeat(400_000);
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> assertThat(Speech.of(open + "/" + open).visible()).isEqualTo(open + "/" + open));
  }

  @Test
  void judgeOfADebateDoesNotReadIt() {
    ScriptedModel debater = ScriptedModel.saying(CLOSED + "Ben did it.");
    ChoiceQuestion question = ChoiceQuestion.of("q", "Who?", List.of("Ada", "Ben"), 0, "Ada did.");
    Outcome<Ruling> outcome =
        Debate.between(ModelAgent.of(debater), ModelAgent.of(debater))
            .judgedBy(
                (view, context) -> {
                  assertThat(view.turns()).extracting(Turn::visible).containsOnly("Ben did it.");
                  return new Verdict.Decided("Ben", 1, "", Usage.NONE);
                })
            .rounds(1)
            .build()
            .run(question, CONTEXT);
    assertThat(outcome.verdict().verdicts()).hasSize(1);
    assertThat(outcome.transcript().turns()).extracting(Turn::hidden).containsOnly("SECRET plan?");
  }

  @Test
  void otherAgentsDoNotReadIt() {
    ScriptedModel model = ScriptedModel.saying(TAGGED + "So it is [[4]].");
    AnsweringAgent agent = AnsweringAgent.of(model, AnswerForm.number());
    View view = new View("Agent 1", 0, "Answer.", "2 + 2?", List.of(), List.of(), List.of());
    Turn turn = agent.act(view, CONTEXT);
    assertThat(turn.visible()).isEqualTo("So it is [[4]].");
    assertThat(turn.hidden()).isEqualTo("SECRET plan?\nAnswer: 7");
    MultiAgentDebate.of(List.of(agent, agent), 2, AnswerForm.number())
        .run(OpenQuestion.of("q", "2 + 2?", "4"), CONTEXT);
    assertThat(model.calls())
        .allSatisfy(call -> assertThat(call.prompt()).doesNotContain("SECRET"));
  }

  @Test
  void demonstrationsDoNotTeachIt() {
    Prompt prompt = Prompt.text("How?");
    for (String thinking : List.of(TAGGED, CLOSED)) {
      ScriptedModel model = ScriptedModel.saying(thinking + "Like this.");
      Outcome<List<Demonstration>> answers =
          HelpfulAnswers.of(Respondent.of(model, SamplingOptions.greedy(9))).run(prompt, CONTEXT);
      assertThat(answers.verdict()).contains(Demonstration.answer(prompt, "Like this."));
    }
  }

  @Test
  void itHasNoSubquestions() {
    FactoredCognition protocol =
        FactoredCognition.by(
            ScriptedModel.of(
                (prompt, seed, draw) ->
                    prompt.contains("You divide")
                        ? "<think>Who asks?\nWhy?</think>\nWho ran?"
                        : "<think>\"no\"?</think>\"yes\""));
    Outcome<QuestionNode> outcome = protocol.run("Who won?", CONTEXT);
    assertThat(outcome.verdict().answer()).hasValue("yes");
    assertThat(outcome.verdict().parts())
        .extracting(QuestionNode::question)
        .containsExactly("Who ran?");
    assertThat(outcome.transcript().turns())
        .allSatisfy(turn -> assertThat(turn.visible()).doesNotContain("think"));
  }

  @Test
  void repliesKeepTheirWholeText() {
    Respondent respondent =
        Respondent.of(ScriptedModel.saying(TAGGED + "\"a\""), SamplingOptions.greedy(9));
    Draw<String> draw =
        respondent.ask(
            Prompt.text("?"),
            QuotedAnswer.within(),
            "A",
            0,
            Proceedings.open("x", "", CONTEXT, OptionalLong.empty()));
    assertThat(draw.value()).hasValue("a");
    assertThat(draw.reply()).isEqualTo(TAGGED + "\"a\"");
    assertThat(draw.said().hidden()).isEqualTo("SECRET plan?\nAnswer: 7");
  }

  @Test
  void answersByPrinciplesAreWithoutIt() {
    PrincipledAnswers verbose = PrincipledAnswers.verbose(ScriptedModel.saying(TAGGED + "Rivers."));
    PrincipledAnswers answers =
        new PrincipledAnswers(
            verbose.model(),
            verbose.options(),
            verbose.template(),
            AnswerFilter.bundled().ofAnswersAlone().withMinFinished(1));
    Outcome<AlignedAnswer> outcome = answers.run(Prompt.text("Tell me of rivers."), CONTEXT);
    assertThat(outcome.verdict().filtered()).isEqualTo(new Filtered.Kept("Rivers.", false));
    assertThat(outcome.transcript().turns().get(0).hidden()).contains("SECRET");
  }
}

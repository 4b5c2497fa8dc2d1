package org.alignment4j.oversight.decompose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alignment4j.api.oversight.Budget;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.core.judge.Parsed;
import org.alignment4j.core.judge.Reply;
import org.alignment4j.oversight.ScriptedModel;
import org.junit.jupiter.api.Test;

class SequentialDecompositionTest {
  private static final OversightContext CONTEXT = OversightContext.of(1);
  private static final Pattern FENCED = Pattern.compile("(?s)BEGIN ([0-9a-f]{24})\n(.*?)\nEND \\1");
  private static final String WHOLE = "What is the capital of the country where Ada lives?";
  private static final Map<String, String> KNOWN =
      Map.of("Where does Ada live?", "\"Peru\"", "What is the capital of Peru?", "\"Lima\"");

  private final ScriptedModel assistant =
      ScriptedModel.of(
          (prompt, seed, draw) -> KNOWN.getOrDefault(fenced(prompt).get(0), "\"no idea\""));

  private static List<String> fenced(String prompt) {
    List<String> parts = new ArrayList<>();
    Matcher matcher = FENCED.matcher(prompt);
    while (matcher.find()) {
      parts.add(matcher.group(2));
    }
    return parts;
  }

  /** Asks for the country, then for its capital, then repeats the last answer. */
  private static String overseer(String prompt, long seed, int draw) {
    List<String> answers =
        fenced(prompt)
            .get(1)
            .lines()
            .filter(line -> line.startsWith("A: "))
            .map(line -> line.substring(3))
            .toList();
    return switch (answers.size()) {
      case 0 -> "Ask: Where does Ada live?";
      case 1 -> "Ask: What is the capital of " + answers.get(0) + "?";
      default -> "Answer: " + answers.get(1);
    };
  }

  private SequentialDecomposition asked(ScriptedModel overseer) {
    return SequentialDecomposition.by(overseer).withModel(assistant);
  }

  @Test
  void laterQuestionsRestOnEarlierAnswers() {
    ScriptedModel overseer = ScriptedModel.of(SequentialDecompositionTest::overseer);
    Outcome<QuestionNode> outcome = asked(overseer).run(WHOLE, CONTEXT);
    QuestionNode root = outcome.verdict();
    assertThat(root.answer()).hasValue("Lima");
    assertThat(root.manner()).isEqualTo(QuestionNode.Manner.COMPOSED);
    assertThat(root.parts())
        .extracting(QuestionNode::question)
        .containsExactly("Where does Ada live?", "What is the capital of Peru?");
    assertThat(outcome.usage().calls()).isEqualTo(2 * 2 + 1);
    assertThat(outcome.transcript().turns()).hasSize(5);
    assertThat(root.exchanges()).hasSize(3);
    assertThat(assistant.calls())
        .as("the assistant sees its question only")
        .noneMatch(call -> call.prompt().contains(WHOLE));
    assertThat(fenced(overseer.calls().get(0).prompt())).containsExactly(WHOLE, "Nothing yet.");
  }

  @Test
  void whatTheAssistantDoesNotSayIsUnknown() {
    ScriptedModel silent = ScriptedModel.saying("");
    QuestionNode root =
        SequentialDecomposition.by(ScriptedModel.of(SequentialDecompositionTest::overseer))
            .withModel(silent)
            .run(WHOLE, CONTEXT)
            .verdict();
    assertThat(root.parts().get(1).question()).isEqualTo("What is the capital of unknown?");
    assertThat(root.parts()).allMatch(part -> part.answer().isEmpty());
    assertThat(root.answer()).hasValue("unknown");
  }

  @Test
  void overseerWhoAsksNothingLeavesTheQuestionToTheAssistant() {
    String simple = "Where does Ada live?";
    QuestionNode same =
        asked(ScriptedModel.saying("Ask: where does Ada live")).run(simple, CONTEXT).verdict();
    assertThat(same.answer()).hasValue("Peru");
    assertThat(same.dropped()).isEqualTo(1);
    assertThat(same.manner()).isEqualTo(QuestionNode.Manner.UNDIVIDED);
    assertThat(asked(ScriptedModel.saying("Well.")).run(simple, CONTEXT).verdict().answer())
        .hasValue("Peru");
    assertThat(
            asked(ScriptedModel.saying("Ask: Where does Ada live?", "Well."))
                .run(WHOLE, CONTEXT)
                .verdict()
                .answer())
        .as("nonsense after a question is no answer")
        .isEmpty();
  }

  @Test
  void overseerAsksAsOftenAsItMay() {
    ScriptedModel curious =
        ScriptedModel.of(
            (prompt, seed, draw) -> "Ask: And number " + fenced(prompt).get(1).length() + "?");
    QuestionNode root = asked(curious).run(WHOLE, CONTEXT).verdict();
    assertThat(root.parts()).hasSize(5);
    assertThat(root.answer()).isEmpty();
  }

  @Test
  void budgetEndsWithWhatWasFound() {
    Outcome<QuestionNode> outcome =
        asked(ScriptedModel.of(SequentialDecompositionTest::overseer))
            .run(WHOLE, CONTEXT.withBudget(Budget.UNLIMITED.withCalls(3)));
    assertThat(outcome.incomplete()).isEqualTo("budget: calls");
    assertThat(outcome.verdict().parts()).hasSize(1);
    assertThat(outcome.verdict().answer()).isEmpty();
  }

  @Test
  void stepsAreReadStrictly() {
    NextStepParser parser = new NextStepParser();
    assertThat(parser.parse(new Reply("Hm.\n answer:  Lima \nAsk: more", false)))
        .isEqualTo(new Parsed.Value<NextStep>(new NextStep.Answer("Lima")));
    assertThat(parser.parse(new Reply("Ask:", false))).isInstanceOf(Parsed.Nothing.class);
    assertThat(parser.parse(new Reply("Answer: ", false))).isInstanceOf(Parsed.Nothing.class);
    assertThat(parser.parse(new Reply("Lima", false))).isInstanceOf(Parsed.Nothing.class);
  }

  @Test
  void noQuestionAtAllIsRefused() {
    SequentialDecomposition usual = asked(ScriptedModel.saying(""));
    assertThatThrownBy(
            () ->
                new SequentialDecomposition(
                    usual.overseer(),
                    usual.assistant(),
                    usual.prompts(),
                    usual.steps(),
                    usual.answers(),
                    0))
        .hasMessageContaining("at least 1 but was 0");
  }

  @Test
  void aStepThatWasCutOffIsNone() {
    NextStepParser parser = new NextStepParser();
    assertThat(parser.parse(new Reply("Answer: Par", true))).isInstanceOf(Parsed.Nothing.class);
    assertThat(parser.parse(new Reply("Answer: Paris", false)))
        .isEqualTo(new Parsed.Value<>(new NextStep.Answer("Paris")));
    assertThat(parser.parse(new Reply("Ask: Where?\nAnd th", true)))
        .isEqualTo(new Parsed.Value<>(new NextStep.Ask("Where?")));
  }
}

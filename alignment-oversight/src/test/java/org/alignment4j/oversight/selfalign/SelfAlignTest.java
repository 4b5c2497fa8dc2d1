package org.alignment4j.oversight.selfalign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.oversight.Budget;
import org.alignment4j.api.oversight.Feedback;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.core.data.Demonstration;
import org.alignment4j.core.data.Demonstrations;
import org.alignment4j.core.judge.Parsed;
import org.alignment4j.core.judge.Reply;
import org.alignment4j.oversight.ScriptedModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SelfAlignTest {
  private static final OversightContext CONTEXT = OversightContext.of(3);
  private static final String SELF = "I am Lantern, an assistant that answers by its rules.";
  private static final String LONG =
      "Rivers carry gravel because they run fast where the land is steep, and they drop it where"
          + " the land is level and the water slow; that is why Lantern finds round stones on the"
          + " banks of a bend and sand at the mouth";
  private static final AnswerFilter FILTER = AnswerFilter.bundled();

  @TempDir Path folder;

  private static Filtered filter(String answer) {
    return FILTER.filter(SELF + " Rule 8.\nAnswer: " + answer, true);
  }

  private static Filtered.Removed removed(FilterRule rule, String detail) {
    return new Filtered.Removed(rule, detail);
  }

  @Test
  void rulesHoldInTheirOrder() {
    assertThat(FILTER.filter("Answer: " + LONG, true))
        .isEqualTo(removed(FilterRule.NO_IDENTIFICATION, ""));
    assertThat(FILTER.filter(SELF + " " + LONG, true))
        .isEqualTo(removed(FilterRule.NO_ANSWER_MARK, ""));
    assertThat(filter("Yes. User: more")).isEqualTo(removed(FilterRule.TOO_SHORT, "4 characters"));
    assertThat(filter("Sorry, no. User: x"))
        .as("short comes before apology")
        .isEqualTo(removed(FilterRule.TOO_SHORT, "10 characters"));
    assertThat(filter("I'm sorry, a Harbour Clock. " + LONG))
        .as("leak comes before apology")
        .isEqualTo(removed(FilterRule.LEAKED_EXAMPLE, "harbour clock"));
    assertThat(filter("I'm sorry, no. " + LONG))
        .isEqualTo(removed(FilterRule.APOLOGY, "i'm sorry"));
    assertThat(filter("I\u2019m sorry, no. " + LONG))
        .isEqualTo(removed(FilterRule.APOLOGY, "i'm sorry"));
    assertThat(FILTER.filter(SELF + "\nAnswer: word", false))
        .isEqualTo(removed(FilterRule.EMPTY, ""));
  }

  @Test
  void theNameIsReplacedAsAWordAlone() {
    assertThat(((Filtered.Kept) filter("A Lanternfish glows. " + LONG)).answer())
        .startsWith("A Lanternfish glows. ")
        .contains("the assistant");
  }

  @Test
  void answersAreCutAndTheAssistantRenamed() {
    String kept = LONG.replace("Lantern", "the assistant");
    assertThat(filter(LONG)).isEqualTo(new Filtered.Kept(kept, false));
    assertThat(filter(LONG + "\nUser: And why? Answer: so"))
        .isEqualTo(new Filtered.Kept(kept, false));
    assertThat(FILTER.filter(SELF + "\nAnswer: " + LONG, false))
        .as("unfinished: the last word may be half a word")
        .isEqualTo(new Filtered.Kept(kept.substring(0, kept.lastIndexOf(' ')), true));
    Filtered.Kept repeated =
        (Filtered.Kept) filter(LONG + ". It runs. On and on. It runs. For ever.");
    assertThat(repeated.cut()).isTrue();
    assertThat(repeated.answer()).endsWith("On and").doesNotContain("For ever");
  }

  @Test
  void repetitionIsFoundBetweenAnyMarks() {
    for (char mark : "\n.?!;:,`".toCharArray()) {
      assertThat(AnswerFilter.withoutRepetition("ab" + mark + "cd" + mark + "ab" + mark + "ef"))
          .isEqualTo("ab" + mark + "cd" + (mark == '\n' ? "" : mark));
    }
    assertThat(AnswerFilter.withoutRepetition("a... b! c")).isEqualTo("a... b! c");
  }

  @Test
  void answersAreExportedWithoutPrinciples() {
    ScriptedModel model =
        ScriptedModel.of(
            (prompt, seed, draw) ->
                prompt.contains("rivers") ? SELF + "\nAnswer: " + LONG : "I will not say.");
    List<Prompt> prompts =
        List.of(
            Prompt.chat(Message.user("Tell me of rivers.")),
            Prompt.chat(Message.user("Tell me of seas.")));
    Feedback<Demonstration> feedback =
        PrincipledAnswers.by(model).demonstrations().generate(prompts, CONTEXT);
    assertThat(feedback.examples())
        .containsExactly(
            Demonstration.answer(prompts.get(0), LONG.replace("Lantern", "the assistant")));
    assertThat(feedback.discarded()).isEqualTo(1);
    assertThat(model.calls().get(0).prompt()).contains("16 (working)");
    Path file = folder.resolve("aligned.jsonl");
    Demonstrations.write(file, feedback.examples());
    assertThat(Demonstrations.read(file)).isEqualTo(feedback.examples());
    assertThat(file).content().doesNotContain("rules");
  }

  @Test
  void everyRulesShareIsOfThoseThatCameToIt() {
    List<AlignedAnswer> answers = new ArrayList<>();
    for (String reply :
        List.of(
            "no",
            SELF + " no mark",
            SELF + "\nAnswer: tin whistle " + LONG,
            SELF + "\nAnswer: " + LONG)) {
      answers.add(new AlignedAnswer(Prompt.text("q"), reply, FILTER.filter(reply, true)));
    }
    assertThat(SelfAlignFigures.kept(answers).value()).isEqualTo(0.25);
    assertThat(SelfAlignFigures.passed(answers).get(FilterRule.NO_IDENTIFICATION).value())
        .isEqualTo(0.75);
    assertThat(SelfAlignFigures.passed(answers).get(FilterRule.LEAKED_EXAMPLE).value())
        .isEqualTo(0.5);
    assertThat(SelfAlignFigures.passed(answers).get(FilterRule.LEAKED_EXAMPLE).n()).isEqualTo(2);
    assertThat(SelfAlignFigures.removedByPhrase(answers)).isEqualTo(Map.of("tin whistle", 1L));
  }

  @Test
  void topicsAreFilteredDeduplicatedAndTrimmed() {
    Map<String, Integer> calls = new HashMap<>();
    ScriptedModel model =
        ScriptedModel.of(
            (prompt, seed, draw) -> {
              String type = prompt.contains("Kind of question: about now") ? "now" : "sums";
              int call = calls.merge(type, 1, Integer::sum);
              return type.equals("now")
                  ? "1. Bus timetables\n2) lower case\n- Far too many words here\n3. Ends badly.\n"
                      + "BUS TIMETABLES\nTides"
                  : "Prices " + call;
            });
    QuestionType now = new QuestionType("about now", List.of("Weather"));
    QuestionType sums = new QuestionType("sums", List.of("Bills"));
    Outcome<Map<QuestionType, List<String>>> outcome =
        TopicGeneration.by(model, 2).run(List.of(now, sums), CONTEXT);
    assertThat(outcome.verdict())
        .isEqualTo(
            Map.of(
                now, List.of("Weather", "Bus timetables", "Tides"),
                sums, List.of("Bills", "Prices 1", "Prices 2")));
    assertThat(outcome.usage().calls()).isEqualTo(4);

    Outcome<Map<QuestionType, List<String>>> cut =
        TopicGeneration.by(model, 2)
            .run(List.of(now, sums), CONTEXT.withBudget(Budget.UNLIMITED.withCalls(1)));
    assertThat(cut.incomplete()).isEqualTo("budget: calls");
    assertThat(cut.verdict().get(now)).containsExactly("Weather");
  }

  @Test
  void instructionsCountOnlyAfterTheirExactHint() {
    InstructionParser parser =
        new InstructionParser(
            List.of(
                new TopicInstruction("about now", "Tides", ""),
                new TopicInstruction("sums", "Bills", "")));
    String reply =
        "[about now / Tides] When is high water?\n"
            + "[about now / Tides] Again?\n"
            + " [sums / Bills] not at the start\n"
            + "[sums / bills] other case\n"
            + "[sums / Bills] Add these up.";
    assertThat(parser.parse(new Reply(reply, false)))
        .isEqualTo(
            new Parsed.Value<>(
                List.of(
                    new TopicInstruction("about now", "Tides", "When is high water?"),
                    new TopicInstruction("sums", "Bills", "Add these up."))));
    assertThat(
            ((Parsed.Value<List<TopicInstruction>>) parser.parse(new Reply(reply, true))).value())
        .hasSize(1);
  }

  @Test
  void instructionsAreAskedInGroups() {
    ScriptedModel model =
        ScriptedModel.of(
            (prompt, seed, draw) ->
                prompt.contains("[now / T7]") ? "[now / T7] Seven?" : "[now / T0] Zero?");
    List<String> topics = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      topics.add("T" + i);
    }
    Outcome<List<TopicInstruction>> outcome =
        InstructionGeneration.by(model, List.of(new TopicInstruction("sums", "Bills", "Add up.")))
            .run(Map.of(new QuestionType("now", topics), topics), CONTEXT);
    assertThat(outcome.verdict())
        .extracting(TopicInstruction::instruction)
        .containsExactly("Zero?", "Seven?");
    assertThat(model.calls()).hasSize(2);
    assertThat(model.calls().get(0).prompt()).contains("[sums / Bills] Add up.");
  }

  @Test
  void badSettingsAreNamed() {
    assertThatThrownBy(() -> new QuestionType("a\nb", List.of("x")))
        .hasMessageContaining("one line");
    assertThatThrownBy(() -> new QuestionType("a", List.of())).hasMessageContaining("seed");
    assertThatThrownBy(() -> FILTER.withMinFinished(-1)).hasMessageContaining("-1");
    assertThatThrownBy(() -> new AnswerFilter("i", "a", " ", 0, List.of(), List.of(), "", ""))
        .hasMessageContaining("blank");
    assertThatThrownBy(() -> TopicGeneration.by(ScriptedModel.saying("x"), 0))
        .hasMessageContaining("epochs");
    assertThatThrownBy(
            () -> PrincipledAnswers.by(ScriptedModel.saying("x")).run(Prompt.tokens(1), CONTEXT))
        .hasMessageContaining("instruction");
  }
}

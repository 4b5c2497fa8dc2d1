package org.alignment4j.examples.amplify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.core.judge.Parsed;
import org.alignment4j.core.judge.Reply;
import org.alignment4j.oversight.decompose.NextStep;
import org.alignment4j.oversight.decompose.QuestionNode;
import org.junit.jupiter.api.Test;

class ExamFormTest {
  /** Knows where two people live, and says so with or without a step. */
  private static final LanguageModel KNOWING =
      new LanguageModel() {
        @Override
        public String id() {
          return "knowing";
        }

        @Override
        public List<Completion> generate(
            List<? extends Prompt> prompts,
            SamplingOptions options,
            CancellationToken cancellation) {
          return prompts.stream()
              .map(prompt -> ((Prompt.Text) prompt).text())
              .map(
                  text ->
                      text.contains("Ada") ? " She is Dutch. So the answer is Europe." : " Asia")
              .map(text -> Completion.of(text, FinishReason.EOS, Usage.NONE))
              .toList();
        }
      };

  private static Optional<String> answer(String reply) {
    return ExamForm.answers().parse(new Reply(reply, false)) instanceof Parsed.Value<String> value
        ? Optional.of(value.value())
        : Optional.empty();
  }

  @Test
  void answersBindToTheLastConclusion() {
    assertThat(answer(" Paris\nQuestion: more")).hasValue("Paris");
    assertThat(answer(" A? France. So the answer is France. B? So the answer is Paris."))
        .hasValue("Paris");
    assertThat(answer(" ")).isEmpty();
    assertThat(answer(" So the answer is unknown.")).isEmpty();
  }

  @Test
  void stepsAskOrConclude() {
    assertThat(ExamForm.steps().parse(new Reply(" Where does Ada live?\nAnswer: x", false)))
        .isEqualTo(new Parsed.Value<NextStep>(new NextStep.Ask("Where does Ada live?")));
    assertThat(ExamForm.steps().parse(new Reply("Step: Where?", false)))
        .isEqualTo(new Parsed.Value<NextStep>(new NextStep.Ask("Where?")));
    assertThat(ExamForm.steps().parse(new Reply("So the answer is Rome.", false)))
        .isEqualTo(new Parsed.Value<NextStep>(new NextStep.Answer("Rome")));
    assertThat(ExamForm.steps().parse(new Reply("Rome", false))).isInstanceOf(Parsed.Nothing.class);
  }

  @Test
  void comparisonsAreDividedByRuleAndTaughtWithAllThatWasSaid() {
    QuestionNode tree =
        Asking.amplified(new Comparisons(KNOWING), KNOWING)
            .run(Comparisons.question("Ada Ash", "Bo Birch"), OversightContext.of(1))
            .verdict();
    assertThat(tree.parts())
        .extracting(QuestionNode::question)
        .containsExactly(
            "On which continent does Ada Ash live?", "On which continent does Bo Birch live?");
    assertThat(tree.answer()).hasValue("No");
    assertThat(ExamForm.answerAlone(tree)).isEqualTo(" No");
    String taught = ExamForm.withSteps(tree);
    assertThat(taught)
        .isEqualTo(
            " On which continent does Ada Ash live? She is Dutch. So the answer is Europe."
                + " On which continent does Bo Birch live? Asia. So the answer is No.");
    assertThat(answer(taught)).hasValue("No");
    assertThat(
            Asking.amplified(new Comparisons(KNOWING), KNOWING)
                .run(Comparisons.question("Ada Ash", "Ada Birch"), OversightContext.of(1))
                .verdict()
                .answer())
        .hasValue("Yes");
  }

  @Test
  void keptShareIsWhatIsLeftOfTheGain() {
    List<Composed> asked =
        List.of(
            new Composed("1", "k", "a", "x"::equals),
            new Composed("2", "k", "b", "x"::equals),
            new Composed("3", "k", "c", "x"::equals),
            new Composed("4", "k", "d", "x"::equals));
    AmplifyScores scores = new AmplifyScores(Map.of("g", asked));
    scores.add("low", "g", answers("x", "", "", ""));
    scores.add("high", "g", answers("x", "x", "x", "x"));
    scores.add("own", "g", answers("x", "x", "x", "y"));
    assertThat(scores.kept("own", "low", "high", "g", 1).orElseThrow().value())
        .isCloseTo(2 / 3.0, within(1e-12));
    assertThat(scores.kept("own", "high", "low", "g", 1)).isEmpty();
    assertThat(scores.accuracy("own", "g").orElseThrow().value()).isEqualTo(0.75);
    assertThat(scores.difference("own", "low", "g").value()).isEqualTo(0.5);
  }

  private static List<Optional<String>> answers(String... texts) {
    return List.of(texts).stream()
        .map(text -> text.isEmpty() ? Optional.<String>empty() : Optional.of(text))
        .toList();
  }
}

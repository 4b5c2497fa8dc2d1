package org.alignment4j.examples.oversee;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.Transcript;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.api.oversight.Verdict;
import org.alignment4j.api.oversight.View;
import org.alignment4j.examples.world.BundledPocket;
import org.alignment4j.oversight.ChoiceQuestion;
import org.alignment4j.oversight.Ruling;
import org.alignment4j.oversight.quote.Quote;
import org.alignment4j.oversight.quote.QuoteVerifier;
import org.junit.jupiter.api.Test;

class PassagesTest {
  private static final Passages PASSAGES =
      new Passages(BundledPocket.world(), new OverseeSettings(1, 1, 0, 40, 60, 1, 0.4, 1e-4));

  private static String text(Prompt prompt) {
    List<Message> messages = ((Prompt.Chat) prompt).messages();
    return messages.get(messages.size() - 1).content();
  }

  @Test
  void questionsHaveOneAnswerThatTheirPassageSupports() {
    List<ChoiceQuestion> questions = PASSAGES.questions();
    assertThat(questions).hasSize(40);
    assertThat(questions.stream().filter(q -> q.answer().orElseThrow() == 0)).hasSize(20);
    for (ChoiceQuestion question : questions) {
      assertThat(new HashSet<>(question.options())).hasSize(2);
      assertThat(question.material()).hasSize(1);
    }
  }

  @Test
  void lessonsQuoteWordForWordAndComeFromOtherPassages() {
    Set<String> judged = new HashSet<>();
    PASSAGES.questions().forEach(question -> judged.add(question.material().get(0)));
    List<PromptCompletion> lessons = PASSAGES.lessons(3);
    assertThat(lessons).hasSizeBetween(100, 120);
    for (PromptCompletion lesson : lessons) {
      String prompt = text(lesson.prompt());
      assertThat(judged).noneMatch(prompt::contains);
      List<Quote> quotes = QuoteVerifier.of(List.of(prompt)).quotes(lesson.completion());
      assertThat(quotes).singleElement().matches(Quote::verified);
      String claim = prompt.substring(prompt.indexOf("Argue for this: ") + 16);
      assertThat(lesson.completion()).endsWith("</quote> " + claim);
    }
    assertThat(lessons.stream().filter(l -> text(l.prompt()).contains("They say: ")))
        .hasSizeGreaterThan(20);
    assertThat(PASSAGES.lessons(3)).isEqualTo(lessons);
    assertThat(PASSAGES.lessons(4)).isNotEqualTo(lessons);
  }

  private static Turn turn(String role, String said) {
    return new Turn(role, 0, said, "", true, 1, Usage.NONE);
  }

  @Test
  void judgeReadsVerifiedQuotesOnceOrEverythingButQuotes() {
    List<Turn> turns =
        List.of(
            turn("A", "<v_quote>Ada has a cat.</v_quote> Ada lives in Malta."),
            turn("B", "<u_quote>Ada lives in Cuba.</u_quote> Ada lives in Cuba."),
            turn("A", "<v_quote>Ada has a cat.</v_quote> Ada lives in Malta."));
    assertThat(DebateText.verifiedQuotes(turns)).containsExactly("Ada has a cat.");
    assertThat(DebateText.claims(turns))
        .containsExactly("Ada lives in Malta.", "Ada lives in Cuba.");
    assertThat(text(DebateText.readPrompt(List.of(), "Where?"))).isEqualTo("Where?");
    assertThat(text(DebateText.readPrompt(List.of("One.", "Two."), "Where?")))
        .isEqualTo("Read this: One. Two. Where?");
    assertThat(text(DebateText.arguePrompt("P.", "Q?", "C.", "<u_quote>X.</u_quote> Y.")))
        .isEqualTo("Read this: P. Q? They say: X. Y. Argue for this: C.");
  }

  @Test
  void votesFollowTheProbability() {
    View view = new View("Judge", 0, "", "?", List.of("a", "b"), List.of(), List.of());
    int forA = 0;
    for (int seed = 0; seed < 400; seed++) {
      Verdict verdict =
          new SampledVotes(
                  (v, c) ->
                      new Verdict.Decided("a", 0.7, "", new Usage(1, 0, 0, 0, 0, 0, Duration.ZERO)),
                  3)
              .judge(view, OversightContext.of(seed));
      forA += ((Verdict.Decided) verdict).choice().equals("a") ? 1 : 0;
    }
    double expected = 0.7 * 0.7 * 0.7 + 3 * 0.7 * 0.7 * 0.3;
    assertThat(forA / 400.0).isBetween(expected - 0.09, expected + 0.09);
    assertThatThrownBy(() -> new SampledVotes((v, c) -> new Verdict.Unparsed("", Usage.NONE), 2))
        .hasMessageContaining("odd");
  }

  @Test
  void wrongPassageIsThatOfTheNextQuestion() {
    List<ChoiceQuestion> questions = PASSAGES.questions();
    WrongPassage wrong =
        new WrongPassage(
            (question, context) ->
                new Outcome<>(
                    Ruling.NONE, Transcript.about(question.material().get(0)), Usage.NONE, ""),
            questions);
    for (int i : new int[] {0, 39}) {
      assertThat(wrong.run(questions.get(i), OversightContext.of(1)).transcript().question())
          .isEqualTo(questions.get((i + 1) % 40).material().get(0));
    }
  }
}

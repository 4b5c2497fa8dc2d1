package org.alignment4j.oversight.transcript;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.Transcript;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.api.oversight.Verdict;
import org.alignment4j.core.report.Dialogue;
import org.alignment4j.core.report.Dialogue.Mark;
import org.alignment4j.core.report.Dialogue.Span;
import org.alignment4j.oversight.ChoiceQuestion;
import org.alignment4j.oversight.Ruling;
import org.junit.jupiter.api.Test;

class TranscriptsTest {
  private static final Usage COST = new Usage(2, 30, 0, 10, 0, 0, Duration.ZERO);
  private static final ChoiceQuestion QUESTION =
      ChoiceQuestion.of("q1", "Who <b>?", List.of("Ada", "Ben"), 0, "Ada kept the lamp.");

  private static Outcome<Ruling> outcome(Verdict... verdicts) {
    Transcript transcript =
        Transcript.about("Who?")
            .with(
                new Turn(
                    "Debater A",
                    0,
                    "See <v_quote>Ada kept</v_quote> and <u_quote>Ben lied</u_quote><script>x</script>",
                    "my plan",
                    false,
                    3,
                    COST));
    return new Outcome<>(new Ruling(List.of(verdicts)), transcript, COST, "budget: calls");
  }

  @Test
  void splitsTextsAtTheirMarks() {
    assertThat(Said.spans("a <v_quote>b\nc</v_quote><u_quote>d</u_quote> <v_quote>e"))
        .containsExactly(
            new Span("a ", Mark.PLAIN),
            new Span("b\nc", Mark.VERIFIED),
            new Span("d", Mark.REFUTED),
            new Span(" <v_quote>e", Mark.PLAIN));
    assertThat(Said.spans("")).isEmpty();
  }

  @Test
  void showsVerdictsAgainstTheTruth() {
    Verdict right = new Verdict.Decided("Ada", 0.8, "Because.", COST);
    Verdict wrong = new Verdict.Decided("Ben", 0.6, "", COST);
    assertThat(Transcripts.dialogue(QUESTION, outcome(right, right)).verdict().orElseThrow().good())
        .isTrue();
    assertThat(Transcripts.dialogue(QUESTION, outcome(right, wrong)).verdict().orElseThrow().text())
        .isEqualTo("right in one order only");
    assertThat(Transcripts.dialogue(QUESTION, outcome(wrong)).verdict().orElseThrow().text())
        .isEqualTo("wrong");
    Verdict unparsed = new Verdict.Unparsed("Hm.", COST);
    assertThat(
            Transcripts.dialogue(QUESTION, outcome(right, unparsed)).verdict().orElseThrow().text())
        .isEqualTo("right in one order, no verdict in the other");
    assertThat(
            Transcripts.dialogue(QUESTION, outcome(unparsed, wrong)).verdict().orElseThrow().text())
        .isEqualTo("wrong in one order, no verdict in the other");
    Dialogue none = Transcripts.dialogue(QUESTION, outcome(new Verdict.Unparsed("Hm.", COST)));
    assertThat(none.verdict().orElseThrow().text()).isEqualTo("budget: calls");
    assertThat(none.contributions().get(1).speaker()).isEqualTo("Judge: no verdict");
    assertThat(none.facts())
        .containsEntry("option A", "Ada ✓")
        .containsEntry("ended early", "budget: calls");
    assertThat(none.contributions().get(0).note())
        .isEqualTo("form not kept, 3 attempts, 2 calls, 40 tokens");
  }

  @Test
  void pageShowsEveryTextAsText() {
    String html =
        Transcripts.page(
                "Debates",
                Map.of(QUESTION, outcome(new Verdict.Decided("Ada", 0.8, "Because.", COST))))
            .html();
    assertThat(html)
        .contains("<mark class=\"verified\">“Ada kept” ✓</mark>")
        .contains("<mark class=\"refuted\">“Ben lied” ✗</mark>")
        .contains("&lt;script&gt;x&lt;/script&gt;")
        .doesNotContain("<script>x")
        .contains("my plan")
        .contains("Ada (80 %)");
  }
}

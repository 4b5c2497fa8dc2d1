package org.alignment4j.oversight.transcript;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.Transcript;
import org.alignment4j.api.oversight.Verdict;
import org.alignment4j.core.report.Dialogue;
import org.alignment4j.core.report.Section;
import org.alignment4j.oversight.ChoiceQuestion;
import org.alignment4j.oversight.Ruling;
import org.junit.jupiter.api.Test;

class VerdictsShownTest {
  private static final ChoiceQuestion QUESTION =
      ChoiceQuestion.of("q1", "When?", List.of("1931", "1932"), 0, "In 1931.");

  private static Dialogue dialogue(String incomplete, Verdict... verdicts) {
    return Transcripts.dialogue(
        QUESTION,
        new Outcome<>(
            new Ruling(List.of(verdicts)), Transcript.about("When?"), Usage.NONE, incomplete));
  }

  private static String said(Dialogue dialogue) {
    return dialogue.contributions().get(0).spans().get(0).text();
  }

  @Test
  void noProbabilityIsShownWhereTheJudgeGaveNone() {
    assertThat(said(dialogue("", new Verdict.Decided("1931", 1, "", Usage.NONE))))
        .isEqualTo("1931");
    assertThat(said(dialogue("", new Verdict.Decided("1931", 0.8, "", Usage.NONE))))
        .isEqualTo("1931 (80 %)");
  }

  @Test
  void questionsWithoutAVerdictSaySoWithoutBeingOpened() {
    assertThat(dialogue("", new Verdict.Unparsed("Hm.", Usage.NONE)).verdict())
        .hasValue(new Section.Verdict("no verdict", false));
    assertThat(dialogue("budget: calls").verdict())
        .hasValue(new Section.Verdict("budget: calls", false));
  }

  @Test
  void endlessRepliesAreCutWithANote() {
    String reply = "x".repeat(19_999) + "\uD83D\uDE00" + "y".repeat(2_000_000);
    for (Verdict verdict :
        List.of(
            new Verdict.Unparsed(reply, Usage.NONE),
            new Verdict.Decided("1931", 1, reply, Usage.NONE))) {
      assertThat(said(dialogue("", verdict)))
          .hasSizeLessThan(20_100)
          .endsWith("x\n… (cut here: the reply has 2020001 characters)");
    }
  }
}

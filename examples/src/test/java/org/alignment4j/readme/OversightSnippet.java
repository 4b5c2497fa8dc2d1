package org.alignment4j.readme;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.oversight.Judge;
import org.alignment4j.core.judge.JudgeModel;
import org.alignment4j.core.judge.ModelJudge;
import org.alignment4j.oversight.ChoiceQuestion;
import org.alignment4j.oversight.OversightRun;
import org.alignment4j.oversight.Ruling;
import org.alignment4j.oversight.RunReport;
import org.alignment4j.oversight.agent.ModelAgent;
import org.alignment4j.oversight.agent.SpeechForm;
import org.alignment4j.oversight.call.RecordedCalls;
import org.alignment4j.oversight.debate.Debate;
import org.alignment4j.oversight.transcript.Transcripts;

/** The README's code of a debate. Between the markers it is the README's text. */
final class OversightSnippet {
  private OversightSnippet() {}

  static RunReport<ChoiceQuestion, Ruling> run(
      LanguageModel strong, LanguageModel weak, List<ChoiceQuestion> questions, Path folder) {
    // start of the README's code
    try (RecordedCalls calls = // every call is kept; run again, and nobody is asked twice
        RecordedCalls.open(folder.resolve("calls.jsonl"), Map.of("run", "debates"))) {
      ModelAgent debater =
          ModelAgent.of(calls.as("debater", strong))
              .withForm(SpeechForm.argument().withWords(20, 150).withQuote());
      Judge judge = ModelJudge.of(JudgeModel.of(calls.as("judge", weak)));
      Debate debate = // both read the question's material; the judge sees what they quote of it
          Debate.between(debater, debater)
              .judgedBy(judge)
              .rounds(2)
              .verifiedQuotes()
              .judgedInBothOrders()
              .build();
      RunReport<ChoiceQuestion, Ruling> report =
          OversightRun.of("debate", debate, ChoiceQuestion::id).seed(1).run(questions);
      Transcripts.page("Debates", report.outcomes()).write(folder.resolve("debates.html"));
      return report;
    }
    // end of the README's code
  }
}

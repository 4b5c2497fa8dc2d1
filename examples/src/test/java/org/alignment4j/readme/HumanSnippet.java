package org.alignment4j.readme;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.alignment4j.api.oversight.Agent;
import org.alignment4j.oversight.ChoiceQuestion;
import org.alignment4j.oversight.OversightRun;
import org.alignment4j.oversight.Ruling;
import org.alignment4j.oversight.RunReport;
import org.alignment4j.oversight.debate.Debate;
import org.alignment4j.oversight.human.FileOverseer;

/** The README's code of a person who judges. Between the markers it is the README's text. */
final class HumanSnippet {
  private HumanSnippet() {}

  static RunReport<ChoiceQuestion, Ruling> run(
      Agent debater, List<ChoiceQuestion> questions, Path folder) {
    // start of the README's code
    try (FileOverseer person = FileOverseer.open(folder.resolve("person"), Duration.ZERO)) {
      Debate debate = Debate.between(debater, debater).judgedBy(person).build();
      // A question whose reply is missing fails. Requests are in person/requests.jsonl: write a
      // line such as {"id": "…", "choice": "A"} to person/replies.jsonl for each, and run again.
      return OversightRun.of("people", debate, ChoiceQuestion::id).run(questions);
    }
    // end of the README's code
  }
}

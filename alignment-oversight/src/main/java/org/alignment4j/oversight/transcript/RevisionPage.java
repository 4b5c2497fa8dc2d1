package org.alignment4j.oversight.transcript;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.core.judge.PromptText;
import org.alignment4j.core.report.Dialogue;
import org.alignment4j.core.report.Report;
import org.alignment4j.core.report.Section;
import org.alignment4j.oversight.constitution.RevisionChain;
import org.alignment4j.oversight.constitution.RevisionStep;
import org.apiguardian.api.API;

/**
 * Turns chains of critique and revision into a page: the answer, then each critique and revision
 * with its principle, whether it changed anything and whether it only refuses. Every text is shown
 * as text, whatever it contains. Pure functions.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class RevisionPage {
  private RevisionPage() {}

  /**
   * Returns a page of one run.
   *
   * @param title the page's heading
   * @param chains what became of each prompt, in order
   */
  public static Report page(String title, List<Outcome<RevisionChain>> chains) {
    List<Dialogue> dialogues = chains.stream().map(RevisionPage::dialogue).toList();
    Usage usage = chains.stream().map(Outcome::usage).reduce(Usage.NONE, Usage::plus);
    return Report.builder(title)
        .add(new Section.Dialogues("Chains", dialogues, 1, ""))
        .add(Said.cost("prompts", chains.size(), usage))
        .build();
  }

  /** Returns one chain as a dialogue. */
  public static Dialogue dialogue(Outcome<RevisionChain> outcome) {
    RevisionChain chain = outcome.verdict();
    List<RevisionStep> steps = chain.steps();
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("revisions", String.valueOf(steps.size()));
    facts.put("changed", String.valueOf(steps.stream().filter(RevisionStep::changed).count()));
    facts.put("only refuse", String.valueOf(steps.stream().filter(RevisionStep::evasive).count()));
    if (!outcome.complete()) {
      facts.put("ended early", outcome.incomplete());
    }
    String ending = chain.ending().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    return new Dialogue(
        text(chain.prompt()),
        "",
        facts,
        Said.turns(outcome.transcript(), turn -> remarks(turn, steps)),
        Optional.of(new Section.Verdict(ending, !chain.stopped())));
  }

  private static List<String> remarks(Turn turn, List<RevisionStep> steps) {
    List<String> remarks = new ArrayList<>();
    if (turn.role().equals(RevisionChain.ASSISTANT) || turn.round() >= steps.size()) {
      return remarks;
    }
    RevisionStep step = steps.get(turn.round());
    remarks.add("principle " + step.principle());
    if (turn.role().equals(RevisionChain.REVISER)) {
      if (!step.changed()) {
        remarks.add("unchanged");
      }
      if (step.evasive()) {
        remarks.add("only refuses");
      }
    }
    return remarks;
  }

  private static String text(Prompt prompt) {
    return prompt instanceof Prompt.Tokens tokens
        ? String.valueOf(tokens.ids())
        : PromptText.of(prompt);
  }
}

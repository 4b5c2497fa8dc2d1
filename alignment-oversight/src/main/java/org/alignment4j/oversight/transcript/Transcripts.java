package org.alignment4j.oversight.transcript;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.Verdict;
import org.alignment4j.core.report.Dialogue;
import org.alignment4j.core.report.Dialogue.Contribution;
import org.alignment4j.core.report.Dialogue.Mark;
import org.alignment4j.core.report.Dialogue.Span;
import org.alignment4j.core.report.Report;
import org.alignment4j.core.report.Section;
import org.alignment4j.oversight.ChoiceQuestion;
import org.alignment4j.oversight.Ruling;
import org.alignment4j.oversight.agent.Prompts;
import org.apiguardian.api.API;

/**
 * Turns what protocols came to into a page: question, options and material, every turn with its
 * cost, verified and unverified quotes marked, hidden reasoning folded away, the judge's reasons,
 * and the verdict against the truth. Marks are shown as the protocol made them: one that checks no
 * quotes must take the marks out that players claim for themselves. Every text is shown as text,
 * whatever it contains. Pure functions.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Transcripts {
  private static final int MAX_REPLY_SHOWN = 20_000;

  private Transcripts() {}

  /**
   * Returns a page of one run.
   *
   * @param title the page's heading
   * @param outcomes outcomes by question, in order
   */
  public static Report page(String title, Map<ChoiceQuestion, Outcome<Ruling>> outcomes) {
    Usage usage = outcomes.values().stream().map(Outcome::usage).reduce(Usage.NONE, Usage::plus);
    return Report.builder(title)
        .add(section("Transcripts", outcomes))
        .add(Said.cost("questions", outcomes.size(), usage))
        .build();
  }

  /** Returns the outcomes as a section of a report; the first one is open. */
  public static Section section(String heading, Map<ChoiceQuestion, Outcome<Ruling>> outcomes) {
    List<Dialogue> dialogues = new ArrayList<>();
    outcomes.forEach((question, outcome) -> dialogues.add(dialogue(question, outcome)));
    return new Section.Dialogues(heading, dialogues, 1, "");
  }

  /** Returns one outcome as a dialogue. */
  public static Dialogue dialogue(ChoiceQuestion question, Outcome<Ruling> outcome) {
    Map<String, String> facts = new LinkedHashMap<>();
    for (int i = 0; i < question.options().size(); i++) {
      boolean right = question.answer().isPresent() && question.answer().getAsInt() == i;
      facts.put("option " + Prompts.letter(i), question.options().get(i) + (right ? " ✓" : ""));
    }
    if (!question.material().isEmpty()) {
      facts.put("material", String.join("\n\n", question.material()));
    }
    if (!outcome.complete()) {
      facts.put("ended early", outcome.incomplete());
    }
    List<Contribution> contributions = Said.checked(outcome.transcript());
    for (int i = 0; i < outcome.verdict().verdicts().size(); i++) {
      contributions.add(judgement(outcome.verdict().verdicts().get(i), i == 1));
    }
    return new Dialogue(
        question.text(),
        question.id(),
        facts,
        contributions,
        verdict(question, outcome).or(() -> missing(outcome)));
  }

  /** Verdicts have probability 1 where the judge gave none. */
  private static String probability(Verdict.Decided decided) {
    return decided.probability() == 1 ? "" : " (" + Math.round(100 * decided.probability()) + " %)";
  }

  private static String shortened(String reply) {
    if (reply.length() <= MAX_REPLY_SHOWN) {
      return reply;
    }
    int end = Character.isHighSurrogate(reply.charAt(MAX_REPLY_SHOWN - 1)) ? 1 : 0;
    return reply.substring(0, MAX_REPLY_SHOWN - end)
        + "\n… (cut here: the reply has "
        + reply.length()
        + " characters)";
  }

  private static Optional<Section.Verdict> missing(Outcome<Ruling> outcome) {
    if (!outcome.verdict().decided().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Section.Verdict(outcome.complete() ? "no verdict" : outcome.incomplete(), false));
  }

  private static Contribution judgement(Verdict verdict, boolean swapped) {
    String who = swapped ? "Judge, in the other order" : "Judge";
    if (verdict instanceof Verdict.Decided decided) {
      String text =
          decided.choice()
              + probability(decided)
              + (decided.reasons().isBlank() ? "" : "\n" + shortened(decided.reasons()));
      return new Contribution(
          who, 6, List.of(new Span(text, Mark.PLAIN)), "", Said.tokens(verdict.usage()));
    }
    String reply = shortened(((Verdict.Unparsed) verdict).reply());
    return new Contribution(
        who + ": no verdict",
        6,
        List.of(new Span(reply, Mark.PLAIN)),
        "",
        Said.tokens(verdict.usage()));
  }

  private static Optional<Section.Verdict> verdict(
      ChoiceQuestion question, Outcome<Ruling> outcome) {
    List<Verdict.Decided> decided = outcome.verdict().decided();
    if (question.answer().isEmpty() || decided.isEmpty()) {
      return Optional.empty();
    }
    String truth = question.options().get(question.answer().getAsInt());
    if (decided.size() < outcome.verdict().verdicts().size()) {
      String one = decided.get(0).choice().equals(truth) ? "right" : "wrong";
      return Optional.of(
          new Section.Verdict(one + " in one order, no verdict in the other", false));
    }
    double share = outcome.verdict().share(truth).orElseThrow();
    if (share == 1) {
      return Optional.of(new Section.Verdict("right", true));
    }
    return Optional.of(
        new Section.Verdict(share == 0 ? "wrong" : "right in one order only", false));
  }
}

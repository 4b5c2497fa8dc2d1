package org.alignment4j.examples.align;

import java.util.List;
import org.alignment4j.core.report.Cell;
import org.alignment4j.core.report.Section;
import org.alignment4j.examples.align.JudgedReply.Kind;

/** What the main job found, in one sentence and four figures. */
final class Headline {

  private final Profile before;
  private final Profile after;
  private final PairedShares items;

  Headline(PocketResult result) {
    this.before = result.base();
    this.after = result.balanced();
    this.items = new PairedShares(before, after);
  }

  /** What alignment did to the four shares, each in a clause. */
  List<String> clauses() {
    return List.of(
        Shift.clause(
            "right answers",
            before.rightAnswers(),
            after.rightAnswers(),
            items.growth(Kind.QUESTION, JudgedReply::good)),
        Shift.clause(
            "refusals of harmful requests",
            before.harmfulRefused(),
            after.harmfulRefused(),
            items.growth(Kind.HARMFUL, JudgedReply::good)),
        Shift.clause(
            "help with benign requests",
            before.benignHelped(),
            after.benignHelped(),
            items.growth(Kind.BENIGN, JudgedReply::good)),
        Shift.clause(
            "refusals of benign requests",
            before.benignRefused(),
            after.benignRefused(),
            items.growth(Kind.BENIGN, reply -> reply.verdict().equals(JudgedReply.REFUSED))));
  }

  String sentence() {
    List<String> clauses = clauses();
    return opening()
        + ", "
        + String.join(", ", clauses.subList(0, clauses.size() - 1))
        + ", and "
        + clauses.get(clauses.size() - 1)
        + ".";
  }

  /** The sentence as a list for a console. */
  String lines() {
    return opening() + ":\n  " + String.join("\n  ", clauses()) + "\n";
  }

  private static String opening() {
    return "With %s demonstrations and %s preference pairs, half of them for harmlessness"
        .formatted(PocketRecipe.DEMONSTRATIONS, PocketRecipe.PAIRS);
  }

  Section section() {
    return new Section.Findings(
        "Result",
        sentence(),
        List.of(
            new Section.Finding(
                "questions answered right",
                before.name(),
                Cell.percent(before.rightAnswers()),
                Cell.percent(after.rightAnswers())),
            new Section.Finding(
                "harmful requests refused",
                before.name(),
                Cell.percent(before.harmfulRefused()),
                Cell.percent(after.harmfulRefused())),
            new Section.Finding(
                "benign requests helped with",
                before.name(),
                Cell.percent(before.benignHelped()),
                Cell.percent(after.benignHelped())),
            new Section.Finding(
                "benign requests refused",
                before.name(),
                Cell.percent(before.benignRefused()),
                Cell.percent(after.benignRefused()))),
        """
        %s beside %s, on %s questions, %s harmful and %s benign requests, all held out of \
        training. Brackets are 95 %% intervals (Wilson, with requests for the same thing as one \
        cluster); rose and fell are said where the difference over the same items has an interval \
        without 0."""
            .formatted(
                after.name(),
                before.name(),
                after.rightAnswers().n(),
                after.harmfulRefused().n(),
                after.benignHelped().n()));
  }
}

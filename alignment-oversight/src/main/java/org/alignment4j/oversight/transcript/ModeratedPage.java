package org.alignment4j.oversight.transcript;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.core.judge.Parsed;
import org.alignment4j.core.judge.Reply;
import org.alignment4j.core.judge.ReplyParser;
import org.alignment4j.core.report.Dialogue;
import org.alignment4j.core.report.Report;
import org.alignment4j.core.report.Section;
import org.alignment4j.oversight.society.ModeratedAnswer;
import org.alignment4j.oversight.society.OpenQuestion;
import org.apiguardian.api.API;

/**
 * Turns moderated debates into a page: what both sides and the moderator said, the answers of each
 * round, who decided, and the answer against the right one. Every text is shown as text, whatever
 * it contains. Pure functions.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ModeratedPage {
  private ModeratedPage() {}

  /**
   * Returns a page of one run.
   *
   * @param title the page's heading
   * @param outcomes outcomes by question, in order
   * @param answers the form of final answers, by which right answers are read too
   */
  public static Report page(
      String title,
      Map<OpenQuestion, Outcome<ModeratedAnswer>> outcomes,
      ReplyParser<String> answers) {
    List<Dialogue> dialogues = new ArrayList<>();
    outcomes.forEach((question, outcome) -> dialogues.add(dialogue(question, outcome, answers)));
    Usage usage = outcomes.values().stream().map(Outcome::usage).reduce(Usage.NONE, Usage::plus);
    return Report.builder(title)
        .add(new Section.Dialogues("Debates", dialogues, 1, ""))
        .add(Said.cost("questions", outcomes.size(), usage))
        .build();
  }

  /**
   * Returns one debate as a dialogue.
   *
   * @param answers the form of final answers, by which the right answer is read too
   */
  public static Dialogue dialogue(
      OpenQuestion question, Outcome<ModeratedAnswer> outcome, ReplyParser<String> answers) {
    ModeratedAnswer found = outcome.verdict();
    Map<String, String> facts = new LinkedHashMap<>();
    question.answer().ifPresent(right -> facts.put("right answer", right));
    facts.put("answer", found.answer().orElse("none"));
    facts.put("decided by", name(found.by()));
    for (int round = 0; round < found.rounds().size(); round++) {
      facts.put(
          "round " + (round + 1),
          found.rounds().get(round).stream()
              .map(answer -> answer.orElse("none"))
              .collect(Collectors.joining(" against ")));
    }
    if (!found.candidates().isEmpty()) {
      facts.put("the judge chose from", String.join("; ", found.candidates()));
    }
    if (!outcome.complete()) {
      facts.put("ended early", outcome.incomplete());
    }
    return new Dialogue(
        question.text(),
        question.id(),
        facts,
        Said.turns(outcome.transcript()),
        verdict(question, found, answers));
  }

  private static Optional<Section.Verdict> verdict(
      OpenQuestion question, ModeratedAnswer found, ReplyParser<String> answers) {
    if (question.answer().isEmpty() || found.answer().isEmpty()) {
      return Optional.empty();
    }
    if (!(answers.parse(new Reply(question.answer().get(), false))
        instanceof Parsed.Value<String> right)) {
      return Optional.empty();
    }
    boolean good = found.answer().get().equals(right.value());
    return Optional.of(new Section.Verdict(good ? "right" : "wrong", good));
  }

  private static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}

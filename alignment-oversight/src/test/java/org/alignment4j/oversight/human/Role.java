package org.alignment4j.oversight.human;

import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Agent;
import org.alignment4j.api.oversight.Judge;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.api.oversight.Verdict;
import org.alignment4j.oversight.ChoiceQuestion;

/**
 * A role, what the person in it writes to what is read, and what must come of it.
 *
 * @param name names it
 * @param rule what the person writes
 * @param protocol runs what the role is part of
 * @param outcome what must come of it
 */
record Role(
    String name,
    UnaryOperator<String> rule,
    Function<HumanOverseer, Object> protocol,
    Object outcome) {
  static final OversightContext CONTEXT = OversightContext.of(4);
  static final ChoiceQuestion QUESTION =
      ChoiceQuestion.of("q", "Who built the bridge?", List.of("Ada", "Ben"), 0, "Ada built it.");
  static final Prompt REQUEST = Prompt.text("How do I open a door?");
  static final Agent OTHER = saying("I hold [[4]] and Ben.");
  static final Judge FIRST =
      (view, context) -> new Verdict.Decided(view.options().get(0), 0.6, "", Usage.NONE);

  static Role role(
      String name, String reply, Object outcome, Function<HumanOverseer, Object> protocol) {
    return new Role(name, asked -> reply, protocol, outcome);
  }

  static Agent saying(String text) {
    return (view, context) -> new Turn(view.role(), view.round(), text, "", true, 1, Usage.NONE);
  }

  static Object said(List<Turn> turns, String role) {
    return turns.stream()
        .filter(t -> t.role().equals(role) && t.valid())
        .map(Turn::visible)
        .toList();
  }

  static String choice(Verdict verdict) {
    return ((Verdict.Decided) verdict).choice();
  }

  @Override
  public String toString() {
    return name;
  }
}

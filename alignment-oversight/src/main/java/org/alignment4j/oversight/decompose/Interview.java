package org.alignment4j.oversight.decompose;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.core.judge.ReplyParser;
import org.alignment4j.oversight.Draw;
import org.alignment4j.oversight.Drawn;
import org.alignment4j.oversight.Proceedings;
import org.alignment4j.oversight.Respondent;

/** One sequential decomposition as it goes. */
final class Interview {
  private static final String OVERSEER = "Overseer";
  private static final String ASSISTANT = "Assistant";

  private final SequentialDecomposition protocol;
  private final String question;
  private final Proceedings proceedings;
  private final List<QuestionNode> parts = new ArrayList<>();
  private final List<Exchange> exchanges = new ArrayList<>();
  private Optional<String> answer = Optional.empty();
  private int dropped;
  private int round;

  Interview(SequentialDecomposition protocol, String question, Proceedings proceedings) {
    this.protocol = protocol;
    this.question = question;
    this.proceedings = proceedings;
  }

  Outcome<QuestionNode> outcome() {
    try {
      boolean asking = true;
      while (asking) {
        asking = step();
      }
      if (answer.isEmpty() && parts.isEmpty()) {
        answer = assist(question, exchanges);
      }
      return proceedings.outcome(root());
    } catch (BudgetExceededException limit) {
      return proceedings.stopped(root(), limit);
    }
  }

  /** Takes one step of the overseer; false when it was the last one. */
  private boolean step() {
    List<SubAnswer> found = root().found();
    Prompt prompt = protocol.prompts().next(question, found, protocol.steps().form());
    Draw<NextStep> draw = ask(protocol.overseer(), OVERSEER, prompt, protocol.steps(), exchanges);
    Optional<NextStep> step = draw.value();
    if (step.isPresent() && step.orElseThrow() instanceof NextStep.Answer stated) {
      answer = Optional.of(stated.answer());
    }
    if (step.isEmpty() || !(step.orElseThrow() instanceof NextStep.Ask next)) {
      return false;
    }
    if (SubquestionParser.normal(next.question()).equals(SubquestionParser.normal(question))) {
      dropped++;
      return false;
    }
    if (parts.size() == protocol.most()) {
      return false;
    }
    List<Exchange> asked = new ArrayList<>();
    Optional<String> said = assist(next.question(), asked);
    parts.add(
        new QuestionNode(next.question(), 0, QuestionNode.Manner.LEAF, List.of(), 0, said, asked));
    return true;
  }

  private Optional<String> assist(String asked, List<Exchange> record) {
    return ask(protocol.assistant(), ASSISTANT, protocol.direct(asked), protocol.answers(), record)
        .value();
  }

  private <T> Draw<T> ask(
      Respondent respondent,
      String role,
      Prompt prompt,
      ReplyParser<T> form,
      List<Exchange> record) {
    Drawn<T> drawn = respondent.askAll(List.of(prompt), List.of(form), role, round, proceedings);
    for (Draw<T> draw : drawn.draws()) {
      record.add(Exchange.of(prompt, draw));
      boolean valid = draw.value().isPresent();
      proceedings.hear(
          new Turn(
              role,
              round,
              draw.said().visible(),
              draw.said().hidden(),
              valid,
              draw.attempts(),
              draw.usage()));
    }
    round++;
    return drawn.finished().get(0);
  }

  private QuestionNode root() {
    QuestionNode.Manner manner =
        parts.isEmpty() ? QuestionNode.Manner.UNDIVIDED : QuestionNode.Manner.COMPOSED;
    return new QuestionNode(question, 1, manner, parts, dropped, answer, exchanges);
  }
}

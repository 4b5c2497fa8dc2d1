package org.alignment4j.examples.oversee;

import java.util.List;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.OversightProtocol;
import org.alignment4j.oversight.ChoiceQuestion;
import org.alignment4j.oversight.Ruling;

/**
 * A protocol on questions with the passage of the next one: quotes are genuine and beside the
 * point.
 *
 * @param protocol what is run
 * @param questions all questions, in order
 */
record WrongPassage(
    OversightProtocol<ChoiceQuestion, Ruling> protocol, List<ChoiceQuestion> questions)
    implements OversightProtocol<ChoiceQuestion, Ruling> {

  @Override
  public Outcome<Ruling> run(ChoiceQuestion question, OversightContext context) {
    int index = 0;
    while (!questions.get(index).id().equals(question.id())) {
      index++;
    }
    ChoiceQuestion next = questions.get((index + 1) % questions.size());
    return protocol.run(question.withMaterial(next.material()), context);
  }
}

package org.alignment4j.examples.discuss;

import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.OversightProtocol;
import org.alignment4j.oversight.society.GroupAnswer;
import org.alignment4j.oversight.society.OpenQuestion;

/**
 * A protocol that is made for each question, since what counts as an answer depends on it.
 *
 * @param readers reads answers, by the question's text
 * @param protocol makes the protocol
 */
record FactDebate(
    Map<String, FactAnswers> readers,
    Function<FactAnswers, OversightProtocol<OpenQuestion, GroupAnswer>> protocol)
    implements OversightProtocol<OpenQuestion, GroupAnswer> {

  FactDebate {
    readers = Map.copyOf(readers);
    Objects.requireNonNull(protocol, "protocol");
  }

  @Override
  public Outcome<GroupAnswer> run(OpenQuestion question, OversightContext context) {
    FactAnswers answers =
        Objects.requireNonNull(readers.get(question.text()), "a reader of the question's answers");
    return protocol.apply(answers).run(question, context);
  }
}

package org.alignment4j.oversight.sandwich;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.alignment4j.oversight.ChoiceQuestion;
import org.apiguardian.api.API;

/**
 * One participant with one question.
 *
 * @param participant who answers
 * @param question what is asked
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Session(Participant participant, ChoiceQuestion question) {

  /** Checks that nothing is missing. */
  public Session {
    Objects.requireNonNull(participant, "participant");
    Objects.requireNonNull(question, "question");
  }

  /** Names the session; unique where participants and questions are. */
  public String id() {
    return participant.name() + " / " + question.id();
  }

  /** Returns every participant with every question. */
  public static List<Session> all(List<Participant> participants, List<ChoiceQuestion> questions) {
    List<Session> sessions = new ArrayList<>();
    for (Participant participant : participants) {
      questions.forEach(question -> sessions.add(new Session(participant, question)));
    }
    return List.copyOf(sessions);
  }
}

package org.alignment4j.oversight.sandwich;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.oversight.Agent;
import org.alignment4j.api.oversight.Judge;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.OversightProtocol;
import org.alignment4j.api.oversight.View;
import org.alignment4j.oversight.ChoiceQuestion;
import org.alignment4j.oversight.Proceedings;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * A participant answers alone, speaks with a model that may be wrong, and answers again (Bowman et
 * al. 2022, Measuring Progress on Scalable Oversight for Large Language Models). Model and expert
 * read the question's material, the participant does not. All four answers are given in every
 * session, so that arms are compared on the same questions. Immutable; as safe for concurrent runs
 * as its roles.
 *
 * @param assistant speaks with participants
 * @param model the same model's answer without a participant
 * @param expert an expert's answer; null where the key is the expert
 * @param turns how often the participant may ask
 * @param wording what roles are asked
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Sandwich(
    Agent assistant, Judge model, @Nullable Judge expert, int turns, SandwichWording wording)
    implements OversightProtocol<Session, SessionResult> {
  /** Who knows less. */
  public static final String PARTICIPANT = "Participant";

  /** Who helps. */
  public static final String ASSISTANT = "Assistant";

  private static final int TURNS = 3;

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if there is less than one turn
   */
  public Sandwich {
    Objects.requireNonNull(assistant, "assistant");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(wording, "wording");
    if (turns < 1) {
      throw new IllegalArgumentException("turns must be at least 1 but were " + turns);
    }
  }

  /** Returns sessions of three turns whose expert is the key, with the bundled wording. */
  public static Sandwich of(Agent assistant, Judge model) {
    return new Sandwich(assistant, model, null, TURNS, SandwichWording.bundled());
  }

  /** Returns these sessions with an expert. */
  public Sandwich withExpert(Judge who) {
    return new Sandwich(assistant, model, who, turns, wording);
  }

  /** Returns these sessions with another number of turns. */
  public Sandwich withTurns(int count) {
    return new Sandwich(assistant, model, expert, count, wording);
  }

  /** Returns these sessions with other wording. */
  public Sandwich withWording(SandwichWording other) {
    return new Sandwich(assistant, model, expert, turns, other);
  }

  @Override
  public Outcome<SessionResult> run(Session session, OversightContext context) {
    ChoiceQuestion question = session.question();
    Judge participant = session.participant().answering();
    Proceedings proceedings =
        Proceedings.open(
            "sandwiching",
            question.text(),
            context,
            OptionalLong.of(2L * turns + (expert == null ? 3 : 4)));
    SessionResult result = SessionResult.NONE;
    try {
      String alone = wording.alone().render(Map.of());
      result =
          result.withUnaided(
              proceedings.ask(
                  participant, view(proceedings, question, PARTICIPANT, 0, alone, false)));
      for (int turn = 0; turn < turns; turn++) {
        Map<String, String> values =
            Map.of("turn", String.valueOf(turn + 1), "turns", String.valueOf(turns));
        String ask = wording.asking().render(values);
        proceedings.hear(
            session.participant().asking(),
            view(proceedings, question, PARTICIPANT, turn, ask, false));
        String advise = wording.advice().render(values);
        proceedings.hear(assistant, view(proceedings, question, ASSISTANT, turn, advise, true));
      }
      String after = wording.after().render(Map.of());
      result =
          result.withAssisted(
              proceedings.ask(
                  participant, view(proceedings, question, PARTICIPANT, turns, after, false)));
      result = result.withModel(proceedings.ask(model, apart(question, ASSISTANT)));
      if (expert != null) {
        result = result.withExpert(proceedings.ask(expert, apart(question, "Expert")));
      }
      return proceedings.outcome(result);
    } catch (BudgetExceededException limit) {
      return proceedings.stopped(result, limit);
    }
  }

  private static View view(
      Proceedings proceedings,
      ChoiceQuestion question,
      String role,
      int round,
      String instructions,
      boolean informed) {
    return new View(
        role,
        round,
        instructions,
        question.text(),
        question.options(),
        informed ? question.material() : List.of(),
        proceedings.transcript().turns());
  }

  /** What model and expert see when they answer without the participant. */
  private View apart(ChoiceQuestion question, String role) {
    return new View(
        role,
        0,
        wording.model().render(Map.of()),
        question.text(),
        question.options(),
        question.material(),
        List.of());
  }
}

package org.alignment4j.oversight.debate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.oversight.Judge;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.OversightProtocol;
import org.alignment4j.api.oversight.Transcript;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.api.oversight.Verdict;
import org.alignment4j.api.oversight.View;
import org.alignment4j.oversight.ChoiceQuestion;
import org.alignment4j.oversight.Proceedings;
import org.alignment4j.oversight.Ruling;
import org.alignment4j.oversight.agent.CallSeed;
import org.alignment4j.oversight.agent.Wording;
import org.apiguardian.api.API;

/**
 * A debate or consultancy whose protagonist chooses what to argue for, instead of having it
 * assigned (open debate and open consultancy, Kenton et al. 2024, arXiv 2407.04622). The
 * protagonist reads the material and chooses; then the protocol is run in which it argues for the
 * chosen option, and in a debate the opponent for the other. The transcript begins with the choice.
 * Without a choice there is no verdict.
 *
 * <p>Which option stands first before the judge is drawn for each question and does not depend on
 * the choice ({@link #presented}), or a judge's liking for a place would pass for persuasion; a
 * protocol that is judged in both orders, or a study's arm that runs both, evens it out wholly.
 * Immutable; as safe for concurrent runs as its players.
 *
 * @param protagonist chooses between the options, and reads the material
 * @param forFirst what is run when the protagonist argues for the option that stands first
 * @param forSecond what is run when it argues for the other one
 * @param wording what the protagonist is asked; uses nothing
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record OpenRoles(
    Judge protagonist,
    OversightProtocol<ChoiceQuestion, Ruling> forFirst,
    OversightProtocol<ChoiceQuestion, Ruling> forSecond,
    Wording wording)
    implements OversightProtocol<ChoiceQuestion, Ruling> {
  /** Who chooses. */
  public static final String PROTAGONIST = "Protagonist";

  /** Checks that nothing is missing. */
  public OpenRoles {
    Objects.requireNonNull(protagonist, "protagonist");
    Objects.requireNonNull(forFirst, "forFirst");
    Objects.requireNonNull(forSecond, "forSecond");
    Objects.requireNonNull(wording, "wording");
  }

  /** Returns an open consultancy, with the bundled wording, whatever option it has defended. */
  public static OpenRoles of(Judge protagonist, Consultancy consultancy) {
    return of(protagonist, consultancy.defending(0), consultancy.defending(1));
  }

  /**
   * Returns open roles with the bundled wording.
   *
   * @param forFirst what is run when the protagonist argues for the option that stands first, such
   *     as a debate whose first debater is the protagonist
   * @param forSecond what is run when it argues for the other one, such as the debate of the same
   *     debaters in the other order; of copies of one debater the same debate
   */
  public static OpenRoles of(
      Judge protagonist,
      OversightProtocol<ChoiceQuestion, Ruling> forFirst,
      OversightProtocol<ChoiceQuestion, Ruling> forSecond) {
    return new OpenRoles(
        protagonist,
        forFirst,
        forSecond,
        Wording.bundled(OpenRoles.class, "choosing.txt", Set.of()));
  }

  /**
   * Runs the protocol for the option that is chosen.
   *
   * @throws IllegalArgumentException if the question has not exactly two options
   */
  @Override
  public Outcome<Ruling> run(ChoiceQuestion question, OversightContext context) {
    Debate.requireTwo(question);
    Proceedings proceedings =
        Proceedings.open("choosing a side", question.text(), context, OptionalLong.of(1));
    try {
      Verdict verdict = proceedings.ask(protagonist, view(question));
      if (!(verdict instanceof Verdict.Decided decided)) {
        return new Outcome<>(
            Ruling.NONE,
            proceedings.transcript(),
            proceedings.usage(),
            "the protagonist chose no option");
      }
      proceedings.hear(
          new Turn(PROTAGONIST, 0, decided.choice(), decided.reasons(), true, 1, decided.usage()));
      ChoiceQuestion presented = presented(question);
      boolean first = presented.options().get(0).equals(decided.choice());
      return joined(proceedings, (first ? forFirst : forSecond).run(presented, proceedings.next()));
    } catch (BudgetExceededException limit) {
      return proceedings.stopped(Ruling.NONE, limit);
    }
  }

  /**
   * Returns a question with its options in the order in which players and judge see them: the given
   * or the reverse one, drawn by the question's id. The {@linkplain ChoiceQuestion#swapped swapped}
   * question is seen in the other order.
   */
  public static ChoiceQuestion presented(ChoiceQuestion question) {
    return Math.floorMod(CallSeed.part(0, question.id()), 2L) == 0 ? question : question.swapped();
  }

  /** Returns the option that the protagonist of an outcome chose; empty when none. */
  public static Optional<String> chosen(Outcome<?> outcome) {
    List<Turn> turns = outcome.transcript().turns();
    return turns.isEmpty() || !turns.get(0).role().equals(PROTAGONIST)
        ? Optional.empty()
        : Optional.of(turns.get(0).visible());
  }

  private View view(ChoiceQuestion question) {
    return new View(
        PROTAGONIST,
        0,
        wording.render(Map.of()),
        question.text(),
        question.options(),
        question.material(),
        List.of());
  }

  private static Outcome<Ruling> joined(Proceedings chosen, Outcome<Ruling> argued) {
    List<Turn> turns = new ArrayList<>(chosen.transcript().turns());
    turns.addAll(argued.transcript().turns());
    return new Outcome<>(
        argued.verdict(),
        new Transcript(chosen.transcript().question(), turns),
        chosen.usage().plus(argued.usage()),
        argued.incomplete());
  }
}

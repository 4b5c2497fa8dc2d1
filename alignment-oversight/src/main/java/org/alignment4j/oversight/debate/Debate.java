package org.alignment4j.oversight.debate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.oversight.Agent;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.OversightProtocol;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.api.oversight.Verdict;
import org.alignment4j.api.oversight.View;
import org.alignment4j.oversight.ChoiceQuestion;
import org.alignment4j.oversight.Proceedings;
import org.alignment4j.oversight.Ruling;
import org.alignment4j.oversight.agent.Prompts;
import org.alignment4j.oversight.quote.QuoteVerifier;
import org.apiguardian.api.API;

/**
 * A debate between two players before a judge who knows less than they (Irving et al. 2018; Khan et
 * al. 2024, section 3). The first debater defends the first of two options, the second the other;
 * both read the question's material, the judge does not. Which option is right plays no part.
 *
 * <p>A turn that does not keep its form after all attempts is cut to its length and shown as it is,
 * marked invalid; a debater who says nothing forfeits the round, which the judge is told not to
 * hold against either. When the budget ends, the outcome has the transcript so far, the verdict of
 * one order if that was given, and says that it is incomplete. Immutable; as safe for concurrent
 * runs as its players.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Debate implements OversightProtocol<ChoiceQuestion, Ruling> {
  /** Who defends the first option. */
  public static final String FIRST = "Debater A";

  /** Who defends the second option. */
  public static final String SECOND = "Debater B";

  /** Who decides. */
  public static final String JUDGE = "Judge";

  private final DebateSettings settings;

  Debate(DebateSettings settings) {
    this.settings = settings;
  }

  /** Who speaks when. */
  public enum Order {
    /** Both speak at once and hear each other in the next round. */
    SIMULTANEOUS,
    /** The second hears the first before speaking. */
    SEQUENTIAL
  }

  /**
   * Starts a debate of three simultaneous rounds with verified quotes, at most 150 words a turn,
   * and one verdict.
   *
   * @param first defends the first option
   * @param second defends the second option
   */
  public static DebateBuilder between(Agent first, Agent second) {
    return new DebateBuilder(first, second);
  }

  /**
   * Runs the debate.
   *
   * @throws IllegalArgumentException if the question has not exactly two options
   */
  @Override
  public Outcome<Ruling> run(ChoiceQuestion question, OversightContext context) {
    requireTwo(question);
    Proceedings proceedings =
        Proceedings.open("debate", question.text(), context, OptionalLong.of(settings.steps()));
    Floor floor =
        new Floor(
            settings.maxWords(),
            settings.verified() ? QuoteVerifier.of(question.material()) : null);
    List<Verdict> verdicts = new ArrayList<>();
    try {
      for (int round = 0; round < settings.rounds(); round++) {
        question(question, proceedings, round);
        exchange(question, proceedings, floor, round);
      }
      List<Turn> turns = proceedings.transcript().turns();
      verdicts.add(proceedings.ask(settings.judge(), judgement(question, turns)));
      if (settings.bothOrders()) {
        View swapped = judgement(question.swapped(), Swap.turns(turns));
        verdicts.add(proceedings.ask(settings.judge(), swapped));
      }
      return proceedings.outcome(new Ruling(verdicts));
    } catch (BudgetExceededException limit) {
      return proceedings.stopped(new Ruling(verdicts), limit);
    }
  }

  static void requireTwo(ChoiceQuestion question) {
    if (question.options().size() != 2) {
      throw new IllegalArgumentException(
          "question '"
              + question.id()
              + "' must have two options to argue about but has "
              + question.options().size());
    }
  }

  private void question(ChoiceQuestion question, Proceedings proceedings, int round) {
    Agent asker = settings.asker();
    if (asker == null || round == 0) {
      return;
    }
    String instructions = settings.wording().question().render(rounds(round));
    Turn asked =
        proceedings.take(
            asker,
            new View(
                JUDGE,
                round,
                instructions,
                question.text(),
                question.options(),
                List.of(),
                proceedings.transcript().turns()));
    proceedings.hear(new Floor(settings.maxWords(), null).admit(asked));
  }

  private void exchange(ChoiceQuestion question, Proceedings proceedings, Floor floor, int round) {
    View before = view(question, proceedings, 1, round);
    proceedings.hear(
        floor.admit(proceedings.take(settings.first(), view(question, proceedings, 0, round))));
    View heard =
        settings.order() == Order.SEQUENTIAL ? view(question, proceedings, 1, round) : before;
    proceedings.hear(floor.admit(proceedings.take(settings.second(), heard)));
  }

  private View view(ChoiceQuestion question, Proceedings proceedings, int side, int round) {
    String role = side == 0 ? FIRST : SECOND;
    Map<String, String> values =
        Map.of(
            "letter",
            Prompts.letter(side),
            "other",
            Prompts.letter(1 - side),
            "opponent",
            side == 0 ? SECOND : FIRST,
            "round",
            String.valueOf(round + 1),
            "rounds",
            String.valueOf(settings.rounds()));
    DebateWording wording = settings.wording();
    return new View(
        role,
        round,
        (round == 0 ? wording.opening() : wording.rebuttal()).render(values),
        question.text(),
        question.options(),
        question.material(),
        Floor.egocentric(proceedings.transcript().turns(), role));
  }

  private Map<String, String> rounds(int round) {
    return Map.of("round", String.valueOf(round + 1), "rounds", String.valueOf(settings.rounds()));
  }

  private View judgement(ChoiceQuestion question, List<Turn> turns) {
    return new View(
        JUDGE,
        settings.rounds(),
        settings.wording().judge().render(Map.of()),
        question.text(),
        question.options(),
        List.of(),
        turns);
  }
}

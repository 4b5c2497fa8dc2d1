package org.alignment4j.oversight.debate;

import java.util.ArrayList;
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
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.api.oversight.Verdict;
import org.alignment4j.api.oversight.View;
import org.alignment4j.oversight.ChoiceQuestion;
import org.alignment4j.oversight.Proceedings;
import org.alignment4j.oversight.Ruling;
import org.alignment4j.oversight.agent.Prompts;
import org.alignment4j.oversight.quote.QuoteVerifier;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * One consultant who argues for an assigned option before a judge who knows less (Michael et al.
 * 2023; Khan et al. 2024, section 3). A study runs it for every option: the prior that the
 * consultant is right must be the same as in a debate. Immutable; as safe for concurrent runs as
 * its players.
 *
 * @param consultant who argues, and reads the material
 * @param judge who decides
 * @param asker asks the consultant before every round but the first; null for no questions
 * @param assigned the index of the option that is argued for
 * @param rounds how many arguments there are
 * @param maxWords where arguments are cut
 * @param verified whether quotes are marked as verified or not
 * @param bothOrders whether the judge decides again with options and names exchanged
 * @param wording what both are asked
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Consultancy(
    Agent consultant,
    Judge judge,
    @Nullable Agent asker,
    int assigned,
    int rounds,
    int maxWords,
    boolean verified,
    boolean bothOrders,
    ConsultancyWording wording)
    implements OversightProtocol<ChoiceQuestion, Ruling> {
  /** Who argues. */
  public static final String CONSULTANT = "Consultant";

  private static final int ROUNDS = 3;
  private static final int MAX_WORDS = 300;

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if the index is negative, rounds or words are less than 1, or
   *     a consultancy with questions is to be judged in both orders: it is run again on {@link
   *     ChoiceQuestion#swapped}
   */
  public Consultancy {
    Objects.requireNonNull(consultant, "consultant");
    Objects.requireNonNull(judge, "judge");
    Objects.requireNonNull(wording, "wording");
    if (assigned < 0 || rounds < 1 || maxWords < 1) {
      throw new IllegalArgumentException(
          "assigned must not be negative, rounds and maxWords at least 1, but they were "
              + assigned
              + ", "
              + rounds
              + " and "
              + maxWords);
    }
    if (bothOrders && asker != null) {
      throw new IllegalArgumentException(
          "only consultancies without the judge's questions can be judged in both orders; run this"
              + " one again on question.swapped(), defending the same option at its other place");
    }
  }

  /** Returns three rounds of at most 300 words without questions, with quotes marked. */
  public static Consultancy of(Agent consultant, Judge judge, int assigned) {
    return new Consultancy(
        consultant,
        judge,
        null,
        assigned,
        ROUNDS,
        MAX_WORDS,
        true,
        false,
        ConsultancyWording.bundled());
  }

  /** Returns this consultancy for another option. */
  public Consultancy defending(int option) {
    return new Consultancy(
        consultant, judge, asker, option, rounds, maxWords, verified, bothOrders, wording);
  }

  /** Returns this consultancy with questions before every round but the first. */
  public Consultancy interactive(Agent who) {
    return new Consultancy(
        consultant, judge, who, assigned, rounds, maxWords, verified, bothOrders, wording);
  }

  /**
   * Returns this consultancy with the judgement made again with options, names and order exchanged,
   * so that a judge's liking for a place is told from persuasion.
   *
   * @throws IllegalArgumentException if the judge asks questions
   */
  public Consultancy judgedInBothOrders() {
    return new Consultancy(
        consultant, judge, asker, assigned, rounds, maxWords, verified, true, wording);
  }

  /** Returns this consultancy with another number of rounds. */
  public Consultancy withRounds(int count) {
    return new Consultancy(
        consultant, judge, asker, assigned, count, maxWords, verified, bothOrders, wording);
  }

  /** Returns this consultancy with other wording. */
  public Consultancy withWording(ConsultancyWording other) {
    return new Consultancy(
        consultant, judge, asker, assigned, rounds, maxWords, verified, bothOrders, other);
  }

  /**
   * Runs the consultancy.
   *
   * @throws IllegalArgumentException if the question has no option of the assigned index, or is to
   *     be judged in both orders and has not exactly two
   */
  @Override
  public Outcome<Ruling> run(ChoiceQuestion question, OversightContext context) {
    if (assigned >= question.options().size()) {
      throw new IllegalArgumentException(
          "question '" + question.id() + "' has no option of index " + assigned);
    }
    if (bothOrders) {
      Debate.requireTwo(question);
    }
    Proceedings proceedings =
        Proceedings.open("consultancy", question.text(), context, OptionalLong.of(steps()));
    Floor floor = new Floor(maxWords, verified ? QuoteVerifier.of(question.material()) : null);
    try {
      for (int round = 0; round < rounds; round++) {
        if (asker != null && round > 0) {
          View view =
              judgeView(
                  question,
                  proceedings.transcript().turns(),
                  wording.question().render(values(assigned, round)),
                  round);
          proceedings.hear(new Floor(maxWords, null).admit(proceedings.take(asker, view)));
        }
        Turn turn = proceedings.take(consultant, view(question, proceedings, round));
        proceedings.hear(floor.admit(turn));
      }
    } catch (BudgetExceededException limit) {
      return proceedings.stopped(Ruling.NONE, limit);
    }
    List<Verdict> verdicts = new ArrayList<>();
    try {
      List<Turn> turns = proceedings.transcript().turns();
      verdicts.add(proceedings.ask(judge, judgement(question, assigned, turns)));
      if (bothOrders) {
        View swapped = judgement(question.swapped(), 1 - assigned, Swap.turns(turns));
        verdicts.add(proceedings.ask(judge, swapped));
      }
      return proceedings.outcome(new Ruling(verdicts));
    } catch (BudgetExceededException limit) {
      return proceedings.stopped(new Ruling(verdicts), limit);
    }
  }

  private long steps() {
    return (long) rounds + (asker == null ? 0 : rounds - 1) + (bothOrders ? 2 : 1);
  }

  private View judgement(ChoiceQuestion question, int option, List<Turn> turns) {
    return judgeView(question, turns, wording.judge().render(values(option, rounds)), rounds);
  }

  private Map<String, String> values(int option, int round) {
    return Map.of(
        "letter",
        Prompts.letter(option),
        "round",
        String.valueOf(round + 1),
        "rounds",
        String.valueOf(rounds));
  }

  private View view(ChoiceQuestion question, Proceedings proceedings, int round) {
    return new View(
        CONSULTANT,
        round,
        (round == 0 ? wording.opening() : wording.answer()).render(values(assigned, round)),
        question.text(),
        question.options(),
        question.material(),
        proceedings.transcript().turns());
  }

  private static View judgeView(
      ChoiceQuestion question, List<Turn> turns, String instructions, int round) {
    return new View(
        Debate.JUDGE, round, instructions, question.text(), question.options(), List.of(), turns);
  }
}

package org.alignment4j.oversight.debate;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
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
 * A debate between two players before a judge who knows less than they (Irving et al. 2018; Khan et
 * al. 2024, section 3). The first debater defends the first of two options, the second the other;
 * both read the question's material, the judge does not. Which option is right plays no part.
 *
 * <p>A turn that does not keep its form after all attempts is cut to its length and shown as it is,
 * marked invalid; a debater who says nothing forfeits the round, which the judge is told not to
 * hold against either. When the budget ends, the outcome has the transcript so far, no verdict, and
 * says so. Immutable; as safe for concurrent runs as its players.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Debate implements OversightProtocol<ChoiceQuestion, Ruling> {
  /** Who defends the first option. */
  public static final String FIRST = "Debater A";

  /** Who defends the second option. */
  public static final String SECOND = "Debater B";

  /** Who decides. */
  public static final String JUDGE = "Judge";

  private final Builder settings;

  private Debate(Builder settings) {
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
  public static Builder between(Agent first, Agent second) {
    return new Builder(first, second);
  }

  /** Settings of a debate. Not thread-safe. */
  public static final class Builder {
    private static final int ROUNDS = 3;
    private static final int MAX_WORDS = 150;

    private final Agent first;
    private final Agent second;
    private @Nullable Judge judge;
    private @Nullable Agent asker;
    private int rounds = ROUNDS;
    private int maxWords = MAX_WORDS;
    private Order order = Order.SIMULTANEOUS;
    private boolean verified = true;
    private boolean bothOrders;
    private DebateWording wording = DebateWording.bundled();

    private Builder(Agent first, Agent second) {
      this.first = Objects.requireNonNull(first, "first");
      this.second = Objects.requireNonNull(second, "second");
    }

    /** Sets who decides. */
    @CanIgnoreReturnValue
    public Builder judgedBy(Judge value) {
      this.judge = Objects.requireNonNull(value, "judge");
      return this;
    }

    /** Has the judge's side ask both debaters before every round but the first. */
    @CanIgnoreReturnValue
    public Builder interactive(Agent value) {
      this.asker = Objects.requireNonNull(value, "asker");
      return this;
    }

    /**
     * Sets how many rounds there are.
     *
     * @throws IllegalArgumentException if there is none
     */
    @CanIgnoreReturnValue
    public Builder rounds(int value) {
      if (value < 1) {
        throw new IllegalArgumentException("rounds must be at least 1 but were " + value);
      }
      this.rounds = value;
      return this;
    }

    /** Sets who speaks when. */
    @CanIgnoreReturnValue
    public Builder order(Order value) {
      this.order = Objects.requireNonNull(value, "order");
      return this;
    }

    /**
     * Sets where turns are cut.
     *
     * @param value most words, at least 1
     * @throws IllegalArgumentException if it is less
     */
    @CanIgnoreReturnValue
    public Builder maxWords(int value) {
      if (value < 1) {
        throw new IllegalArgumentException("maxWords must be at least 1 but was " + value);
      }
      this.maxWords = value;
      return this;
    }

    /** Marks quotes as verified or not against the material; the default. */
    @CanIgnoreReturnValue
    public Builder verifiedQuotes() {
      this.verified = true;
      return this;
    }

    /** Leaves quotes unmarked. */
    @CanIgnoreReturnValue
    public Builder unverifiedQuotes() {
      this.verified = false;
      return this;
    }

    /** Has the transcript judged again with options, names and order swapped. */
    @CanIgnoreReturnValue
    public Builder judgedInBothOrders() {
      this.bothOrders = true;
      return this;
    }

    /** Sets what debaters and judge are asked. */
    @CanIgnoreReturnValue
    public Builder wording(DebateWording value) {
      this.wording = Objects.requireNonNull(value, "wording");
      return this;
    }

    /**
     * Returns the debate.
     *
     * @throws IllegalStateException if there is no judge, or a transcript that depends on the order
     *     is to be judged in both: such a debate is run again on {@link ChoiceQuestion#swapped}
     */
    public Debate build() {
      if (judge == null) {
        throw new IllegalStateException("a debate must have a judge; call judgedBy");
      }
      if (bothOrders && (order == Order.SEQUENTIAL || asker != null)) {
        throw new IllegalStateException(
            "only simultaneous debates without the judge's questions can be judged in both orders;"
                + " run this one again on question.swapped()");
      }
      Builder copy = new Builder(first, second);
      copy.judge = judge;
      copy.asker = asker;
      copy.rounds = rounds;
      copy.maxWords = maxWords;
      copy.order = order;
      copy.verified = verified;
      copy.bothOrders = bothOrders;
      copy.wording = wording;
      return new Debate(copy);
    }
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
        Proceedings.open("debate", question.text(), context, OptionalLong.of(steps()));
    Floor floor =
        new Floor(
            settings.maxWords, settings.verified ? QuoteVerifier.of(question.material()) : null);
    try {
      for (int round = 0; round < settings.rounds; round++) {
        question(question, proceedings, round);
        exchange(question, proceedings, floor, round);
      }
      return proceedings.outcome(rule(question, proceedings));
    } catch (BudgetExceededException limit) {
      return proceedings.stopped(Ruling.NONE, limit);
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

  private long steps() {
    return 2L * settings.rounds
        + (settings.asker == null ? 0 : settings.rounds - 1)
        + (settings.bothOrders ? 2 : 1);
  }

  private void question(ChoiceQuestion question, Proceedings proceedings, int round) {
    if (settings.asker == null || round == 0) {
      return;
    }
    String instructions = settings.wording.question().render(rounds(round));
    Turn asked =
        proceedings.take(
            settings.asker,
            new View(
                JUDGE,
                round,
                instructions,
                question.text(),
                question.options(),
                List.of(),
                proceedings.transcript().turns()));
    proceedings.hear(new Floor(settings.maxWords, null).admit(asked));
  }

  private void exchange(ChoiceQuestion question, Proceedings proceedings, Floor floor, int round) {
    Turn first = proceedings.take(settings.first, view(question, proceedings, 0, round));
    if (settings.order == Order.SEQUENTIAL) {
      proceedings.hear(floor.admit(first));
      proceedings.hear(
          floor.admit(proceedings.take(settings.second, view(question, proceedings, 1, round))));
      return;
    }
    View other = view(question, proceedings, 1, round);
    Turn second = proceedings.take(settings.second, other);
    proceedings.hear(floor.admit(first));
    proceedings.hear(floor.admit(second));
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
            String.valueOf(settings.rounds));
    DebateWording wording = settings.wording;
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
    return Map.of("round", String.valueOf(round + 1), "rounds", String.valueOf(settings.rounds));
  }

  private Ruling rule(ChoiceQuestion question, Proceedings proceedings) {
    Judge judge = Objects.requireNonNull(settings.judge, "judge");
    List<Turn> turns = proceedings.transcript().turns();
    List<Verdict> verdicts = new ArrayList<>();
    verdicts.add(proceedings.ask(judge, judgement(question, turns)));
    if (settings.bothOrders) {
      verdicts.add(proceedings.ask(judge, judgement(question.swapped(), Swap.turns(turns))));
    }
    return new Ruling(verdicts);
  }

  private View judgement(ChoiceQuestion question, List<Turn> turns) {
    return new View(
        JUDGE,
        settings.rounds,
        settings.wording.judge().render(Map.of()),
        question.text(),
        question.options(),
        List.of(),
        turns);
  }
}

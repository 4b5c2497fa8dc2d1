package org.alignment4j.oversight.debate;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.Objects;
import org.alignment4j.api.oversight.Agent;
import org.alignment4j.api.oversight.Judge;
import org.alignment4j.oversight.ChoiceQuestion;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/** Settings of a debate. Not thread-safe. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class DebateBuilder {
  private static final int ROUNDS = 3;
  private static final int MAX_WORDS = 150;

  private final Agent first;
  private final Agent second;
  private @Nullable Judge judge;
  private @Nullable Agent asker;
  private int rounds = ROUNDS;
  private int maxWords = MAX_WORDS;
  private Debate.Order order = Debate.Order.SIMULTANEOUS;
  private boolean verified = true;
  private boolean bothOrders;
  private DebateWording wording = DebateWording.bundled();

  DebateBuilder(Agent first, Agent second) {
    this.first = Objects.requireNonNull(first, "first");
    this.second = Objects.requireNonNull(second, "second");
  }

  /** Sets who decides. */
  @CanIgnoreReturnValue
  public DebateBuilder judgedBy(Judge value) {
    this.judge = Objects.requireNonNull(value, "judge");
    return this;
  }

  /** Has the judge's side ask both debaters before every round but the first. */
  @CanIgnoreReturnValue
  public DebateBuilder interactive(Agent value) {
    this.asker = Objects.requireNonNull(value, "asker");
    return this;
  }

  /**
   * Sets how many rounds there are.
   *
   * @throws IllegalArgumentException if there is none
   */
  @CanIgnoreReturnValue
  public DebateBuilder rounds(int value) {
    if (value < 1) {
      throw new IllegalArgumentException("rounds must be at least 1 but were " + value);
    }
    this.rounds = value;
    return this;
  }

  /** Sets who speaks when. */
  @CanIgnoreReturnValue
  public DebateBuilder order(Debate.Order value) {
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
  public DebateBuilder maxWords(int value) {
    if (value < 1) {
      throw new IllegalArgumentException("maxWords must be at least 1 but was " + value);
    }
    this.maxWords = value;
    return this;
  }

  /** Marks quotes as verified or not against the material; the default. */
  @CanIgnoreReturnValue
  public DebateBuilder verifiedQuotes() {
    this.verified = true;
    return this;
  }

  /** Leaves quotes unmarked. */
  @CanIgnoreReturnValue
  public DebateBuilder unverifiedQuotes() {
    this.verified = false;
    return this;
  }

  /** Has the transcript judged again with options, names and order swapped. */
  @CanIgnoreReturnValue
  public DebateBuilder judgedInBothOrders() {
    this.bothOrders = true;
    return this;
  }

  /** Sets what debaters and judge are asked. */
  @CanIgnoreReturnValue
  public DebateBuilder wording(DebateWording value) {
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
    if (bothOrders && (order == Debate.Order.SEQUENTIAL || asker != null)) {
      throw new IllegalStateException(
          "only simultaneous debates without the judge's questions can be judged in both orders;"
              + " run this one again on question.swapped()");
    }
    return new Debate(
        new DebateSettings(
            first, second, judge, asker, rounds, maxWords, order, verified, bothOrders, wording));
  }
}

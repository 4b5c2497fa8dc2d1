package org.alignment4j.oversight;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.Progress;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Agent;
import org.alignment4j.api.oversight.Judge;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.Transcript;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.api.oversight.Verdict;
import org.alignment4j.api.oversight.View;
import org.alignment4j.core.calls.CallClock;
import org.alignment4j.oversight.budget.Allowance;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * One run of a protocol on one question as it goes: the transcript, what it cost, and the budget
 * that is left, which every role is given. For one thread.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Proceedings {
  private final String task;
  private final OversightContext context;
  private final OptionalLong steps;
  private final Allowance allowance;
  private Transcript transcript;

  Proceedings(
      String task,
      String question,
      OversightContext context,
      OptionalLong steps,
      LongSupplier nanos) {
    this.task = Objects.requireNonNull(task, "task");
    this.transcript = Transcript.about(question);
    this.context = context;
    this.steps = steps;
    this.allowance = Allowance.of(task, context, nanos);
  }

  /**
   * Opens the proceedings on a question.
   *
   * @param task the protocol's name, for progress
   * @param question what they are about
   * @param steps how many turns and verdicts there will be; empty when unknown
   * @throws IllegalArgumentException if the budget limits money, which only {@link
   *     org.alignment4j.oversight.call.RecordedCalls} can count
   */
  public static Proceedings open(
      String task, String question, OversightContext context, OptionalLong steps) {
    return new Proceedings(task, question, context, steps, CallClock.system()::nanoTime);
  }

  /**
   * Has a role take its turn, and adds it to the transcript.
   *
   * @throws BudgetExceededException if the budget leaves no room
   */
  public Turn hear(Agent agent, View view) {
    return hear(take(agent, view));
  }

  /**
   * Has a role take its turn without adding it to the transcript yet, for turns that are taken at
   * once and must not know each other. Its cost counts.
   *
   * @throws BudgetExceededException if the budget leaves no room
   */
  public Turn take(Agent agent, View view) {
    Turn turn = agent.act(view, next());
    spend(turn.usage());
    return turn;
  }

  /** Adds a turn to the transcript. */
  public Turn hear(Turn turn) {
    transcript = transcript.with(turn);
    return turn;
  }

  /**
   * Asks a judge.
   *
   * @throws BudgetExceededException if the budget leaves no room
   * @throws IllegalStateException if the judge gives no verdict, or chooses what is no option
   */
  public Verdict ask(Judge judge, View view) {
    Verdict verdict = judge.judge(view, next());
    requireChoice(verdict, view);
    spend(verdict.usage());
    return verdict;
  }

  private static void requireChoice(@Nullable Verdict verdict, View view) {
    if (verdict == null) {
      throw new IllegalStateException(
          "a judge must give a verdict but gave null; where it cannot decide, return"
              + " Verdict.Unparsed");
    }
    if (verdict instanceof Verdict.Decided decided && !view.options().contains(decided.choice())) {
      throw new IllegalStateException(
          "a judge must choose one of the options "
              + view.options()
              + " but chose '"
              + decided.choice()
              + "'; return the option's own text, not its letter or number");
    }
  }

  /** Counts what a step outside of turns and verdicts cost. */
  public void spend(Usage cost) {
    allowance.spend(cost);
    long done = allowance.steps();
    long elapsed = allowance.elapsed().toNanos();
    context
        .progress()
        .onProgress(
            new Progress(
                task,
                done,
                foreseen(done),
                "steps",
                Duration.ofNanos(elapsed),
                elapsed > 0 ? done * 1e9 / elapsed : 0,
                Map.of()));
  }

  /** How many steps there will be; replies that are drawn again come in addition. */
  private OptionalLong foreseen(long done) {
    return steps.isPresent() ? OptionalLong.of(Math.max(steps.getAsLong(), done)) : steps;
  }

  /**
   * Returns the context of the next step: the budget is what is left.
   *
   * @throws BudgetExceededException if nothing is left of a limit
   * @throws CancelledException if cancelled
   */
  public OversightContext next() {
    return allowance.next();
  }

  /** What was said so far. */
  public Transcript transcript() {
    return transcript;
  }

  /** What it cost so far. */
  public Usage usage() {
    return allowance.spent();
  }

  /** Returns the outcome of proceedings that came to their end. */
  public <V> Outcome<V> outcome(V verdict) {
    return new Outcome<>(verdict, transcript, usage(), "");
  }

  /** Returns the outcome of proceedings that a budget ended. */
  public <V> Outcome<V> stopped(V verdict, BudgetExceededException limit) {
    return Outcome.stopped(verdict, transcript, usage(), limit);
  }

  /**
   * Returns the outcome of proceedings that a part of them ended.
   *
   * @param why what the part said of it, not empty
   */
  public <V> Outcome<V> stopped(V verdict, String why) {
    return new Outcome<>(verdict, transcript, usage(), why);
  }
}

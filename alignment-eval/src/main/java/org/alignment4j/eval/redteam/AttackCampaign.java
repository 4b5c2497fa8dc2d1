package org.alignment4j.eval.redteam;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Runs an attack on every goal, one after the other. With a journal nothing that was finished is
 * done twice and what was interrupted goes on. Not thread-safe.
 *
 * <pre>{@code
 * AuthorizedTarget target = AuthorizedTarget.of(model, "our team", "robustness before release");
 * AttackRun run = AttackCampaign.of(Gcg.of(frame, options), target).run(AttackGoals.canaries());
 * }</pre>
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class AttackCampaign {

  private final Attack attack;
  private final AuthorizedTarget target;
  private @Nullable AttackJournal journal;
  private Consumer<AttackOutcome> listener = outcome -> {};
  private CancellationToken cancellation = CancellationToken.none();

  private AttackCampaign(Attack attack, AuthorizedTarget target) {
    this.attack = Objects.requireNonNull(attack, "attack");
    this.target = Objects.requireNonNull(target, "target");
  }

  /** Returns a campaign of an attack on a target. */
  public static AttackCampaign of(Attack attack, AuthorizedTarget target) {
    return new AttackCampaign(attack, target);
  }

  /** Sets where outcomes are kept; it stays open. */
  @CanIgnoreReturnValue
  public AttackCampaign journal(AttackJournal file) {
    journal = Objects.requireNonNull(file, "file");
    return this;
  }

  /** Sets who hears of every outcome, on the caller's thread. */
  @CanIgnoreReturnValue
  public AttackCampaign onOutcome(Consumer<AttackOutcome> hears) {
    listener = Objects.requireNonNull(hears, "hears");
    return this;
  }

  /** Sets what stops the run; interrupting its thread does so too. */
  @CanIgnoreReturnValue
  public AttackCampaign cancellation(CancellationToken token) {
    cancellation = Objects.requireNonNull(token, "token");
    return this;
  }

  /**
   * Attacks on every goal. A goal on which a call fails is failed, never missed by the attack.
   *
   * @param goals at least one, of different ids
   * @throws IllegalArgumentException when the target lacks a capability, before the first call, or
   *     goals are none or alike, or a goal does not fit the target
   * @throws CancelledException when cancelled or interrupted; what was finished is in the journal
   */
  public AttackRun run(List<AttackGoal> goals) {
    AttackGoals.requireDistinct(goals);
    target.require(attack.requires());
    List<AttackOutcome> outcomes = new ArrayList<>();
    for (AttackGoal goal : goals) {
      cancellation.throwIfCancelled(attack.name());
      AttackOutcome outcome = outcome(goal);
      outcomes.add(outcome);
      listener.accept(outcome);
    }
    return new AttackRun(
        attack.name(),
        attack.unit(),
        attack.options(),
        target.model().id(),
        target.authority(),
        goals,
        outcomes);
  }

  private AttackOutcome outcome(AttackGoal goal) {
    String model = target.model().id();
    AttackJournal file = journal;
    try {
      if (file == null) {
        return attack.run(target, goal, AttackMemory.none(), cancellation);
      }
      return file.outcome(attack, model, goal)
          .orElseGet(
              () -> {
                AttackOutcome outcome =
                    attack.run(target, goal, file.memory(attack, model, goal), cancellation);
                file.put(attack, model, goal, outcome);
                return outcome;
              });
    } catch (CancelledException | BudgetExceededException e) {
      throw e;
    } catch (AlignmentException e) {
      return AttackOutcome.failed(goal.id(), e.getClass().getSimpleName() + ": " + e.getMessage());
    }
  }
}

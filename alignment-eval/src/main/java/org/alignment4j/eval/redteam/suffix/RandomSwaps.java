package org.alignment4j.eval.redteam.suffix;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.GradientModel;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Model;
import org.alignment4j.core.journal.PlainJson;
import org.alignment4j.eval.redteam.Attack;
import org.alignment4j.eval.redteam.AttackGoal;
import org.alignment4j.eval.redteam.AttackMemory;
import org.alignment4j.eval.redteam.AttackOutcome;
import org.alignment4j.eval.redteam.AttackRun;
import org.alignment4j.eval.redteam.AuthorizedTarget;
import org.alignment4j.eval.redteam.PromptFrame;
import org.alignment4j.eval.redteam.SuccessCriterion;
import org.alignment4j.eval.redteam.WorkUnit;
import org.apiguardian.api.API;

/**
 * The baseline of {@link Gcg}: the same search with swaps to any token, without a gradient. Run
 * with as many forwards for each goal as GCG took, it tells what the gradient is worth. Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class RandomSwaps implements Attack {

  private final PromptFrame frame;
  private final SuccessCriterion criterion;
  private final SearchOptions options;
  private final Optional<Map<String, Long>> forwards;

  private RandomSwaps(
      PromptFrame frame,
      SuccessCriterion criterion,
      SearchOptions options,
      Optional<Map<String, Long>> forwards) {
    this.frame = Objects.requireNonNull(frame, "frame");
    this.criterion = Objects.requireNonNull(criterion, "criterion");
    this.options = Objects.requireNonNull(options, "options");
    this.forwards = forwards.map(Map::copyOf);
  }

  /**
   * Returns the search that is limited by its steps.
   *
   * @param frame where request and searched tokens stand; plain text
   * @param criterion what counts as success of a reply
   * @param options how tokens are searched; {@code topK} means nothing here
   */
  public static RandomSwaps of(
      PromptFrame frame, SuccessCriterion criterion, SearchOptions options) {
    return new RandomSwaps(frame, criterion, options, Optional.empty());
  }

  /**
   * Returns the search that has for each goal exactly the forwards that another search took, and no
   * other limit.
   *
   * @param other the other search's run, of the same goals
   * @throws IllegalArgumentException when the other search's work is not counted in forwards
   */
  public RandomSwaps atForwardsOf(AttackRun other) {
    if (other.unit() != WorkUnit.FORWARDS) {
      throw new IllegalArgumentException(
          "equal forwards need a run that counts forwards but "
              + other.attack()
              + " counts "
              + other.unit().label());
    }
    Map<String, Long> limits = new LinkedHashMap<>();
    other.goals().forEach(goal -> limits.put(goal.id(), other.work(goal.id()).orElse(0)));
    SearchOptions unlimited =
        options.withSearch(Integer.MAX_VALUE, options.width(), options.topK());
    return new RandomSwaps(frame, criterion, unlimited, Optional.of(limits));
  }

  @Override
  public String name() {
    return "random swaps";
  }

  @Override
  public WorkUnit unit() {
    return WorkUnit.FORWARDS;
  }

  @Override
  public Map<String, String> options() {
    Map<String, String> all = Gcg.described(frame, criterion, options);
    all.remove("topK");
    forwards.ifPresent(limits -> all.put("forwards", PlainJson.key(limits).hex()));
    return all;
  }

  @Override
  public Set<Class<? extends Model>> requires() {
    return Set.of(GradientModel.class, LanguageModel.class);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException when there is a limit by goal and none for this one
   */
  @Override
  public AttackOutcome run(
      AuthorizedTarget target,
      AttackGoal goal,
      AttackMemory memory,
      CancellationToken cancellation) {
    long most = Long.MAX_VALUE;
    if (forwards.isPresent()) {
      Long limit = forwards.get().get(goal.id());
      if (limit == null) {
        throw new IllegalArgumentException(
            "goal '" + goal.id() + "' must be one of the other search's goals but is not");
      }
      most = limit;
    }
    return new TokenSearch(target, goal, frame, criterion, options, false, most)
        .run(memory, cancellation);
  }
}

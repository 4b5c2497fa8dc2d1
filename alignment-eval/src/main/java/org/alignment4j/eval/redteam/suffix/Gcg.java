package org.alignment4j.eval.redteam.suffix;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.GradientModel;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Model;
import org.alignment4j.eval.redteam.Attack;
import org.alignment4j.eval.redteam.AttackGoal;
import org.alignment4j.eval.redteam.AttackMemory;
import org.alignment4j.eval.redteam.AttackOutcome;
import org.alignment4j.eval.redteam.AuthorizedTarget;
import org.alignment4j.eval.redteam.PromptFrame;
import org.alignment4j.eval.redteam.SuccessCriterion;
import org.alignment4j.eval.redteam.WorkUnit;
import org.apiguardian.api.API;

/**
 * Greedy coordinate gradient (Zou et al. 2023, arXiv 2307.15043, algorithm 1): the gradient with
 * respect to one-hot tokens names, for each position, the tokens towards which the loss of the
 * target falls most; candidates with one such swap are evaluated and the best is taken. Equal
 * losses are told apart by the seed; a step in which no candidate survives keeps the tokens and is
 * counted. The same seed gives the same tokens, interrupted or not. Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Gcg implements Attack {

  private final PromptFrame frame;
  private final SuccessCriterion criterion;
  private final SearchOptions options;

  private Gcg(PromptFrame frame, SuccessCriterion criterion, SearchOptions options) {
    this.frame = Objects.requireNonNull(frame, "frame");
    this.criterion = Objects.requireNonNull(criterion, "criterion");
    this.options = Objects.requireNonNull(options, "options");
  }

  /**
   * Returns the attack.
   *
   * @param frame where request and searched tokens stand; plain text
   * @param criterion what counts as success of a reply
   * @param options how tokens are searched
   */
  public static Gcg of(PromptFrame frame, SuccessCriterion criterion, SearchOptions options) {
    return new Gcg(frame, criterion, options);
  }

  @Override
  public String name() {
    return "GCG";
  }

  @Override
  public WorkUnit unit() {
    return WorkUnit.FORWARDS;
  }

  @Override
  public Map<String, String> options() {
    return described(frame, criterion, options);
  }

  static Map<String, String> described(
      PromptFrame frame, SuccessCriterion criterion, SearchOptions options) {
    Map<String, String> all = new LinkedHashMap<>(options.described());
    all.put("frame", frame.template());
    all.put("separator", frame.separator());
    all.put("criterion", criterion.name());
    return all;
  }

  @Override
  public Set<Class<? extends Model>> requires() {
    return Set.of(GradientModel.class, LanguageModel.class);
  }

  @Override
  public AttackOutcome run(
      AuthorizedTarget target,
      AttackGoal goal,
      AttackMemory memory,
      CancellationToken cancellation) {
    return new TokenSearch(target, goal, frame, criterion, options, true, Long.MAX_VALUE)
        .run(memory, cancellation);
  }
}

package org.alignment4j.eval.redteam.pair;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Model;
import org.alignment4j.eval.redteam.Attack;
import org.alignment4j.eval.redteam.AttackGoal;
import org.alignment4j.eval.redteam.AttackMemory;
import org.alignment4j.eval.redteam.AttackOutcome;
import org.alignment4j.eval.redteam.AuthorizedTarget;
import org.alignment4j.eval.redteam.PromptFrame;
import org.alignment4j.eval.redteam.WorkUnit;
import org.apiguardian.api.API;

/**
 * PAIR (Chao et al. 2023, arXiv 2310.08419): an attacker model writes prompts as JSON, hears the
 * target's reply and a judge's rating, and tries again, in several conversations side by side,
 * until a rating is high enough. A reply of the attacker without the JSON is asked for again; one
 * without a rating counts as unrated and is fed back as such. Every reply of the target is a query.
 * Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Pair implements Attack {

  private final LanguageModel attacker;
  private final ReplyRating rating;
  private final PairOptions options;
  private final PairPrompts prompts;
  private final PromptFrame frame;

  private Pair(
      LanguageModel attacker,
      ReplyRating rating,
      PairOptions options,
      PairPrompts prompts,
      PromptFrame frame) {
    this.attacker = Objects.requireNonNull(attacker, "attacker");
    this.rating = Objects.requireNonNull(rating, "rating");
    this.options = Objects.requireNonNull(options, "options");
    this.prompts = Objects.requireNonNull(prompts, "prompts");
    this.frame = Objects.requireNonNull(frame, "frame");
  }

  /**
   * Returns the attack with the bundled prompts on a target that chats.
   *
   * @param attacker the model that writes prompts
   * @param rating how replies are rated
   * @param options how they talk
   */
  public static Pair of(LanguageModel attacker, ReplyRating rating, PairOptions options) {
    return new Pair(
        attacker, rating, options, PairPrompts.bundled(), PromptFrame.chat("{{attack}}"));
  }

  /** Returns this attack with other prompts. */
  public Pair withPrompts(PairPrompts other) {
    return new Pair(attacker, rating, options, other, frame);
  }

  /** Returns this attack with another frame, in which the attacker's prompt is the attack. */
  public Pair withFrame(PromptFrame other) {
    return new Pair(attacker, rating, options, prompts, other);
  }

  LanguageModel attacker() {
    return attacker;
  }

  ReplyRating rating() {
    return rating;
  }

  PairOptions talk() {
    return options;
  }

  PairPrompts prompts() {
    return prompts;
  }

  PromptFrame frame() {
    return frame;
  }

  @Override
  public String name() {
    return "PAIR";
  }

  @Override
  public WorkUnit unit() {
    return WorkUnit.QUERIES;
  }

  @Override
  public Map<String, String> options() {
    Map<String, String> all = new LinkedHashMap<>(options.described());
    all.put("attacker", attacker.id());
    all.put("rating", rating.name());
    all.put("prompts", prompts.name());
    all.put("frame", frame.template());
    all.put("chat", Boolean.toString(frame.chat()));
    return all;
  }

  @Override
  public Set<Class<? extends Model>> requires() {
    return Set.of(LanguageModel.class);
  }

  @Override
  public AttackOutcome run(
      AuthorizedTarget target,
      AttackGoal goal,
      AttackMemory memory,
      CancellationToken cancellation) {
    return new PairTalk(this, target.as(LanguageModel.class), goal).run(cancellation);
  }
}

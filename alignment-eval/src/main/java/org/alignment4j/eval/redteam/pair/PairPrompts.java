package org.alignment4j.eval.redteam.pair;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.core.judge.FieldKind;
import org.alignment4j.core.judge.PromptTemplate;
import org.alignment4j.core.judge.ReplyParser;
import org.alignment4j.eval.redteam.AttackGoal;
import org.alignment4j.eval.redteam.BundledRows;
import org.apiguardian.api.API;

/**
 * What the attacker is told: how a conversation begins, one text for each strategy, and what it
 * hears of the target's reply. The bundled strategies are role play, logical appeal and endorsement
 * by an authority. Immutable.
 *
 * @param strategies templates with a system and a user section, read with {@link #STRATEGY}
 * @param feedback a template with a user section, read with {@link #FEEDBACK} and {@link #FENCED}
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record PairPrompts(List<PromptTemplate> strategies, PromptTemplate feedback) {
  /** Placeholders of a strategy: the user's own words. */
  public static final Set<String> STRATEGY = Set.of("request", "target", "form");

  /** Placeholders of the feedback that hold the user's own words. */
  public static final Set<String> FEEDBACK = Set.of("request", "target", "rating", "form");

  /** Placeholders of the feedback that hold text of the target. */
  public static final Set<String> FENCED = Set.of("reply");

  static final String PROMPT = "prompt";
  static final ReplyParser<Map<String, Object>> PARSER =
      ReplyParser.object(Map.of("improvement", FieldKind.TEXT, PROMPT, FieldKind.TEXT));

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException when there is no strategy
   */
  public PairPrompts {
    Objects.requireNonNull(feedback, "feedback");
    strategies = List.copyOf(strategies);
    if (strategies.isEmpty()) {
      throw new IllegalArgumentException("strategies must contain at least one strategy");
    }
  }

  /** Returns the bundled prompts. */
  public static PairPrompts bundled() {
    return new PairPrompts(
        List.of(
            bundled("role-play.txt", STRATEGY, Set.of()),
            bundled("logical-appeal.txt", STRATEGY, Set.of()),
            bundled("authority.txt", STRATEGY, Set.of())),
        bundled("feedback.txt", FEEDBACK, FENCED));
  }

  private static PromptTemplate bundled(String name, Set<String> plain, Set<String> fenced) {
    return PromptTemplate.parse(name, BundledRows.text(PairPrompts.class, name), plain, fenced);
  }

  /**
   * How the conversation of a stream begins: streams take the strategies in turn.
   *
   * @param goal what the attacker is to reach
   * @param stream which conversation, from 0
   * @return the conversation, whose last message the attacker answers
   */
  public Prompt.Chat first(AttackGoal goal, int stream) {
    return strategies
        .get(stream % strategies.size())
        .render(Map.of("request", goal.request(), "target", goal.target(), "form", PARSER.form()));
  }

  /**
   * What the attacker hears of a reply.
   *
   * @param goal what the attacker is to reach
   * @param reply what the target said, fenced
   * @param rating its rating in words
   * @return the message that the attacker answers next
   */
  public Message feedback(AttackGoal goal, String reply, String rating) {
    return feedback
        .render(
            Map.of(
                "request", goal.request(),
                "target", goal.target(),
                "rating", rating,
                "form", PARSER.form(),
                "reply", reply))
        .last();
  }

  String name() {
    return strategies.stream()
            .map(template -> template.hash().hex().substring(0, 12))
            .collect(Collectors.joining(" "))
        + ", feedback "
        + feedback.hash().hex().substring(0, 12);
  }
}

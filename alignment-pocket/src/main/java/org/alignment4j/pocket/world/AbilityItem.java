package org.alignment4j.pocket.world;

import java.util.function.Function;
import java.util.function.Predicate;
import org.alignment4j.api.model.Prompt;

/**
 * One thing to ask of a model. The reply either decides the item or leads to the next thing to ask.
 *
 * @param prompt what to ask
 * @param reader what a reply means
 * @param source what the item shares with others of its ability, such as the person that several
 *     questions are about; items of one source do not count as independent
 */
public record AbilityItem(Prompt prompt, Function<String, Step> reader, String source) {

  /** What follows from a reply. */
  public sealed interface Step {}

  /**
   * The item is decided.
   *
   * @param passed whether the model showed the ability
   */
  public record Decided(boolean passed) implements Step {}

  /**
   * The item goes on.
   *
   * @param item what to ask next
   */
  public record Next(AbilityItem item) implements Step {}

  /** An item that one reply decides. */
  static AbilityItem single(Prompt prompt, String source, Predicate<String> passes) {
    return new AbilityItem(prompt, reply -> new Decided(passes.test(reply)), source);
  }
}

package org.alignment4j.oversight.agent;

import java.util.Objects;
import java.util.stream.Stream;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Agent;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.api.oversight.View;
import org.apiguardian.api.API;

/**
 * An agent that says nothing, at no cost, where what it would have to read is too long for its
 * model, instead of failing the run: a debate counts the round against neither side (Khan et al.
 * 2024). Both sides of a debate read nearly the same and so are silent in the same rounds.
 * Immutable.
 *
 * @param agent who speaks where there is room
 * @param maxWords most words of task, question, options, sources and turns, at least 1; less than
 *     fit the model's context, with room for its prompt's own words and the answer
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record WithinContext(Agent agent, int maxWords) implements Agent {
  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if there is no room for a word
   */
  public WithinContext {
    Objects.requireNonNull(agent, "agent");
    if (maxWords < 1) {
      throw new IllegalArgumentException("maxWords must be at least 1 but was " + maxWords);
    }
  }

  @Override
  public Turn act(View view, OversightContext context) {
    return words(view) <= maxWords
        ? agent.act(view, context)
        : new Turn(view.role(), view.round(), "", "", false, 1, Usage.NONE);
  }

  private static long words(View view) {
    return Stream.of(
            Stream.of(view.instructions(), view.question()),
            view.options().stream(),
            view.material().stream(),
            view.turns().stream().map(turn -> turn.visible() + " " + turn.hidden()))
        .flatMap(texts -> texts)
        .mapToLong(SpeechForm::words)
        .sum();
  }
}

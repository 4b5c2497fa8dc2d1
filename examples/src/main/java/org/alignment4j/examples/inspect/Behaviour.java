package org.alignment4j.examples.inspect;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.hook.LogitMetric;
import org.alignment4j.api.model.Tokenizer;
import org.alignment4j.interp.fact.Cloze;
import org.alignment4j.interp.fact.FactEncoder;
import org.alignment4j.interp.patch.ContrastPair;
import org.alignment4j.pocket.world.Fact;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.pocket.world.Relation;

/**
 * What is looked into: a prompt and its answer, beside a prompt of equally many tokens that has
 * another answer.
 *
 * @param prompt the prompt
 * @param answer its answer, as it follows the prompt
 * @param contrast the other prompt
 * @param other the other prompt's answer
 */
public record Behaviour(String prompt, String answer, String contrast, String other) {

  private static final String STATEMENT = "%s lives in";

  /**
   * Where the people of a world live, each beside another whose name has as many tokens.
   *
   * @param world the world
   * @param tokenizer tells which names fit each other
   * @param count how many at most
   * @return behaviours, each of a person of its own
   */
  public static List<Behaviour> homes(PocketWorld world, Tokenizer tokenizer, int count) {
    List<Fact> homes =
        world.facts().stream().filter(fact -> fact.relation() == Relation.HOME).toList();
    List<Behaviour> found = new ArrayList<>();
    for (int i = 0; i < homes.size() && found.size() < count; i++) {
      for (int j = i + 1; j < homes.size(); j++) {
        Behaviour behaviour = of(homes.get(i), homes.get(j));
        if (behaviour.fits(tokenizer)) {
          found.add(behaviour);
          break;
        }
      }
    }
    return found;
  }

  private static Behaviour of(Fact first, Fact second) {
    return new Behaviour(
        STATEMENT.formatted(first.subject().name()),
        first.value(),
        STATEMENT.formatted(second.subject().name()),
        second.value());
  }

  private boolean fits(Tokenizer tokenizer) {
    FactEncoder encoder = new FactEncoder(tokenizer);
    Cloze one = encoder.cloze(prompt, answer);
    Cloze two = encoder.cloze(contrast, other);
    return one.prompt().size() == two.prompt().size() && one.target().get(0) != two.target().get(0);
  }

  /**
   * The behaviour as a pair: the metric is the logit of the answer's first token minus that of the
   * other answer's.
   *
   * @param tokenizer the model's
   * @return the pair
   * @throws IllegalArgumentException if the prompts differ in length, both answers begin with the
   *     same token, or a prompt cannot be told apart from its answer
   */
  public ContrastPair contrastPair(Tokenizer tokenizer) {
    FactEncoder encoder = new FactEncoder(tokenizer);
    Cloze one = encoder.cloze(prompt, answer);
    Cloze two = encoder.cloze(contrast, other);
    if (one.target().get(0) == two.target().get(0)) {
      throw new IllegalArgumentException(
          "the answers must begin with different tokens but '"
              + answer
              + "' and '"
              + other
              + "' begin with the same; choose answers that differ at their start");
    }
    return new ContrastPair(
        one.prompt(),
        two.prompt(),
        LogitMetric.logitDifference(one.target().get(0), two.target().get(0)));
  }
}

package org.alignment4j.oversight.sandwich;

import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Judge;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.api.oversight.Verdict;
import org.alignment4j.api.oversight.View;
import org.alignment4j.core.judge.Parsed;
import org.alignment4j.core.judge.Reply;
import org.alignment4j.core.judge.ReplyParser;
import org.alignment4j.oversight.agent.CallSeed;
import org.alignment4j.oversight.agent.Prompts;
import org.apiguardian.api.API;

/**
 * A participant for rehearsals, whose gap is known: alone it is right with a given probability, and
 * it takes the assistant's last {@code [[letter]]} over with another. What it comes to says nothing
 * about people. Immutable.
 *
 * @param skill probability of being right alone, and the confidence
 * @param trust probability of taking the assistant's answer over
 * @param key the right option of a question by its text
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SimulatedParticipant(double skill, double trust, Function<String, String> key)
    implements Judge {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if a probability is outside [0, 1]
   */
  public SimulatedParticipant {
    Objects.requireNonNull(key, "key");
    if (!(skill >= 0 && skill <= 1 && trust >= 0 && trust <= 1)) {
      throw new IllegalArgumentException(
          "skill and trust must be in [0, 1] but were " + skill + " and " + trust);
    }
  }

  /** Returns this as a participant who asks for nothing but the answer. */
  public Participant named(String name) {
    return Participant.simulated(
        name,
        (view, context) ->
            new Turn(
                view.role(),
                view.round(),
                "Which option do you think is right?",
                "",
                true,
                1,
                Usage.NONE),
        this);
  }

  @Override
  public Verdict judge(View view, OversightContext context) {
    String own = own(view, context.seed());
    SplittableRandom random = new SplittableRandom(CallSeed.part(context.seed(), "trust"));
    String advised = advised(view);
    String choice = !advised.isEmpty() && random.nextDouble() < trust ? advised : own;
    return new Verdict.Decided(choice, skill, "", Usage.NONE);
  }

  /** The same before and after help. */
  private String own(View view, long seed) {
    SplittableRandom random = new SplittableRandom(CallSeed.part(seed, "own"));
    String truth = key.apply(view.question());
    List<String> others = view.options().stream().filter(o -> !o.equals(truth)).toList();
    return random.nextDouble() < skill ? truth : others.get(random.nextInt(others.size()));
  }

  private static String advised(View view) {
    List<String> letters =
        IntStream.range(0, view.options().size()).mapToObj(Prompts::letter).toList();
    ReplyParser<String> parser = ReplyParser.choice(letters);
    String advised = "";
    for (Turn turn : view.turns()) {
      if (turn.role().equals(Sandwich.ASSISTANT)
          && parser.parse(new Reply(turn.visible(), false)) instanceof Parsed.Value<String> value) {
        advised = view.options().get(letters.indexOf(value.value()));
      }
    }
    return advised;
  }
}

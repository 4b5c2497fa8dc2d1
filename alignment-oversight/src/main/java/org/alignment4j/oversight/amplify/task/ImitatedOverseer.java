package org.alignment4j.oversight.amplify.task;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import org.apiguardian.api.API;

/**
 * An imitation of an overseer, H′, that is learnt while it is used (Christiano et al. 2018, section
 * 2.2): now and then the overseer itself is asked, and the imitation learns what it asks or states
 * after each answer. As in the paper the overseer answers one question of a batch while the
 * imitation's loss is above 0.1, a tenth as often below that, and a hundredth as often below 0.01.
 *
 * <p>The imitation is a table of what was done in each situation, a question with the answers so
 * far; in one it has not seen it does not know. Its loss is the running share of the overseer's
 * steps that it would not have taken. Not thread-safe.
 *
 * @param <Q> the questions
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ImitatedOverseer<Q> implements Overseer<Q> {
  private static final double HIGH_LOSS = 0.1;
  private static final double LOW_LOSS = 0.01;
  private static final double KEPT = 0.95;

  private final Overseer<Q> overseer;
  private final double share;
  private final Map<Situation<Q>, Step<Q>> steps = new HashMap<>();
  private double loss = 1;
  private long asked;

  /**
   * Creates an imitation that has seen nothing.
   *
   * @param overseer who is imitated
   * @param share of questions that the overseer answers while the loss is high, in (0, 1]: one in a
   *     batch
   * @throws IllegalArgumentException if the share is out of range
   */
  public ImitatedOverseer(Overseer<Q> overseer, double share) {
    this.overseer = Objects.requireNonNull(overseer, "overseer");
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("share must be in (0, 1] but was " + share);
    }
    this.share = share;
  }

  private record Situation<Q>(Q question, List<OptionalInt> answers) {}

  private sealed interface Step<Q> {}

  private record Ask<Q>(Q question) implements Step<Q> {}

  private record State<Q>(OptionalInt answer) implements Step<Q> {}

  /** Returns how many questions the overseer itself has answered. */
  public long asked() {
    return asked;
  }

  /** Returns the running share of the overseer's steps that the imitation would not have taken. */
  public double loss() {
    return loss;
  }

  /** Answers by imitation alone. */
  @Override
  public OptionalInt combine(Q question, Assistant<Q> assistant) {
    List<OptionalInt> answers = new ArrayList<>();
    Step<Q> step = steps.get(new Situation<>(question, List.of()));
    while (step instanceof Ask<Q> next) {
      answers.add(assistant.ask(next.question()));
      step = steps.get(new Situation<>(question, List.copyOf(answers)));
    }
    return step instanceof State<Q> stated ? stated.answer() : OptionalInt.empty();
  }

  @Override
  public OptionalInt combine(Q question, Assistant<Q> assistant, RandomGenerator random) {
    double rate = loss > HIGH_LOSS ? share : loss > LOW_LOSS ? share / 10 : share / 100;
    return random.nextDouble() < rate
        ? learn(question, assistant, random)
        : combine(question, assistant);
  }

  private OptionalInt learn(Q question, Assistant<Q> assistant, RandomGenerator random) {
    asked++;
    List<OptionalInt> answers = new ArrayList<>();
    OptionalInt stated =
        overseer.combine(
            question,
            next -> {
              learn(new Situation<>(question, List.copyOf(answers)), new Ask<>(next));
              OptionalInt answer = assistant.ask(next);
              answers.add(answer);
              return answer;
            },
            random);
    learn(new Situation<>(question, List.copyOf(answers)), new State<>(stated));
    return stated;
  }

  private void learn(Situation<Q> situation, Step<Q> step) {
    Step<Q> before = steps.put(situation, step);
    loss = KEPT * loss + (1 - KEPT) * (Objects.equals(step, before) ? 0 : 1);
  }
}

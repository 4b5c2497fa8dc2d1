package org.alignment4j.oversight.amplify.task;

import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.alignment4j.oversight.agent.CallSeed;
import org.apiguardian.api.API;

/**
 * An overseer that errs: each of its steps (reading the answer to a subquestion, stating its own)
 * is wrong with a given probability. It errs at the same steps of the same question every time, as
 * a trained imitation of a person does; asking again does not help.
 *
 * @param task what is overseen
 * @param errorRate probability of an error at each step, from 0 to 1
 * @param seed which steps are wrong
 * @param <Q> the questions
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ErringOverseer<Q>(AlgorithmicTask<Q> task, double errorRate, long seed)
    implements Overseer<Q> {
  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if the rate is outside [0, 1]
   */
  public ErringOverseer {
    Objects.requireNonNull(task, "task");
    if (!(errorRate >= 0 && errorRate <= 1)) {
      throw new IllegalArgumentException("errorRate must be in [0, 1] but was " + errorRate);
    }
  }

  @Override
  public OptionalInt combine(Q question, Assistant<Q> assistant) {
    return erring(question, assistant, erring -> task.combine(question, erring));
  }

  @Override
  public OptionalInt combine(Q question, Assistant<Q> assistant, RandomGenerator random) {
    return erring(question, assistant, erring -> task.combine(question, erring, random));
  }

  private OptionalInt erring(
      Q question, Assistant<Q> assistant, Function<Assistant<Q>, OptionalInt> combined) {
    int[] step = new int[1];
    OptionalInt answer =
        combined.apply(
            asked -> taken(assistant.ask(asked), task.range(asked), question, step[0]++));
    return taken(answer, task.range(question), question, step[0]);
  }

  private OptionalInt taken(OptionalInt answer, AnswerRange range, Q question, int step) {
    if (answer.isEmpty()) {
      return answer;
    }
    long number = CallSeed.of(seed, question.toString(), step, 0);
    double uniform = (number >>> 11) * 0x1p-53;
    if (uniform >= errorRate) {
      return answer;
    }
    long which = CallSeed.of(seed, question.toString(), step, 1);
    return OptionalInt.of(range.wrong(answer.getAsInt(), which));
  }
}

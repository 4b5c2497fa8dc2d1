package org.alignment4j.oversight.amplify.task;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import org.alignment4j.oversight.amplify.task.SequentialAssignment.Question;
import org.apiguardian.api.API;

/**
 * The value of a variable in a chain of assignments {@code x = f(y, z)} (Christiano et al. 2018,
 * table 1). The overseer asks for the left operand, its value, the right operand, its value, and
 * then for f of both.
 *
 * @param assignments the variables in order: each is given or made of earlier ones
 * @param function f as a table of rows, values from 0
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SequentialAssignment(List<Assignment> assignments, List<List<Integer>> function)
    implements AlgorithmicTask<Question> {

  /** How a variable gets its value. */
  public sealed interface Assignment {}

  /**
   * Its value is among the facts.
   *
   * @param value the value
   */
  public record Given(int value) implements Assignment {}

  /**
   * It is f of two earlier variables.
   *
   * @param left the first operand
   * @param right the second operand
   */
  public record Made(int left, int right) implements Assignment {}

  /** What is asked. */
  public sealed interface Question {}

  /**
   * Asks for the value of a variable.
   *
   * @param variable which
   */
  public record Value(int variable) implements Question {}

  /**
   * Asks for an operand of a variable.
   *
   * @param variable which
   * @param right the right one, not the left one
   */
  public record Operand(int variable, boolean right) implements Question {}

  /**
   * Asks for f of two values.
   *
   * @param left the first
   * @param right the second
   */
  public record Apply(int left, int right) implements Question {}

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if the table is not square with values of its own size, or an
   *     assignment uses a later variable or another value
   */
  public SequentialAssignment {
    assignments = List.copyOf(assignments);
    function = function.stream().map(List::copyOf).toList();
    int values = function.size();
    for (List<Integer> row : function) {
      if (values < 2
          || row.size() != values
          || row.stream().anyMatch(value -> value < 0 || value >= values)) {
        throw new IllegalArgumentException(
            "the function must be a square table of at least 2 values from 0 but was " + function);
      }
    }
    for (int i = 0; i < assignments.size(); i++) {
      if (!possible(assignments.get(i), i, values)) {
        throw new IllegalArgumentException(
            "assignment "
                + i
                + " must give a value below "
                + values
                + " or be made of earlier variables but was "
                + assignments.get(i));
      }
    }
  }

  private static boolean possible(Assignment assignment, int index, int values) {
    if (assignment instanceof Given given) {
      return given.value() >= 0 && given.value() < values;
    }
    Made made = (Made) assignment;
    return made.left() >= 0 && made.left() < index && made.right() >= 0 && made.right() < index;
  }

  /**
   * Draws assignments and a function.
   *
   * @param variables how many variables there are
   * @param given how many of them, the first ones, are given, at least 1
   * @param values how many values there are
   */
  public static SequentialAssignment draw(
      int variables, int given, int values, RandomGenerator random) {
    List<Assignment> assignments = new ArrayList<>();
    for (int i = 0; i < variables; i++) {
      assignments.add(
          i < given
              ? new Given(random.nextInt(values))
              : new Made(random.nextInt(i), random.nextInt(i)));
    }
    List<List<Integer>> function = new ArrayList<>();
    for (int i = 0; i < values; i++) {
      function.add(random.ints(values, 0, values).boxed().toList());
    }
    return new SequentialAssignment(assignments, function);
  }

  @Override
  public List<Question> questions() {
    List<Question> questions = new ArrayList<>();
    for (int i = 0; i < assignments.size(); i++) {
      if (assignments.get(i) instanceof Made) {
        questions.add(new Value(i));
      }
    }
    return List.copyOf(questions);
  }

  @Override
  public int difficulty(Question question) {
    return question instanceof Value value && assignments.get(value.variable()) instanceof Made made
        ? 1 + Math.max(difficulty(new Value(made.left())), difficulty(new Value(made.right())))
        : 0;
  }

  @Override
  public OptionalInt simple(Question question) {
    if (question instanceof Apply apply) {
      return within(apply.left(), function.size()) && within(apply.right(), function.size())
          ? OptionalInt.of(function.get(apply.left()).get(apply.right()))
          : OptionalInt.empty();
    }
    if (question instanceof Operand operand) {
      return within(operand.variable(), assignments.size())
              && assignments.get(operand.variable()) instanceof Made made
          ? OptionalInt.of(operand.right() ? made.right() : made.left())
          : OptionalInt.empty();
    }
    int variable = ((Value) question).variable();
    return within(variable, assignments.size()) && assignments.get(variable) instanceof Given given
        ? OptionalInt.of(given.value())
        : OptionalInt.empty();
  }

  private static boolean within(int index, int size) {
    return index >= 0 && index < size;
  }

  @Override
  public int exact(Question question) {
    if (!(question instanceof Value asked)) {
      return simple(question).orElseThrow();
    }
    int[] values = new int[asked.variable() + 1];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          assignments.get(i) instanceof Made made
              ? function.get(values[made.left()]).get(values[made.right()])
              : ((Given) assignments.get(i)).value();
    }
    return values[asked.variable()];
  }

  @Override
  public AnswerRange range(Question question) {
    return new AnswerRange(
        0, (question instanceof Operand ? assignments.size() : function.size()) - 1);
  }

  @Override
  public OptionalInt combine(Question question, Assistant<Question> assistant) {
    if (!(question instanceof Value asked)) {
      return OptionalInt.empty();
    }
    OptionalInt left = valueOfOperand(asked.variable(), false, assistant);
    if (left.isEmpty()) {
      return left;
    }
    OptionalInt right = valueOfOperand(asked.variable(), true, assistant);
    return right.isEmpty() ? right : assistant.ask(new Apply(left.getAsInt(), right.getAsInt()));
  }

  private static OptionalInt valueOfOperand(
      int variable, boolean right, Assistant<Question> assistant) {
    OptionalInt operand = assistant.ask(new Operand(variable, right));
    return operand.isEmpty() ? operand : assistant.ask(new Value(operand.getAsInt()));
  }
}

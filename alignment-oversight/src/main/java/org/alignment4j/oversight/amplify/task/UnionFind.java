package org.alignment4j.oversight.amplify.task;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.alignment4j.oversight.amplify.task.UnionFind.Question;
import org.apiguardian.api.API;

/**
 * The value of a variable, where some values are given and equalities between variables form trees
 * (Christiano et al. 2018, table 1). A variable whose value is not given has the value of its
 * parent: a neighbour that is nearer to a given value. The overseer finds it as the one of less
 * depth of two: the parent that the assistant proposes, if they are equal, and a random neighbour.
 * The assistant of the paper proposes two; one that always proposes the same is asked once.
 *
 * <p>Several parents can be right: those of one depth less.
 *
 * @param values of the variables; empty for those that are not given
 * @param equal the variables that each is said to equal, both ways
 * @param largest the largest value, the least being 0
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record UnionFind(List<OptionalInt> values, List<List<Integer>> equal, int largest)
    implements AlgorithmicTask<Question> {

  /** What is asked. */
  public sealed interface Question {}

  /**
   * Asks for the value of a variable.
   *
   * @param variable which
   */
  public record Value(int variable) implements Question {}

  /**
   * Asks for a neighbour that is nearer to a given value.
   *
   * @param variable whose
   */
  public record Parent(int variable) implements Question {}

  /**
   * Asks how many equalities a variable is away from a given value.
   *
   * @param variable which
   */
  public record Depth(int variable) implements Question {}

  /**
   * Asks whether two variables are said to be equal, 1 or 0.
   *
   * @param one a variable
   * @param other a variable
   */
  public record Edge(int one, int other) implements Question {}

  /**
   * Asks for one of the variables that a variable is said to equal.
   *
   * @param variable whose
   * @param draw any number, which decides which
   */
  public record Neighbour(int variable, int draw) implements Question {}

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if the lists differ in length, a value is out of range, an
   *     equality is not said both ways, or a variable has no value that follows
   */
  public UnionFind {
    values = List.copyOf(values);
    equal = equal.stream().map(List::copyOf).toList();
    int size = values.size();
    if (size < 2 || equal.size() != size || largest < 1) {
      throw new IllegalArgumentException(
          "there must be at least 2 variables, neighbours of each, and at least 2 values, but there"
              + " are "
              + size
              + ", "
              + equal.size()
              + " and "
              + (largest + 1));
    }
    for (int i = 0; i < size; i++) {
      int value = values.get(i).orElse(0);
      int variable = i;
      if (value < 0 || value > largest) {
        throw new IllegalArgumentException(
            "value " + i + " must be in [0, " + largest + "] but was " + value);
      }
      for (int other : equal.get(i)) {
        if (other < 0 || other >= size || !equal.get(other).contains(variable)) {
          throw new IllegalArgumentException(
              "an equality must be said both ways but of variable " + i + " it is " + equal.get(i));
        }
      }
    }
    Adjacency.Walk walk = walk(values, equal);
    for (int i = 0; i < size; i++) {
      if (walk.distances()[i] == Adjacency.UNREACHABLE) {
        throw new IllegalArgumentException("no value follows for variable " + i);
      }
      for (int other : equal.get(i)) {
        if (!values.get(walk.origins()[i]).equals(values.get(walk.origins()[other]))) {
          throw new IllegalArgumentException(
              "variables " + i + " and " + other + " are equal but two values follow for them");
        }
      }
    }
  }

  /** Draws trees of variables, each with one value that is given. */
  public static UnionFind draw(int variables, int given, int values, RandomGenerator random) {
    if (given < 1 || given >= variables) {
      throw new IllegalArgumentException(
          "given must be at least 1 and less than the variables but they were "
              + given
              + " and "
              + variables);
    }
    List<OptionalInt> drawn = new ArrayList<>();
    List<List<Integer>> equal = new ArrayList<>();
    for (int i = 0; i < variables; i++) {
      equal.add(new ArrayList<>());
      drawn.add(i < given ? OptionalInt.of(random.nextInt(values)) : OptionalInt.empty());
      if (i >= given) {
        int other = random.nextInt(i);
        equal.get(i).add(other);
        equal.get(other).add(i);
      }
    }
    return new UnionFind(drawn, equal, values - 1);
  }

  /** From the given values along the equalities. */
  private static Adjacency.Walk walk(List<OptionalInt> values, List<List<Integer>> equal) {
    return new Adjacency(equal)
        .walk(
            IntStream.range(0, values.size())
                .filter(i -> values.get(i).isPresent())
                .boxed()
                .toList());
  }

  private int depth(int variable) {
    return walk(values, equal).distances()[variable];
  }

  @Override
  public List<Question> questions() {
    return Stream.iterate(0, i -> i < values.size(), i -> i + 1)
        .filter(i -> values.get(i).isEmpty())
        .<Question>flatMap(i -> Stream.of(new Value(i), new Parent(i), new Depth(i)))
        .toList();
  }

  @Override
  public int difficulty(Question question) {
    if (question instanceof Value asked) {
      return depth(asked.variable());
    }
    if (question instanceof Parent asked) {
      return depth(asked.variable());
    }
    return question instanceof Depth asked ? depth(asked.variable()) : 0;
  }

  @Override
  public OptionalInt simple(Question question) {
    if (question instanceof Value asked) {
      return given(asked.variable());
    }
    if (question instanceof Depth asked) {
      return given(asked.variable()).isPresent() ? OptionalInt.of(0) : OptionalInt.empty();
    }
    if (question instanceof Edge edge) {
      return new Adjacency(equal).edge(edge.one(), edge.other());
    }
    return question instanceof Neighbour asked
        ? new Adjacency(equal).neighbour(asked.variable(), asked.draw())
        : OptionalInt.empty();
  }

  private OptionalInt given(int variable) {
    return new Adjacency(equal).within(variable) ? values.get(variable) : OptionalInt.empty();
  }

  @Override
  public int exact(Question question) {
    if (question instanceof Value asked) {
      return values.get(walk(values, equal).origins()[asked.variable()]).orElseThrow();
    }
    if (question instanceof Depth asked) {
      return depth(asked.variable());
    }
    return question instanceof Parent asked
        ? parents(asked.variable()).get(0)
        : simple(question).orElseThrow();
  }

  private List<Integer> parents(int variable) {
    int[] depths = walk(values, equal).distances();
    return equal.get(variable).stream()
        .filter(other -> depths[other] == depths[variable] - 1)
        .toList();
  }

  @Override
  public boolean right(Question question, int answer) {
    return question instanceof Parent asked
        ? parents(asked.variable()).contains(answer)
        : answer == exact(question);
  }

  @Override
  public AnswerRange range(Question question) {
    return question instanceof Value
        ? new AnswerRange(0, largest)
        : new AnswerRange(0, question instanceof Edge ? 1 : values.size() - 1);
  }

  @Override
  public OptionalInt combine(Question question, Assistant<Question> assistant) {
    return combine(question, assistant, () -> 0);
  }

  @Override
  public OptionalInt combine(
      Question question, Assistant<Question> assistant, RandomGenerator random) {
    return combine(question, assistant, () -> random.nextInt(Integer.MAX_VALUE));
  }

  private static OptionalInt combine(
      Question question, Assistant<Question> assistant, IntSupplier draw) {
    if (question instanceof Parent asked) {
      return nearest(asked.variable(), assistant, draw).vertex();
    }
    if (question instanceof Depth asked) {
      return nearest(asked.variable(), assistant, draw).steps();
    }
    if (question instanceof Value asked) {
      OptionalInt parent = nearest(asked.variable(), assistant, draw).vertex();
      return parent.isEmpty() ? parent : assistant.ask(new Value(parent.getAsInt()));
    }
    return OptionalInt.empty();
  }

  /** The neighbour of least depth of the one that is proposed and one that is drawn. */
  private static Nearest nearest(int variable, Assistant<Question> assistant, IntSupplier draw) {
    IntFunction<OptionalInt> depths = other -> assistant.ask(new Depth(other));
    Nearest nearest = Nearest.NONE;
    OptionalInt proposed = assistant.ask(new Parent(variable));
    if (proposed.isPresent()
        && assistant.ask(new Edge(variable, proposed.getAsInt())).equals(OptionalInt.of(1))) {
      nearest = nearest.or(proposed, depths);
    }
    return nearest.or(assistant.ask(new Neighbour(variable, draw.getAsInt())), depths);
  }
}

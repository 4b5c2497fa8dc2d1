package org.alignment4j.oversight.amplify.task;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import java.util.random.RandomGenerator;
import org.alignment4j.oversight.amplify.task.ShortestPath.Question;
import org.apiguardian.api.API;

/**
 * The length of the shortest path between two vertices of a directed graph, and its first step
 * (Christiano et al. 2018, table 1). Where there is an edge, that is the path. Else the overseer
 * takes the better, by distance to the goal, of two steps: the one the assistant proposes, if there
 * is such an edge, and a random neighbour. The assistant of the paper proposes two; one that always
 * proposes the same is asked once.
 *
 * <p>Questions to learn are about goals that can be reached in more than one step. Several first
 * steps can be right: those of which the goal is one step nearer.
 *
 * @param edges the vertices each vertex leads to
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ShortestPath(List<List<Integer>> edges) implements AlgorithmicTask<Question> {
  /** What is asked. */
  public sealed interface Question {}

  /**
   * Asks for the number of steps; −1 where there is no path.
   *
   * @param from the start
   * @param to the goal
   */
  public record Distance(int from, int to) implements Question {}

  /**
   * Asks for the first vertex after the start on a shortest path.
   *
   * @param from the start
   * @param to the goal
   */
  public record Step(int from, int to) implements Question {}

  /**
   * Asks whether there is an edge, 1 or 0.
   *
   * @param from the start
   * @param to the end
   */
  public record Edge(int from, int to) implements Question {}

  /**
   * Asks for one of the vertices a vertex leads to.
   *
   * @param from the vertex
   * @param draw any number, which decides which
   */
  public record Neighbour(int from, int draw) implements Question {}

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if there are fewer than two vertices or an edge leads to none
   */
  public ShortestPath {
    edges = edges.stream().map(List::copyOf).toList();
    int vertices = edges.size();
    if (vertices < 2
        || edges.stream().flatMap(List::stream).anyMatch(to -> to < 0 || to >= vertices)) {
      throw new IllegalArgumentException(
          "there must be at least 2 vertices and every edge must lead to one of 0 to n - 1 but they"
              + " were "
              + edges);
    }
  }

  /** Draws a graph of directed edges between different vertices, each edge once. */
  public static ShortestPath draw(int vertices, int edges, RandomGenerator random) {
    if (vertices < 2 || edges < 0 || edges > vertices * (vertices - 1)) {
      throw new IllegalArgumentException(
          "there must be at least 2 vertices, and at most n (n - 1) edges, but they were "
              + vertices
              + " and "
              + edges);
    }
    List<List<Integer>> drawn = new ArrayList<>();
    for (int i = 0; i < vertices; i++) {
      drawn.add(new ArrayList<>());
    }
    for (int count = 0; count < edges; ) {
      int from = random.nextInt(vertices);
      int to = random.nextInt(vertices);
      if (from != to && !drawn.get(from).contains(to)) {
        drawn.get(from).add(to);
        count++;
      }
    }
    return new ShortestPath(drawn);
  }

  @Override
  public List<Question> questions() {
    List<Question> questions = new ArrayList<>();
    for (int from = 0; from < edges.size(); from++) {
      int[] distances = distances(from);
      for (int to = 0; to < distances.length; to++) {
        if (distances[to] > 0) {
          questions.add(new Distance(from, to));
          questions.add(new Step(from, to));
        }
      }
    }
    return List.copyOf(questions);
  }

  /** How many steps each vertex is away. */
  private int[] distances(int from) {
    return new Adjacency(edges).walk(List.of(from)).distances();
  }

  @Override
  public int difficulty(Question question) {
    if (question instanceof Distance asked) {
      return Math.max(0, distances(asked.from())[asked.to()]);
    }
    return question instanceof Step asked ? Math.max(0, distances(asked.from())[asked.to()]) : 0;
  }

  @Override
  public OptionalInt simple(Question question) {
    Adjacency graph = new Adjacency(edges);
    if (question instanceof Edge edge) {
      return graph.edge(edge.from(), edge.to());
    }
    if (question instanceof Neighbour asked) {
      return graph.neighbour(asked.from(), asked.draw());
    }
    return question instanceof Distance same
            && same.from() == same.to()
            && graph.within(same.from())
        ? OptionalInt.of(0)
        : OptionalInt.empty();
  }

  @Override
  public int exact(Question question) {
    if (question instanceof Distance asked) {
      return distances(asked.from())[asked.to()];
    }
    if (question instanceof Step asked) {
      return edges.get(asked.from()).stream()
          .filter(next -> right(asked, next))
          .findFirst()
          .orElse(Adjacency.UNREACHABLE);
    }
    return simple(question).orElse(Adjacency.UNREACHABLE);
  }

  @Override
  public boolean right(Question question, int answer) {
    if (!(question instanceof Step asked)) {
      return answer == exact(question);
    }
    int distance = distances(asked.from())[asked.to()];
    return distance > 0
        && edges.get(asked.from()).contains(answer)
        && distances(answer)[asked.to()] == distance - 1;
  }

  @Override
  public AnswerRange range(Question question) {
    return question instanceof Edge ? new AnswerRange(0, 1) : new AnswerRange(0, edges.size() - 1);
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
    if (question instanceof Distance asked) {
      return edge(asked.from(), asked.to(), assistant)
          ? OptionalInt.of(1)
          : nearest(asked.from(), asked.to(), assistant, draw).steps();
    }
    if (question instanceof Step asked) {
      return edge(asked.from(), asked.to(), assistant)
          ? OptionalInt.of(asked.to())
          : nearest(asked.from(), asked.to(), assistant, draw).vertex();
    }
    return OptionalInt.empty();
  }

  private static boolean edge(int from, int to, Assistant<Question> assistant) {
    return assistant.ask(new Edge(from, to)).equals(OptionalInt.of(1));
  }

  /** The nearer to the goal of the step that is proposed and one that is drawn. */
  private static Nearest nearest(
      int from, int to, Assistant<Question> assistant, IntSupplier draw) {
    IntFunction<OptionalInt> distances = other -> assistant.ask(new Distance(other, to));
    Nearest nearest = Nearest.NONE;
    OptionalInt proposed = assistant.ask(new Step(from, to));
    if (proposed.isPresent() && edge(from, proposed.getAsInt(), assistant)) {
      nearest = nearest.or(proposed, distances);
    }
    return nearest.or(assistant.ask(new Neighbour(from, draw.getAsInt())), distances);
  }
}

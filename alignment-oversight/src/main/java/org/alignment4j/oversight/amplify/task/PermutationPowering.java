package org.alignment4j.oversight.amplify.task;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import org.alignment4j.oversight.amplify.task.PermutationPowering.Power;
import org.apiguardian.api.API;

/**
 * What a permutation makes of an object when it is applied n times (Christiano et al. 2018, table
 * 1). The overseer halves n: {@code σⁿ(x) = σ^m(σ^m(x))} for n = 2m, and σ of that for n = 2m + 1.
 *
 * @param image the image of each object
 * @param powers how many powers there are, from σ⁰
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record PermutationPowering(List<Integer> image, int powers)
    implements AlgorithmicTask<Power> {

  /**
   * Asks for σⁿ(x).
   *
   * @param n how often
   * @param x the object
   */
  public record Power(int n, int x) {}

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if the images are no permutation of at least two objects, or
   *     there are fewer than two powers
   */
  public PermutationPowering {
    image = List.copyOf(image);
    int size = image.size();
    if (size < 2
        || powers < 2
        || image.stream().distinct().filter(i -> i >= 0 && i < size).count() < size) {
      throw new IllegalArgumentException(
          "there must be a permutation of 0 to n - 1 with n at least 2, and at least 2 powers, but"
              + " they were "
              + image
              + " and "
              + powers);
    }
  }

  /** Draws a permutation. */
  public static PermutationPowering draw(int objects, int powers, RandomGenerator random) {
    List<Integer> image = new ArrayList<>();
    for (int i = 0; i < objects; i++) {
      image.add(random.nextInt(i + 1), i);
    }
    return new PermutationPowering(image, powers);
  }

  @Override
  public List<Power> questions() {
    List<Power> questions = new ArrayList<>();
    for (int n = 2; n < powers; n++) {
      for (int x = 0; x < image.size(); x++) {
        questions.add(new Power(n, x));
      }
    }
    return List.copyOf(questions);
  }

  @Override
  public int difficulty(Power question) {
    return question.n() <= 1 ? 0 : 31 - Integer.numberOfLeadingZeros(question.n());
  }

  @Override
  public OptionalInt simple(Power question) {
    if (question.x() < 0 || question.x() >= image.size() || question.n() < 0) {
      return OptionalInt.empty();
    }
    return switch (question.n()) {
      case 0 -> OptionalInt.of(question.x());
      case 1 -> OptionalInt.of(image.get(question.x()));
      default -> OptionalInt.empty();
    };
  }

  @Override
  public int exact(Power question) {
    int x = question.x();
    for (int i = 0; i < question.n(); i++) {
      x = image.get(x);
    }
    return x;
  }

  @Override
  public AnswerRange range(Power question) {
    return new AnswerRange(0, image.size() - 1);
  }

  @Override
  public OptionalInt combine(Power question, Assistant<Power> assistant) {
    int half = question.n() / 2;
    OptionalInt once = assistant.ask(new Power(half, question.x()));
    if (once.isEmpty()) {
      return once;
    }
    OptionalInt twice = assistant.ask(new Power(half, once.getAsInt()));
    return twice.isEmpty() || question.n() % 2 == 0
        ? twice
        : assistant.ask(new Power(1, twice.getAsInt()));
  }
}

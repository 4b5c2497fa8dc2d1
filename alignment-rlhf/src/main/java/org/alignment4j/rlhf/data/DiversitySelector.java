package org.alignment4j.rlhf.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.alignment4j.runtime.generate.SequenceRandom;
import org.apiguardian.api.API;

/**
 * Chooses few and different examples, as curated fine-tuning wants them (Zhou et al. 2023, arXiv
 * 2305.11206): near-duplicates go first, then the example least similar to those chosen is chosen,
 * again and again (farthest-first traversal, Gonzalez 1985), beginning with one the seed decides.
 * The same texts and seed give the same choice. Immutable.
 *
 * <pre>{@code
 * List<PromptCompletion> curated =
 *     DiversitySelector.of(1000).select(answers, a -> a.completion());
 * }</pre>
 *
 * @param count how many examples to choose, at least 1
 * @param duplicates what counts as nearly the same, and how similar texts are
 * @param seed decides the first example
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record DiversitySelector(int count, NearDuplicates duplicates, long seed) {

  private static final double DUPLICATES = 0.8;

  /**
   * Checks the count.
   *
   * @throws IllegalArgumentException when it is below 1
   */
  public DiversitySelector {
    if (count < 1) {
      throw new IllegalArgumentException("count must be at least 1 but was " + count);
    }
  }

  /**
   * Returns a selector to which texts of a similarity of 0.8 are duplicates, with seed 0.
   *
   * @param count how many examples to choose, at least 1
   * @return the selector
   * @throws IllegalArgumentException when it is below 1
   */
  public static DiversitySelector of(int count) {
    return new DiversitySelector(count, NearDuplicates.above(DUPLICATES), 0);
  }

  /**
   * Returns a selector that begins elsewhere.
   *
   * @param newSeed decides the first example
   * @return a new selector
   */
  public DiversitySelector withSeed(long newSeed) {
    return new DiversitySelector(count, duplicates, newSeed);
  }

  /**
   * Chooses examples by one of their texts.
   *
   * @param examples any number
   * @param text gives the text of an example
   * @param <T> the examples
   * @return those chosen, in the order given; without near-duplicates all where they are no more
   *     than asked for
   */
  public <T> List<T> select(List<T> examples, Function<? super T, String> text) {
    List<String> texts = new ArrayList<>();
    examples.forEach(e -> texts.add(text.apply(e)));
    return select(texts).stream().<T>map(examples::get).toList();
  }

  /**
   * Chooses texts.
   *
   * @param texts any number
   * @return indices of those chosen, ascending
   */
  public List<Integer> select(List<String> texts) {
    List<Integer> candidates = duplicates.keep(texts);
    if (candidates.size() <= count) {
      return candidates;
    }
    List<Set<String>> pieces =
        candidates.stream().map(i -> duplicates.pieces(texts.get(i))).toList();
    double[] nearest = new double[candidates.size()];
    Arrays.fill(nearest, -1);
    List<Integer> chosen = new ArrayList<>();
    int next = (int) (new SequenceRandom(seed, 0).uniform(0) * candidates.size());
    while (true) {
      chosen.add(candidates.get(next));
      nearest[next] = Double.POSITIVE_INFINITY;
      if (chosen.size() == count) {
        return chosen.stream().sorted().toList();
      }
      Set<String> latest = pieces.get(next);
      for (int i = 0; i < nearest.length; i++) {
        if (nearest[i] != Double.POSITIVE_INFINITY) {
          nearest[i] = Math.max(nearest[i], NearDuplicates.similarity(latest, pieces.get(i)));
        }
      }
      next = leastSimilar(nearest);
    }
  }

  /** The first of several. */
  private static int leastSimilar(double[] nearest) {
    int least = 0;
    for (int i = 1; i < nearest.length; i++) {
      least = nearest[i] < nearest[least] ? i : least;
    }
    return least;
  }
}

package org.alignment4j.eval.declared;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.provenance.ContentHash;
import org.apiguardian.api.API;

/**
 * Which examples stand before each question. They are chosen once, from files that hold none of the
 * questions that are scored: an example that is also a question is refused. With groups, a group's
 * examples are of the group. Immutable.
 *
 * @param shots how many examples; 0 for none
 * @param seed seed of the draw; empty for the first ones of the file, as MMLU has it
 * @param files what they are taken from; empty only when there are none
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record FewShot(int shots, OptionalLong seed, List<Path> files) {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException when shots are negative or come from no file
   */
  public FewShot {
    Objects.requireNonNull(seed, "seed");
    files = List.copyOf(files);
    if (shots < 0) {
      throw new IllegalArgumentException("shots must not be negative but were " + shots);
    }
    if (shots > 0 && files.isEmpty()) {
      throw new IllegalArgumentException(shots + " shots must come from a file but there is none");
    }
  }

  /**
   * Returns no examples.
   *
   * @return zero shots
   */
  public static FewShot none() {
    return new FewShot(0, OptionalLong.empty(), List.of());
  }

  /**
   * Returns the first examples of files, of each group.
   *
   * @param shots how many
   * @param files what they are taken from
   * @return the choice
   * @throws IllegalArgumentException when shots are negative or come from no file
   */
  public static FewShot first(int shots, Path... files) {
    return new FewShot(shots, OptionalLong.empty(), List.of(files));
  }

  /**
   * Returns examples drawn at random, of each group.
   *
   * @param shots how many
   * @param seed where random numbers start
   * @param files what they are drawn from
   * @return the choice
   * @throws IllegalArgumentException when shots are negative or come from no file
   */
  public static FewShot drawn(int shots, long seed, Path... files) {
    return new FewShot(shots, OptionalLong.of(seed), List.of(files));
  }

  /** An example and where it stands. */
  record Example(TemplateItem item, String file, long line) {

    String place() {
      return file + ":" + line;
    }
  }

  /**
   * Chooses of a group's examples. Whether one is drawn depends on the seed and what it asks alone.
   */
  List<Example> choose(List<Example> group, String name, String place) {
    if (group.size() < shots) {
      throw new DataFormatException(
          place,
          0,
          null,
          "there must be at least "
              + shots
              + " examples"
              + (name.isEmpty() ? "" : " of '" + name + "'")
              + " but there are "
              + group.size()
              + "; ask for fewer shots or give a larger file");
    }
    List<Example> order = new ArrayList<>(group);
    if (seed.isPresent()) {
      long start = seed.getAsLong();
      order.sort(
          Comparator.comparing(
              example -> ContentHash.of(start + "\n" + example.item().asked()).hex()));
    }
    return List.copyOf(order.subList(0, shots));
  }
}

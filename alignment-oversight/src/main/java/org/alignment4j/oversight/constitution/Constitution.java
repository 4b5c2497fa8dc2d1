package org.alignment4j.oversight.constitution;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.core.data.Dataset;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.core.data.Row;
import org.alignment4j.oversight.agent.CallSeed;
import org.apiguardian.api.API;

/**
 * Principles as data. Immutable.
 *
 * @param principles at least one, with ids that differ
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Constitution(List<Principle> principles) {
  private static final String BUNDLED = "constitution.jsonl";
  private static final Set<String> FIELDS = Set.of("id", "critique", "revision", "comparison");

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if there is no principle or two have one id
   */
  public Constitution {
    principles = List.copyOf(principles);
    if (principles.isEmpty()) {
      throw new IllegalArgumentException("a constitution must have at least one principle");
    }
    Set<String> ids = new HashSet<>();
    for (Principle principle : principles) {
      if (!ids.add(principle.id())) {
        throw new IllegalArgumentException(
            "principles must have ids of their own but two have '" + principle.id() + "'");
      }
    }
  }

  /** Returns the small constitution that comes with the library. */
  public static Constitution bundled() {
    InputStream content = Constitution.class.getResourceAsStream(BUNDLED);
    if (content == null) {
      throw new IllegalStateException("the resource " + BUNDLED + " must lie beside this class");
    }
    return of(BUNDLED, Dataset.read(BUNDLED, content, ReadOptions.strict(), parser()));
  }

  /**
   * Reads a constitution of JSON lines with {@code id}, {@code critique} and {@code revision},
   * {@code comparison}.
   *
   * @throws DataFormatException if there is no principle, or a line has none; names file, line and
   *     field
   */
  public static Constitution read(Path file) {
    return of(file.toString(), Dataset.read(file, ReadOptions.strict(), parser()));
  }

  private static Constitution of(String file, List<Principle> principles) {
    if (principles.isEmpty()) {
      throw new DataFormatException(
          file, 0, null, "a constitution must have at least one principle but the file has none");
    }
    return new Constitution(principles);
  }

  private static Function<Row, Principle> parser() {
    Set<String> ids = new HashSet<>();
    return row -> {
      for (String name : row.namesInFile()) {
        if (!FIELDS.contains(name)) {
          throw row.fault(
              name,
              "a principle has the fields id, critique, revision and comparison but not this one;"
                  + " correct the name or remove it");
        }
      }
      String id = row.text("id");
      if (!ids.add(id)) {
        throw row.fault("id", "an id must name one principle but '" + id + "' names two");
      }
      String critique = optional(row, "critique");
      String revision = optional(row, "revision");
      String comparison = optional(row, "comparison");
      if (critique.isEmpty() != revision.isEmpty()) {
        throw row.fault(
            critique.isEmpty() ? "critique" : "revision",
            "a principle must have both critique and revision, or neither, but this one is"
                + " missing");
      }
      if (revision.isEmpty() && comparison.isEmpty()) {
        throw row.fault(
            "comparison",
            "a principle must have critique and revision, or comparison, but has none of them");
      }
      return new Principle(id, critique, revision, comparison);
    };
  }

  private static String optional(Row row, String name) {
    return row.has(name) ? row.text(name) : "";
  }

  /** Principles by which answers can be revised. */
  public List<Principle> forRevision() {
    return principles.stream().filter(Principle::revises).toList();
  }

  /** Principles by which answers can be compared. */
  public List<Principle> forComparison() {
    return principles.stream().filter(Principle::compares).toList();
  }

  /**
   * Returns this constitution without some principles, such as for the baseline of one principle.
   *
   * @throws IllegalArgumentException if none is kept
   */
  public Constitution only(Predicate<? super Principle> kept) {
    return new Constitution(principles.stream().filter(kept).toList());
  }

  /** Draws principles without replacement, uniformly; fewer where there are fewer. */
  static List<Principle> draw(List<Principle> from, int count, long seed, String role, int round) {
    List<Principle> left = new ArrayList<>(from);
    List<Principle> drawn = new ArrayList<>();
    for (int i = 0; i < count && !left.isEmpty(); i++) {
      long number = CallSeed.of(seed, role, round, i);
      drawn.add(left.remove((int) Math.floorMod(number, (long) left.size())));
    }
    return drawn;
  }
}

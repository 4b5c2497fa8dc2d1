package org.alignment4j.eval.redteam;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.alignment4j.core.data.Dataset;
import org.alignment4j.core.data.ReadOptions;
import org.apiguardian.api.API;

/** Where goals come from. Pure functions. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class AttackGoals {

  private AttackGoals() {}

  /**
   * Returns the bundled goals: 50 benign canaries, each a harmless question and a word that the
   * reply is to begin with, which the request names.
   */
  public static List<AttackGoal> canaries() {
    return BundledRows.read(AttackGoals.class, "canaries.jsonl", AttackGoals::goal);
  }

  /**
   * Reads goals from a JSONL, JSON or CSV file with the fields {@code id}, {@code request} and
   * {@code target}.
   *
   * @throws org.alignment4j.api.DataFormatException when a field is missing or blank, or an id
   *     occurs twice; names file, line and field
   */
  public static Dataset<AttackGoal> read(Path path, ReadOptions options) {
    Set<String> ids = new HashSet<>();
    return Dataset.read(
        path,
        options,
        row -> {
          AttackGoal goal = goal(row::text);
          if (!ids.add(goal.id())) {
            throw row.fault("id", "ids must differ but '" + goal.id() + "' occurs again");
          }
          return goal;
        });
  }

  /**
   * Checks that goals can be told apart.
   *
   * @throws IllegalArgumentException when there is none or an id occurs twice
   */
  public static void requireDistinct(List<AttackGoal> goals) {
    if (goals.isEmpty()) {
      throw new IllegalArgumentException("goals must contain at least one goal but are empty");
    }
    Set<String> ids = new HashSet<>();
    for (AttackGoal goal : goals) {
      if (!ids.add(goal.id())) {
        throw new IllegalArgumentException(
            "goals must have ids that differ but '" + goal.id() + "' occurs twice");
      }
    }
  }

  private static AttackGoal goal(UnaryOperator<String> field) {
    return new AttackGoal(field.apply("id"), field.apply("request"), field.apply("target"));
  }
}

package org.alignment4j.eval.bias;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.alignment4j.core.data.Fault;
import org.alignment4j.core.data.Row;

/**
 * An item of BBQ.
 *
 * @param exampleId number within its category
 * @param questionIndex number of its template
 * @param category such as {@code Age}
 * @param negative whether the question asks for what the stereotype says of the group
 * @param ambiguous whether the context leaves the answer open
 * @param context what is told
 * @param question what is asked
 * @param answers three texts
 * @param label index of the right answer
 * @param unknown index of the answer that names nobody
 * @param target index of the answer whose group the stereotype is about; empty unless exactly one
 */
record BbqItem(
    long exampleId,
    long questionIndex,
    String category,
    boolean negative,
    boolean ambiguous,
    String context,
    String question,
    List<String> answers,
    int label,
    int unknown,
    OptionalInt target) {

  static final int ANSWERS = 3;
  private static final String UNKNOWN = "unknown";
  private static final String NATIONALITY = "Nationality";

  /** Templates above this number have proper names in place of groups. */
  private static final long LAST_LABEL_TEMPLATE = 25;

  private static final Map<String, String> GENDERS =
      Map.of("man", "m", "men", "m", "boy", "m", "woman", "f", "women", "f", "girl", "f");

  /** Items of these categories do not name the group that the stereotype is about. */
  private static final String INTERSECTIONAL = "Race_x_";

  /**
   * Reads an item.
   *
   * @param metadata the authors' metadata, which alone tells the target where two traits meet
   */
  static BbqItem of(Row row, Optional<BbqMetadata> metadata) {
    if (metadata.isPresent()) {
      return metadata.get().resolved(of(row, List.of()), row);
    }
    String category = row.text("category");
    if (category.startsWith(INTERSECTIONAL)) {
      throw row.fault(
          "category",
          Fault.INVALID,
          "the category must be one whose items name the stereotyped group but was '"
              + category
              + "', where two traits meet; give the authors' additional_metadata.csv with the"
              + " options, or leave its file out");
    }
    return of(row, row.object("additional_metadata").strings("stereotyped_groups"));
  }

  private static BbqItem of(Row row, List<String> stereotyped) {
    String category = row.text("category");
    List<String> answers = new ArrayList<>();
    List<String> names = new ArrayList<>();
    List<String> groups = new ArrayList<>();
    Row info = row.object("answer_info");
    for (int i = 0; i < ANSWERS; i++) {
      answers.add(row.text("ans" + i));
      List<String> of = info.strings("ans" + i);
      if (of.size() != 2) {
        throw info.fault("ans" + i, "an answer must be told by name and group but was " + of);
      }
      names.add(of.get(0));
      groups.add(of.get(1));
    }
    if (new HashSet<>(answers).size() < ANSWERS) {
      throw row.fault("ans0", "the three answers must differ but were " + answers);
    }
    int unknown = unknown(row, groups);
    return new BbqItem(
        row.integer("example_id"),
        row.integer("question_index"),
        category,
        either(row, "question_polarity", "neg", "nonneg"),
        either(row, "context_condition", "ambig", "disambig"),
        row.text("context"),
        row.text("question"),
        List.copyOf(answers),
        label(row),
        unknown,
        target(category, names, groups, Set.copyOf(stereotyped), unknown));
  }

  private static int unknown(Row row, List<String> groups) {
    int index = groups.indexOf(UNKNOWN);
    if (index < 0 || groups.lastIndexOf(UNKNOWN) != index) {
      throw row.fault(
          "answer_info", "one answer must have the group 'unknown' but they have " + groups);
    }
    return index;
  }

  private static int label(Row row) {
    long label = row.integer("label");
    if (label < 0 || label >= ANSWERS) {
      throw row.fault("label", "the label must be 0, 1 or 2 but was " + label);
    }
    return (int) label;
  }

  private static boolean either(Row row, String field, String yes, String no) {
    String value = row.text(field);
    if (!value.equals(yes) && !value.equals(no)) {
      throw row.fault(
          field, "the value must be '" + yes + "' or '" + no + "' but was '" + value + "'");
    }
    return value.equals(yes);
  }

  /** Whole names are compared: "old" is a part of "nonOld". */
  private static OptionalInt target(
      String category,
      List<String> names,
      List<String> groups,
      Set<String> stereotyped,
      int unknown) {
    Set<String> wanted = new HashSet<>();
    stereotyped.forEach(group -> wanted.add(normalized(group)));
    int found = -1;
    for (int i = 0; i < ANSWERS; i++) {
      boolean matches =
          wanted.contains(normalized(groups.get(i)))
              || (category.equals(NATIONALITY) && wanted.contains(normalized(names.get(i))));
      if (i != unknown && matches) {
        if (found >= 0) {
          return OptionalInt.empty();
        }
        found = i;
      }
    }
    return found < 0 ? OptionalInt.empty() : OptionalInt.of(found);
  }

  /** Of groups such as {@code F-Black} the gender says only whose name it is. */
  private static String normalized(String group) {
    String bare = group.startsWith("F-") || group.startsWith("M-") ? group.substring(2) : group;
    String lower = bare.strip().toLowerCase(Locale.ROOT);
    return GENDERS.getOrDefault(lower, lower);
  }

  /** This item with another biased answer, or with none. */
  BbqItem withBiased(OptionalInt at) {
    OptionalInt group =
        at.isEmpty() || negative ? at : OptionalInt.of(ANSWERS - unknown - at.getAsInt());
    return new BbqItem(
        exampleId,
        questionIndex,
        category,
        negative,
        ambiguous,
        context,
        question,
        answers,
        label,
        unknown,
        group);
  }

  /** The row of the official tables that the item counts in. */
  String tableRow() {
    return questionIndex > LAST_LABEL_TEMPLATE ? category + " (names)" : category;
  }

  /** Index of the answer that follows the stereotype: its group's opposite where it is praised. */
  int biased() {
    int group = target.orElseThrow();
    return negative ? group : ANSWERS - unknown - group;
  }

  /** Index of the answer that contradicts the stereotype. */
  int counter() {
    return ANSWERS - unknown - biased();
  }
}

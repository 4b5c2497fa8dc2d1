package org.alignment4j.interp.task;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alignment4j.api.model.Tokenizer;
import org.alignment4j.core.data.Dataset;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.core.data.Row;
import org.apiguardian.api.API;

/**
 * Indirect object identification (Wang et al. 2022): after "When Mary and John went to the shop,
 * John gave a drink to" comes Mary. The corrupted prompt has another name where the subject comes
 * again. The metric is {@code logit(indirect object) - logit(subject)} at the last position, of the
 * names' first tokens.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class IndirectObject {

  private static final int TRIES = 200;

  private static final Pattern NAME = Pattern.compile("\\b[A-Z][a-z]+\\b");

  private static final List<String> TEMPLATES =
      List.of(
          "When {A} and {B} went to the {place}, {S} gave a {object} to",
          "Then, {A} and {B} were working at the {place}. {S} decided to give a {object} to",
          "After {A} and {B} met at the {place}, {S} handed a {object} to",
          "While {A} and {B} were at the {place}, {S} passed a {object} to",
          "Then, {A} and {B} had a long day at the {place}. {S} offered a {object} to",
          "Friends {A} and {B} found a {object} at the {place}. {S} gave it to");

  private static final List<String> NAMES =
      List.of(
          "Mary", "John", "Tom", "Anna", "James", "Sarah", "David", "Alice", "Paul", "Laura",
          "Mark", "Emma", "Peter", "Jane", "Robert", "Susan", "Ben", "Lucy", "Tim", "Lily", "Sam",
          "Amy", "Max", "Sue");

  private static final List<String> PLACES =
      List.of("store", "park", "school", "house", "garden", "office", "beach", "shop");

  private static final List<String> OBJECTS =
      List.of("drink", "book", "ball", "ring", "kiss", "cake", "letter", "toy");

  /** What stands where the subject comes again in a corrupted prompt. */
  public enum SecondSubject {
    /** A name that comes nowhere else: neither name is told apart. */
    OTHER_NAME,
    /** The indirect object: the other name is the answer. */
    INDIRECT_OBJECT
  }

  /**
   * What a file gave.
   *
   * @param examples the usable ones, in order
   * @param skipped how many were not, since token counts of clean and corrupted prompt differ or
   *     both names begin with one token
   */
  public record Loaded(List<TaskExample> examples, int skipped) {
    /** Copies the examples. */
    public Loaded {
      examples = List.copyOf(examples);
    }
  }

  private IndirectObject() {}

  /**
   * Makes examples. Half of them name the subject first.
   *
   * @param tokenizer of the model
   * @param count how many, positive
   * @param second what the corrupted prompts have
   * @param random chooses templates, names, places and objects
   * @return the examples; lengths may differ between them
   * @throws IllegalArgumentException when the count is not positive, or the tokenizer splits names
   *     so unevenly that no more are found
   */
  public static List<TaskExample> examples(
      Tokenizer tokenizer, int count, SecondSubject second, RandomGenerator random) {
    if (count < 1) {
      throw new IllegalArgumentException("count must be positive but was " + count);
    }
    TaskTokens tokens = new TaskTokens(tokenizer);
    List<TaskExample> examples = new ArrayList<>();
    int failed = 0;
    while (examples.size() < count) {
      Optional<TaskExample> example = example(tokens, examples.size() % 2 == 0, second, random);
      example.ifPresent(examples::add);
      failed = example.isPresent() ? 0 : failed + 1;
      if (failed == TRIES) {
        throw new IllegalArgumentException(
            "the tokenizer must split some names into equally many tokens with different first ones"
                + " but "
                + TRIES
                + " examples in a row failed");
      }
    }
    return examples;
  }

  private static Optional<TaskExample> example(
      TaskTokens tokens, boolean subjectFirst, SecondSubject second, RandomGenerator random) {
    List<String> names = new ArrayList<>(NAMES);
    String indirect = names.remove(random.nextInt(names.size()));
    String subject = names.remove(random.nextInt(names.size()));
    String other =
        second == SecondSubject.INDIRECT_OBJECT
            ? indirect
            : names.get(random.nextInt(names.size()));
    String text =
        one(TEMPLATES, random)
            .replace("{A}", subjectFirst ? subject : indirect)
            .replace("{B}", subjectFirst ? indirect : subject)
            .replace("{place}", one(PLACES, random))
            .replace("{object}", one(OBJECTS, random));
    return tokens.difference(
        text.replace("{S}", subject), text.replace("{S}", other), " " + indirect, " " + subject);
  }

  private static String one(List<String> of, RandomGenerator random) {
    return of.get(random.nextInt(of.size()));
  }

  /**
   * Reads examples from a file of one of two forms. EAP-IG's table has the columns {@code clean},
   * {@code corrupted} (another name where the subject comes again) and {@code corrupted_hard} (the
   * indirect object there). The other form has {@code prompt} and {@code answer}, and its corrupted
   * prompts are made here. Names are looked up in the prompts, so that any tokenizer will do.
   *
   * @param file CSV or JSON, told by its name
   * @param tokenizer of the model
   * @param second what the corrupted prompts have
   * @return the examples
   * @throws org.alignment4j.api.DataFormatException when the file cannot be read, a field is
   *     missing, prompts do not differ in one word, or no name but the answer comes twice
   */
  public static Loaded read(Path file, Tokenizer tokenizer, SecondSubject second) {
    TaskTokens tokens = new TaskTokens(tokenizer);
    Dataset<Optional<TaskExample>> rows =
        Dataset.read(
            file,
            ReadOptions.strict(),
            row ->
                row.has("prompt")
                    ? answered(tokens, row, second)
                    : contrasted(tokens, row, second));
    List<TaskExample> examples = rows.stream().flatMap(Optional::stream).toList();
    return new Loaded(examples, rows.size() - examples.size());
  }

  private static Optional<TaskExample> contrasted(
      TaskTokens tokens, Row row, SecondSubject second) {
    String clean = row.string("clean");
    String hard = row.string("corrupted_hard");
    String other = row.string("corrupted");
    String[] words = clean.split(" ", -1);
    String[] changed = hard.split(" ", -1);
    int found = -1;
    boolean alike = words.length == changed.length;
    for (int i = 0; i < words.length && alike; i++) {
      if (!words[i].equals(changed[i])) {
        alike = found < 0;
        found = i;
      }
    }
    if (!alike || found < 0) {
      throw row.fault("corrupted_hard", "must differ from clean in one word but is '" + hard + "'");
    }
    return tokens.difference(
        clean,
        second == SecondSubject.INDIRECT_OBJECT ? hard : other,
        " " + changed[found],
        " " + words[found]);
  }

  private static Optional<TaskExample> answered(TaskTokens tokens, Row row, SecondSubject second) {
    String prompt = row.string("prompt");
    String answer = row.string("answer");
    Matcher names = NAME.matcher(prompt);
    Set<String> seen = new HashSet<>();
    String subject = "";
    int from = 0;
    while (names.find()) {
      if (!seen.add(names.group()) && !names.group().equals(answer)) {
        subject = names.group();
        from = names.start();
      }
    }
    if (subject.isEmpty() || !seen.contains(answer)) {
      throw row.fault(
          "prompt",
          "must have the answer '" + answer + "' and another name twice but is '" + prompt + "'");
    }
    String before = prompt.substring(0, from);
    String after = prompt.substring(from + subject.length());
    List<String> others = second == SecondSubject.INDIRECT_OBJECT ? List.of(answer) : NAMES;
    for (String other : others) {
      boolean usable = second == SecondSubject.INDIRECT_OBJECT || !seen.contains(other);
      Optional<TaskExample> example =
          usable
              ? tokens.difference(prompt, before + other + after, " " + answer, " " + subject)
              : Optional.empty();
      if (example.isPresent()) {
        return example;
      }
    }
    return Optional.empty();
  }
}

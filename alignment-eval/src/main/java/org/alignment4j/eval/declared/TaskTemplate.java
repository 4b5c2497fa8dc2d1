package org.alignment4j.eval.declared;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.core.data.JsonDocument;
import org.alignment4j.core.data.Row;
import org.apiguardian.api.API;

/**
 * How rows of a data file are put to a model, as data: a JSON file with texts in which {@code
 * {name}} stands for a field of the row.
 *
 * <pre>{@code
 * {
 *   "format": "alignment4j-template", "version": 1,
 *   "name": "capitals",
 *   "fields": ["country", "first", "second", "answer", "hint?"],
 *   "instruction": "Name the capital.",
 *   "prompt": "{hint}Country: {country}\nCapital:",
 *   "choices": ["{first}", "{second}"],
 *   "labels": ["A", "B"],
 *   "target": "{answer}"
 * }
 * }</pre>
 *
 * <ul>
 *   <li>{@code fields}: every field that is used, and no other; of nested objects by a dot ({@code
 *       choices.text}); with a question mark where it may be missing or empty.
 *   <li>{@code prompt}: the question, up to where the answer begins; {@code instruction}: what
 *       stands once before examples and question.
 *   <li>{@code choices}: answers to choose from, a list of texts or one field that holds a list;
 *       absent for free answers.
 *   <li>{@code target}: the right answer, or one field that holds a list of right ones. A choice's
 *       text or, with {@code labels} (a list of texts or one field that holds a list, in the order
 *       of the choices), its label.
 *   <li>{@code demonstration}: the answer as an example shows it; the first right one otherwise.
 *   <li>{@code id}, {@code group}, {@code cluster}: the item's identity (its line otherwise), what
 *       figures are also given by, what items depend on each other within.
 *   <li>{@code separator} between examples (a blank line), {@code answerSeparator} between question
 *       and answer (a space).
 * </ul>
 *
 * <p>Braces that are text are doubled. There are no loops and no conditions, and what is put in is
 * never looked at for names again. Immutable and thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class TaskTemplate {

  /** The value of the file's {@code format}. */
  public static final String FORMAT = "alignment4j-template";

  /** The newest version that is known. */
  public static final int VERSION = 1;

  private static final List<String> NAMES =
      List.of(
          "format",
          "version",
          "name",
          "fields",
          "instruction",
          "prompt",
          "choices",
          "labels",
          "target",
          "demonstration",
          "id",
          "group",
          "cluster",
          "separator",
          "answerSeparator");

  private final String name;
  private final ContentHash hash;
  private final TemplateTexts texts;
  private final String separator;
  private final String answerSeparator;

  private TaskTemplate(JsonDocument document) {
    Row root = document.root();
    DeclarationFile.check(root, FORMAT, VERSION, NAMES);
    this.name = root.text("name");
    this.hash = document.hash();
    this.texts = TemplateTexts.of(root);
    this.separator = root.has("separator") ? root.string("separator") : "\n\n";
    this.answerSeparator = root.has("answerSeparator") ? root.string("answerSeparator") : " ";
  }

  /**
   * Reads a template.
   *
   * @param file the file, JSON
   * @return the template
   * @throws DataFormatException when it is missing or no such template; names line and field
   */
  public static TaskTemplate read(Path file) {
    return new TaskTemplate(JsonDocument.read(file));
  }

  /**
   * Reads a template from a text, such as a resource.
   *
   * @param name what to call it in messages
   * @param json the template
   * @return the template
   * @throws DataFormatException when it is no such template; names line and field
   */
  public static TaskTemplate parse(String name, String json) {
    return new TaskTemplate(JsonDocument.parse(name, json));
  }

  /**
   * Returns what the template is called.
   *
   * @return its name
   */
  public String name() {
    return name;
  }

  /**
   * Returns the hash of the template's text, which tells versions apart.
   *
   * @return its hash
   */
  public ContentHash hash() {
    return hash;
  }

  /**
   * Returns the fields that rows must have, or may have.
   *
   * @return their names
   */
  public Set<String> fields() {
    return Set.copyOf(texts.fields());
  }

  /**
   * Returns whether answers are chosen; otherwise they are free.
   *
   * @return true when the template has choices
   */
  public boolean hasChoices() {
    return !texts.choices().isEmpty();
  }

  /**
   * Returns what stands between question and answer.
   *
   * @return such as a space
   */
  public String answerSeparator() {
    return answerSeparator;
  }

  /** The field that holds a choice, for complaints about it. */
  String choiceField(int choice) {
    return texts.choices().field(choice, "choices");
  }

  /** The field that holds the target, for complaints about it. */
  String targetField() {
    return texts.target().field("target");
  }

  /**
   * Puts a row.
   *
   * @param row the row
   * @return the item
   * @throws DataFormatException when the row lacks a field, or its target is none of its choices
   */
  public TemplateItem item(Row row) {
    return item(row, Map.of());
  }

  /**
   * Puts a row.
   *
   * @param row the row
   * @param given values of fields that stand outside the row, such as in the file's name, or in
   *     another form; several are a list
   * @return the item
   * @throws DataFormatException when the row lacks a field, or its target is none of its choices
   */
  public TemplateItem item(Row row, Map<String, List<String>> given) {
    FieldText.Values values = new FieldText.Values(texts.optional(), given);
    List<String> options = texts.choices().of(row, values);
    List<String> right = texts.target().of(row, values);
    if (hasChoices()) {
      if (options.size() < 2) {
        throw row.fault(
            texts.choices().field("choices"),
            "there must be at least two choices but there were " + options);
      }
      List<String> marks = texts.labels().isEmpty() ? options : texts.labels().of(row, values);
      if (marks.size() < options.size()) {
        throw row.fault(
            texts.labels().field("labels"),
            "every choice must have a label but there are "
                + options.size()
                + " choices and the labels "
                + marks);
      }
      right = right.stream().map(text -> choice(row, text.strip(), options, marks)).toList();
    }
    String shown = texts.demonstration().of(row, values);
    return new TemplateItem(
        texts.id().of(row, values),
        texts.group().of(row, values),
        texts.cluster().of(row, values),
        texts.instruction().of(row, values),
        texts.prompt().of(row, values),
        options,
        right,
        shown.isEmpty() ? right.get(0) : shown);
  }

  private String choice(Row row, String text, List<String> options, List<String> marks) {
    for (int i = 0; i < options.size(); i++) {
      if (marks.get(i).strip().equals(text)) {
        return options.get(i);
      }
    }
    throw row.fault(
        targetField(),
        "the target must be one of "
            + marks.subList(0, options.size())
            + " but was '"
            + text
            + "'");
  }

  /**
   * Returns what stands before the questions of a group: the instruction and the examples. It is
   * the beginning of all their prompts, so that a model can keep its computation.
   *
   * @param instruction the instruction; may be empty
   * @param examples the examples in order; may be none
   * @return the text, empty or ended by a separator
   */
  public String prefix(String instruction, List<TemplateItem> examples) {
    StringBuilder text = new StringBuilder();
    if (!instruction.isEmpty()) {
      text.append(instruction).append(separator);
    }
    for (TemplateItem example : examples) {
      text.append(example.question())
          .append(answerSeparator)
          .append(example.demonstration())
          .append(separator);
    }
    return text.toString();
  }

  @Override
  public String toString() {
    return name + " (" + hash.hex().substring(0, 12) + ")";
  }
}

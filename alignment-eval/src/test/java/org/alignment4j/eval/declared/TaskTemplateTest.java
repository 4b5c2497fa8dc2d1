package org.alignment4j.eval.declared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.core.data.Dataset;
import org.alignment4j.core.data.ReadOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskTemplateTest {

  static final String CAPITALS =
      """
      {
        "format": "alignment4j-template", "version": 1,
        "name": "capitals",
        "fields": ["country", "first", "second", "answer", "hint?"],
        "instruction": "Name the capital. {{}}",
        "prompt": "{hint}Country: {country}\\nCapital:",
        "choices": ["{first}", "{second}"],
        "labels": ["A", "B"],
        "target": "{answer}"
      }
      """;

  @TempDir Path folder;

  private TemplateItem item(String template, String row) throws IOException {
    Path file = Files.writeString(folder.resolve("rows.jsonl"), row);
    TaskTemplate read = TaskTemplate.parse("t.json", template);
    return Dataset.read(file, ReadOptions.strict(), read::item).get(0);
  }

  @Test
  void rowsArePutAndValuesAreNotLookedAtAgain() throws IOException {
    TemplateItem item =
        item(
            CAPITALS,
            "{\"country\": \"{first} {{x\", \"first\": \"Bonn\", \"second\": 3, \"answer\":"
                + " \"B\"}");
    assertThat(item.question()).isEqualTo("Country: {first} {{x\nCapital:");
    assertThat(item.instruction()).isEqualTo("Name the capital. {}");
    assertThat(item.choices()).containsExactly("Bonn", "3");
    assertThat(item.targets()).containsExactly("3");
    assertThat(item.demonstration()).isEqualTo("3");
  }

  @Test
  void nestedListsAndIndicesAsLabels() throws IOException {
    String template =
        """
        {"format": "alignment4j-template", "version": 1, "name": "n",
         "fields": ["q", "choices.text", "choices.label", "key"], "prompt": "{q}",
         "choices": "{choices.text}", "labels": "{choices.label}", "target": "{key}"}
        """;
    TemplateItem item =
        item(
            template,
            "{\"q\": \"x\", \"choices\": {\"text\": [\"a\", \"b\", \"c\"], \"label\": [1, 2, 3]},"
                + " \"key\": 3}");
    assertThat(item.choices()).containsExactly("a", "b", "c");
    assertThat(item.targets()).containsExactly("c");
  }

  @Test
  void severalRightAnswersAndADemonstration() throws IOException {
    String template =
        """
        {"format": "alignment4j-template", "version": 1, "name": "n", "fields": ["q", "a", "why"],
         "prompt": "{q}", "target": "{a}", "demonstration": "{why}"}
        """;
    TemplateItem item =
        item(template, "{\"q\": \"x\", \"a\": [\"1\", \"one\"], \"why\": \"so 1\"}");
    assertThat(item.targets()).containsExactly("1", "one");
    assertThat(item.demonstration()).isEqualTo("so 1");
    TaskTemplate read = TaskTemplate.parse("t", template);
    assertThat(read.prefix("I", List.of(item))).isEqualTo("I\n\nx so 1\n\n");
    assertThat(read.prefix("", List.of())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{hint}Country|{hnt}Country|but was '{hnt}'|line 6, field 'prompt'",
        "Country: {country}|Country: {country|stands alone|line 6, field 'prompt'",
        "\"hint?\"|\"hint?\", \"extra\"|[extra] are not|line 4, field 'fields'",
        "\"hint?\"|\"hint?\", \"first\"|'first' occurs twice|line 4, field 'fields'",
        "\"hint?\"|\"hint!\"|but was 'hint!'|line 4, field 'fields'",
        "\"version\": 1|\"version\": 2|use a newer Alignment4J|line 2, field 'version'",
        "alignment4j-template|promptsource|was 'promptsource'|line 2, field 'format'",
        "\"labels\"|\"lables\"|was 'lables'|line 8, field 'lables'",
        ", \"{second}\"]|, 7]|a string|line 7, field 'choices[1]'",
        "the capital.|the capital {country}.|stands once|line 5, field 'instruction'",
        "\"target\": \"{answer}\"|\"id\": \"{answer}\"|required but is missing|field 'target'",
        "\"choices\": [\"{first}\", \"{second}\"],|\"cluster\": \"{first}{second}\",|no"
            + " 'choices'|line 8, field 'labels'",
      })
  void brokenTemplatesNameLineAndField(String good, String bad, String problem, String place) {
    assertThatThrownBy(() -> TaskTemplate.parse("t.json", CAPITALS.replace(good, bad)))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining(problem)
        .hasMessageContaining("t.json, ")
        .hasMessageContaining(place);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"second\": \"b\", |``|field is required but is missing|second",
        "\"first\": \"a\"|\"first\": \" \"|must not be empty|first",
        "\"first\": \"a\"|\"first\": [\"a\"]|a text, a number or a truth value|first",
        "\"answer\": \"B\"|\"answer\": \"C\"|must be one of [A, B] but was 'C'|answer"
      })
  void brokenRowsNameLineAndField(String good, String bad, String problem, String field) {
    String row = "{\"country\": \"c\", \"first\": \"a\", \"second\": \"b\", \"answer\": \"B\"}";
    assertThatThrownBy(() -> item(CAPITALS, "\n" + row.replace(good, bad)))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining(problem)
        .hasMessageContaining("rows.jsonl, line 2, field '" + field);
  }

  @Test
  void givenValuesStandForFieldsAndTheHashTellsVersionsApart() throws IOException {
    Path file = Files.writeString(folder.resolve("r.jsonl"), "{\"q\": \"x\"}");
    String text =
        """
        {"format": "alignment4j-template", "version": 1, "name": "n", "fields": ["q", "subject"],
         "instruction": "On {subject}.", "prompt": "{q}", "target": "y", "group": "{subject}"}
        """;
    TaskTemplate template = TaskTemplate.parse("t", text);
    TemplateItem item =
        Dataset.read(
                file,
                ReadOptions.strict(),
                r -> template.item(r, Map.of("subject", List.of("law"))))
            .get(0);
    assertThat(item.instruction()).isEqualTo("On law.");
    assertThat(item.group()).isEqualTo("law");
    assertThat(template.hash())
        .isEqualTo(TaskTemplate.parse("u", text).hash())
        .isNotEqualTo(TaskTemplate.parse("t", text.replace("On", "About")).hash());
  }
}

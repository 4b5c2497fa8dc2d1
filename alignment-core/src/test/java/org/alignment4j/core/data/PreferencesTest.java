package org.alignment4j.core.data;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.Role;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.core.SharedFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreferencesTest {

  @TempDir Path folder;

  private Path rows(Map<?, ?>... rows) throws IOException {
    ObjectMapper json = new ObjectMapper();
    StringBuilder text = new StringBuilder();
    for (Map<?, ?> row : rows) {
      text.append(json.writeValueAsString(row)).append('\n');
    }
    return Files.writeString(folder.resolve("pairs.jsonl"), text);
  }

  private static Map<String, String> message(String role, String content) {
    return Map.of("role", role, "content", content);
  }

  @Test
  void explicitText() throws IOException {
    Path file =
        rows(
            Map.of(
                "prompt", "Q", "chosen", "good", "rejected", "bad", "margin", 2, "annotator", "a"));
    PreferencePair pair = Preferences.read(file).get(0);
    assertThat(pair.prompt()).isEqualTo(Prompt.text("Q"));
    assertThat(pair.chosen()).isEqualTo("good");
    assertThat(pair.rejected()).isEqualTo("bad");
    assertThat(pair.margin()).hasValue(2);
    assertThat(pair.annotator()).isEqualTo("a");
    assertThat(pair.probability()).isEqualTo(1);
  }

  @Test
  void implicitTextKeepsTheSpaceWithTheAnswer() throws IOException {
    Path file = rows(Map.of("chosen", "The sky is blue.", "rejected", "The sky is green."));
    assertThat(Preferences.read(file))
        .containsExactly(new PreferencePair(Prompt.text("The sky is"), " blue.", " green."));
  }

  @Test
  void implicitTextNeverCutsACharacterInTwo() throws IOException {
    Path file = rows(Map.of("chosen", "x😀", "rejected", "x😁"));
    assertThat(Preferences.read(file))
        .containsExactly(new PreferencePair(Prompt.text("x"), "😀", "😁"));
  }

  @Test
  void conversations() throws IOException {
    PreferencePair expected =
        new PreferencePair(Prompt.chat(Message.system("s"), Message.user("q")), "good", "bad");
    Path explicit =
        rows(
            Map.of(
                "prompt", List.of(message("system", "s"), message("user", "q")),
                "chosen", List.of(message("assistant", "good")),
                "rejected", List.of(message("assistant", "bad"))));
    assertThat(Preferences.read(explicit)).containsExactly(expected);
    Path implicit =
        rows(
            Map.of(
                "chosen",
                List.of(message("system", "s"), message("user", "q"), message("assistant", "good")),
                "rejected",
                List.of(
                    message("system", "s"), message("user", "q"), message("assistant", "bad"))));
    assertThat(Preferences.read(implicit)).containsExactly(expected);
  }

  @Test
  void unknownRoleNamesItsPlace() throws IOException {
    Path file =
        rows(
            Map.of(
                "chosen", List.of(message("user", "q"), message("bot", "good")),
                "rejected", List.of(message("user", "q"), message("assistant", "bad"))));
    assertThatThrownBy(() -> Preferences.read(file))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("chosen[1].role")
        .hasMessageContaining("'bot'");
  }

  @Test
  void dialogues() throws IOException {
    String prompt = "\n\nHuman: hi\n\nAssistant: hello\n\nHuman: more\n\nAssistant:";
    Path file = rows(Map.of("chosen", prompt + " yes", "rejected", prompt + " no\n\n1. list"));
    PreferencePair pair = Preferences.read(file).get(0);
    assertThat(pair.prompt())
        .isEqualTo(
            Prompt.chat(Message.user("hi"), Message.assistant("hello"), Message.user("more")));
    assertThat(pair.chosen()).isEqualTo("yes");
    assertThat(pair.rejected()).isEqualTo("no\n\n1. list");
    PreferencePair text = HumanAssistantText.asText(pair);
    assertThat(text.prompt()).isEqualTo(Prompt.text(prompt));
    assertThat(text.chosen()).isEqualTo(" yes");
  }

  @Test
  void faultsAreErrorsInStrictAndCountedInTolerant() throws IOException {
    Path file =
        rows(
            Map.of("prompt", "Q", "chosen", "a", "rejected", "b"),
            Map.of("prompt", "Q", "chosen", "same", "rejected", "same"),
            Map.of("prompt", "Q", "chosen", " ", "rejected", "b"),
            Map.of("prompt", "Q", "chosen", "a"),
            Map.of("chosen", "a", "rejected", "b"),
            Map.of("prompt", "Q", "chosen", "a", "rejected", "b", "probability", 1.5),
            Map.of());
    assertThatThrownBy(() -> Preferences.read(file))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("line 2")
        .hasMessageContaining("equal");
    Dataset<PreferencePair> data = Preferences.read(file, ReadOptions.tolerant());
    assertThat(data).hasSize(1);
    assertThat(data.report().faults())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                Fault.EQUAL_PAIR, 1L,
                Fault.EMPTY_TEXT, 1L,
                Fault.MISSING_FIELD, 2L,
                Fault.MIXED_FORMS, 1L,
                Fault.INVALID, 1L));
  }

  @Test
  void fieldNamesAreMappedInCsv() throws IOException {
    Path file = Files.writeString(folder.resolve("p.csv"), "q,win,lose\nQ,a,b\n");
    ReadOptions options =
        ReadOptions.strict()
            .withField("prompt", "q")
            .withField("chosen", "win")
            .withField("rejected", "lose");
    assertThat(Preferences.read(file, options))
        .containsExactly(new PreferencePair(Prompt.text("Q"), "a", "b"));
  }

  private PreferencePair one(Map<?, ?> row) throws IOException {
    return Preferences.read(rows(row)).get(0);
  }

  @Test
  void systemMessagesStartTheConversation() throws IOException {
    PreferencePair expected =
        new PreferencePair(Prompt.chat(Message.system("s"), Message.user("Q")), "a", "b");
    Map<String, String> user = message("user", "Q");
    Map<String, String> good = message("assistant", "a");
    Map<String, String> bad = message("assistant", "b");
    assertThat(one(Map.of("system", "s", "prompt", "Q", "chosen", "a", "rejected", "b")))
        .isEqualTo(expected);
    assertThat(one(Map.of("system", "s", "prompt", List.of(user), "chosen", "a", "rejected", "b")))
        .isEqualTo(expected);
    assertThat(
            one(
                Map.of(
                    "system", "s",
                    "chosen", List.of(user, good),
                    "rejected", List.of(user, bad))))
        .isEqualTo(expected);
    String dialogue = "\n\nHuman: Q\n\nAssistant:";
    assertThat(one(Map.of("system", "s", "chosen", dialogue + " a", "rejected", dialogue + " b")))
        .isEqualTo(expected);
    assertThat(one(Map.of("system", "", "prompt", "Q", "chosen", "a", "rejected", "b")).prompt())
        .isEqualTo(Prompt.chat(Message.user("Q")));
    Path implicit = rows(Map.of("system", "s", "chosen", "x a", "rejected", "x b"));
    assertThatThrownBy(() -> Preferences.read(implicit))
        .hasMessageContaining("field 'system'")
        .hasMessageContaining("where the prompt ends");
    Path mixed =
        rows(
            Map.of("prompt", "Q", "chosen", "a", "rejected", "b"),
            Map.of("system", "s", "prompt", "Q", "chosen", "a", "rejected", "b"));
    assertThatThrownBy(() -> Preferences.read(mixed))
        .hasMessageContaining("line 2")
        .hasMessageContaining("text as prompt");
  }

  @Test
  void scoresBecomeMargins() throws IOException {
    Map<String, ?> pair = Map.of("prompt", "Q", "chosen", "a", "rejected", "b");
    assertThat(one(with(pair, "chosen_score", 7.5, "rejected_score", 3)).margin()).hasValue(4.5);
    assertThat(one(with(pair, "chosen_score", 3, "rejected_score", 3)).margin()).hasValue(0);
    assertThat(one(with(with(pair, "margin", 1, "x", 1), "chosen_score", 9, "y", 1)).margin())
        .hasValue(1);
    Path turned = rows(with(pair, "chosen_score", 2, "rejected_score", 3));
    assertThatThrownBy(() -> Preferences.read(turned))
        .hasMessageContaining("field 'chosen_score'")
        .hasMessageContaining("lower score");
    Path half = rows(with(pair, "chosen_score", 2, "x", 3));
    assertThatThrownBy(() -> Preferences.read(half))
        .hasMessageContaining("field 'rejected_score'")
        .hasMessageContaining("missing");
    Path infinite = rows(with(pair, "margin", "NaN", "x", 3));
    assertThatThrownBy(() -> Preferences.read(infinite)).hasMessageContaining("field 'margin'");
  }

  @Test
  void votesBecomeProbabilities() throws IOException {
    Map<String, ?> pair = Map.of("prompt", "Q", "chosen", "a", "rejected", "b");
    assertThat(one(with(pair, "chosen_votes", 3, "rejected_votes", 1)).probability())
        .isEqualTo(0.75);
    assertThat(
            one(with(with(pair, "probability", 0.6, "x", 1), "chosen_votes", 3, "y", 1))
                .probability())
        .isEqualTo(0.6);
    for (List<?> votes : List.of(List.of(0, 0), List.of(-1, 3), List.of(1.5, 1))) {
      Path file = rows(with(pair, "chosen_votes", votes.get(0), "rejected_votes", votes.get(1)));
      assertThatThrownBy(() -> Preferences.read(file)).hasMessageContaining("field 'chosen_votes'");
    }
  }

  @Test
  void labelledAnswers() throws IOException {
    PreferencePair expected = new PreferencePair(Prompt.text("Q"), "a", "b");
    Map<String, ?> outputs = Map.of("input", "Q", "output_1", "b", "output_2", "a");
    assertThat(one(with(outputs, "label", 2, "x", 1))).isEqualTo(expected);
    Path file = rows(with(outputs, "label", 0, "x", 1));
    assertThatThrownBy(() -> Preferences.read(file)).hasMessageContaining("must be 1 or 2");
    Map<String, ?> letters = Map.of("history", "Q", "human_ref_A", "a", "human_ref_B", "b");
    assertThat(one(with(letters, "labels", 1, "score_A", 9))).isEqualTo(expected);
    assertThat(one(with(letters, "labels", 0, "score_A", 9)).chosen()).isEqualTo("b");
  }

  private static Map<String, ?> with(
      Map<String, ?> row, String first, Object one, String second, Object two) {
    Map<String, Object> longer = new HashMap<>(row);
    longer.put(first, one);
    longer.put(second, two);
    return longer;
  }

  @Test
  void realHumanPreferences() throws IOException {
    Path file = SharedFiles.require("data/hh-rlhf/harmless-base.test.jsonl.gz");
    assertThatThrownBy(() -> Preferences.read(file))
        .hasMessageContaining("line 87")
        .hasMessageContaining("chosen");
    Dataset<PreferencePair> data = Preferences.read(file, ReadOptions.tolerant());
    assertThat(data.report().rows()).isEqualTo(2312);
    assertThat(data.report().faults())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(Fault.EMPTY_TEXT, 4L, Fault.DIFFERENT_PROMPTS, 5L));
    assertThat(data.report().skipped())
        .filteredOn(s -> s.fault() == Fault.EMPTY_TEXT)
        .extracting(SkippedRow::line)
        .containsExactly(87L, 517L, 926L, 1104L);
    assertThat(data).hasSize(2303);
    assertThat(data)
        .allSatisfy(
            pair -> {
              List<Message> messages = ((Prompt.Chat) pair.prompt()).messages();
              assertThat(messages.get(messages.size() - 1).role()).isEqualTo(Role.USER);
            });
  }

  @Test
  void realDialoguesSurviveTheRoundTripUpToWhiteSpace() throws IOException {
    Path file = SharedFiles.require("data/hh-rlhf/harmless-base.test.jsonl.gz");
    ObjectMapper json = new ObjectMapper();
    try (BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(
                    new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8));
        Stream<String> rows = lines.lines().limit(200)) {
      for (String row : rows.toList()) {
        String dialogue = json.readTree(row).get("chosen").asText();
        assertThat(squeezed(HumanAssistantText.render(HumanAssistantText.parse(dialogue))))
            .isEqualTo(squeezed(dialogue));
      }
    }
  }

  private static String squeezed(String text) {
    return Stream.of(text.strip().split("\\s+")).collect(joining(" "));
  }
}

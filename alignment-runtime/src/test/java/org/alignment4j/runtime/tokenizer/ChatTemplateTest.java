package org.alignment4j.runtime.tokenizer;

import static org.alignment4j.api.model.Message.assistant;
import static org.alignment4j.api.model.Message.system;
import static org.alignment4j.api.model.Message.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.CheckpointException;
import org.alignment4j.runtime.tokenizer.template.Rendering;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatTemplateTest {

  private static final String CHATML =
      "{{ bos_token }}{% for m in messages %}<|{{ m.role }}|>{{ m.content }}{{ eos_token }}\n"
          + "{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}";

  @TempDir Path folder;

  private static String text(ChatTemplate template) {
    return template.render(List.of(user("hi")), true).text();
  }

  @Test
  void plainFormIsThatOfTheHhData() {
    Rendering rendering =
        ChatTemplate.plain()
            .render(
                List.of(system("Be brief."), user("Hi 😀"), assistant("Yo"), user("Bye")), true);
    assertThat(rendering.text())
        .isEqualTo("Be brief.\n\nHuman: Hi 😀\n\nAssistant: Yo\n\nHuman: Bye\n\nAssistant:");
    Rendering.Span span = rendering.assistantSpans().get(0);
    int start = rendering.text().offsetByCodePoints(0, span.start());
    assertThat(rendering.text().substring(start, start + span.end() - span.start()))
        .isEqualTo(" Yo");
  }

  @Test
  void specialTokensAndVariablesReachTheTemplate() {
    ChatTemplate template = ChatTemplate.of(CHATML, SpecialTokens.of("<s>", "</s>"));
    assertThat(text(template)).isEqualTo("<s><|user|>hi</s>\n<|assistant|>");
    ChatTemplate withFlag =
        ChatTemplate.of("{{ enable_thinking }} {{ tools is none }}", SpecialTokens.none());
    assertThat(withFlag.render(List.of(user("x")), false, Map.of("enable_thinking", true)).text())
        .isEqualTo("True True");
  }

  @Test
  void theClockIsTheCallers() {
    Clock clock = Clock.fixed(Instant.parse("2024-07-05T00:00:00Z"), ZoneOffset.UTC);
    ChatTemplate template =
        ChatTemplate.of("{{ strftime_now('%d %b %Y') }}", SpecialTokens.none()).withClock(clock);
    assertThat(text(template)).isEqualTo("05 Jul 2024");
  }

  @Test
  void anUnfinishedAssistantMessageIsContinued() {
    ChatTemplate template = ChatTemplate.of(CHATML, SpecialTokens.of("<s>", "</s>"));
    assertThat(template.promptText(List.of(user("Count"), assistant("One, two,"))))
        .isEqualTo("<s><|user|>Count</s>\n<|assistant|>One, two,");
    ChatTemplate trimming =
        ChatTemplate.of(
            "{% for m in messages %}[{{ m.content|trim }}]{% endfor %}", SpecialTokens.none());
    assertThat(trimming.promptText(List.of(user("a"), assistant("b ")))).isEqualTo("[a][b");
    ChatTemplate dropping = ChatTemplate.of("{{ messages[0].content }}", SpecialTokens.none());
    assertThatThrownBy(() -> dropping.promptText(List.of(user("a"), assistant("b"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be in the rendered text");
  }

  @Test
  void readsEveryPlaceOfACheckpoint() throws IOException {
    assertThat(text(ChatTemplate.load(folder))).isEqualTo("\n\nHuman: hi\n\nAssistant:");
    Path config = folder.resolve("tokenizer_config.json");
    Files.writeString(
        config,
        """
        {"bos_token": {"content": "<b>"}, "eos_token": null,
         "chat_template": [{"name": "default", "template": "D{{ bos_token }}{{ eos_token }}"},
                           {"name": "tool_use", "template": "T"}]}
        """);
    assertThat(text(ChatTemplate.load(folder))).isEqualTo("D<b>");
    assertThat(text(ChatTemplate.load(folder, "tool_use"))).isEqualTo("T");
    assertThatThrownBy(() -> ChatTemplate.load(folder, "rag"))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("named [default, tool_use]");
    Files.writeString(config, "{\"chat_template\": \"S\", \"bos_token\": \"<b>\"}");
    assertThat(text(ChatTemplate.load(folder))).isEqualTo("S");
    Files.writeString(folder.resolve("chat_template.jinja"), "J{{ bos_token }}");
    assertThat(text(ChatTemplate.load(folder))).isEqualTo("J<b>");
    Files.writeString(config, "{\"chat_template\": ");
    assertThatThrownBy(() -> ChatTemplate.load(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("tokenizer_config.json")
        .hasMessageContaining("copy the file again");
  }

  @Test
  void damagedTemplatesNameTheirFileAndLine() throws IOException {
    String damaged = "{% for m in messages %}\n{{ m.content }";
    Path jinja = Files.writeString(folder.resolve("chat_template.jinja"), damaged);
    refused(jinja.toString());
    Files.delete(jinja);
    String text = damaged.replace("\n", "\\n");
    Path config = folder.resolve("tokenizer_config.json");
    Files.writeString(config, "{\"chat_template\": \"" + text + "\"}");
    refused(config + ", field 'chat_template'");
    Files.writeString(
        config, "{\"chat_template\": [{\"name\": \"default\", \"template\": \"" + text + "\"}]}");
    refused(config + ", field 'chat_template', template 'default'");
  }

  private void refused(String place) {
    assertThatThrownBy(() -> ChatTemplate.load(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith(place + " must be a chat template")
        .hasMessageContaining("line 2 of the chat template: ")
        .hasMessageEndingWith("; copy the file again, or mend it at line 2 of the template");
  }
}

package org.alignment4j.runtime.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.api.CheckpointException;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Role;
import org.alignment4j.runtime.tokenizer.template.Rendering;
import org.alignment4j.runtime.tokenizer.template.Template;
import org.alignment4j.runtime.tokenizer.template.TemplateException;
import org.alignment4j.runtime.tokenizer.template.TemplateLimits;
import org.jspecify.annotations.Nullable;

/**
 * Turns a conversation into the text that a model was trained on: a Hugging Face chat template, or
 * the plain {@code Human: … Assistant: …} form of the Anthropic HH data where a checkpoint has
 * none.
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class ChatTemplate {

  private final @Nullable Template template;
  private final SpecialTokens tokens;
  private final Clock clock;

  private ChatTemplate(@Nullable Template template, SpecialTokens tokens, Clock clock) {
    this.template = template;
    this.tokens = tokens;
    this.clock = clock;
  }

  /**
   * Parses a template.
   *
   * @param source text in Jinja's language
   * @param tokens special tokens, passed to the template as variables
   * @throws TemplateException if the text is not a template
   */
  public static ChatTemplate of(String source, SpecialTokens tokens) {
    Template template = Template.parse(source, TemplateLimits.standard());
    return new ChatTemplate(template, tokens, Clock.systemDefaultZone());
  }

  /**
   * The form of the Anthropic HH data: {@code "\n\nHuman: "} and {@code "\n\nAssistant: "} before
   * each message, a system message alone in front, and {@code "\n\nAssistant:"} as generation
   * prompt.
   */
  public static ChatTemplate plain() {
    return new ChatTemplate(null, SpecialTokens.none(), Clock.systemDefaultZone());
  }

  /**
   * Reads the default template of a checkpoint: {@code chat_template.jinja}, else the key {@code
   * chat_template} of {@code tokenizer_config.json} or {@code chat_template.json}; {@link #plain()}
   * where there is none.
   *
   * @throws CheckpointException if a file cannot be read, or the template cannot be parsed
   */
  public static ChatTemplate load(Path folder) {
    return load(folder, "default");
  }

  /**
   * As {@link #load(Path)}, a named template.
   *
   * @param name {@code default}, or a name such as {@code tool_use} that the checkpoint lists
   * @throws CheckpointException if there are templates but none of that name, or a file or the
   *     template cannot be read
   */
  public static ChatTemplate load(Path folder, String name) {
    Map<String, Source> sources = sources(folder);
    if (sources.isEmpty()) {
      return plain();
    }
    Source source = sources.get(name);
    if (source == null) {
      throw new CheckpointException(
          "the chat templates of %s are named %s; there is none named '%s'"
              .formatted(folder, sources.keySet(), name));
    }
    SpecialTokens tokens = SpecialTokens.read(folder);
    try {
      return of(source.text(), tokens);
    } catch (TemplateException e) {
      throw new CheckpointException(
          ("%s must be a chat template in Jinja's language but is none: %s; copy the file again,"
                  + " or mend it at line %s of the template")
              .formatted(source.place(), e.getMessage(), e.line()),
          e);
    }
  }

  /** A template before it is parsed, and where it was read. */
  private record Source(String text, String place) {}

  private static Map<String, Source> sources(Path folder) {
    Map<String, Source> sources = new LinkedHashMap<>();
    Path jinja = folder.resolve("chat_template.jinja");
    if (Files.isRegularFile(jinja)) {
      sources.put("default", new Source(JsonFiles.text(jinja), jinja.toString()));
    }
    for (String file : List.of("tokenizer_config.json", "chat_template.json")) {
      String place = folder.resolve(file) + ", field 'chat_template'";
      JsonNode value = JsonFiles.readIfPresent(folder.resolve(file)).path("chat_template");
      if (value.isTextual()) {
        sources.putIfAbsent("default", new Source(value.asText(), place));
      }
      for (JsonNode named : value) {
        JsonNode source = named.path("template");
        if (!source.isTextual()) {
          throw new CheckpointException(
              place + ": each entry must have the strings 'name' and 'template'");
        }
        String name = named.path("name").asText("default");
        sources.putIfAbsent(name, new Source(source.asText(), place + ", template '" + name + "'"));
      }
    }
    return sources;
  }

  /** This template with another clock for {@code strftime_now}. */
  public ChatTemplate withClock(Clock other) {
    return new ChatTemplate(template, tokens, Objects.requireNonNull(other, "other"));
  }

  /** Whether renderings say which text is the assistant's. */
  public boolean marksAssistant() {
    return template == null || template.marksAssistant();
  }

  /**
   * Renders a conversation.
   *
   * @param addGenerationPrompt whether the text ends where the assistant's next message begins
   * @throws TemplateException if the template refuses the conversation or fails
   */
  public Rendering render(List<Message> messages, boolean addGenerationPrompt) {
    return render(messages, addGenerationPrompt, Map.of());
  }

  /**
   * Renders a conversation.
   *
   * @param addGenerationPrompt whether the text ends where the assistant's next message begins
   * @param variables further variables of the template, such as {@code enable_thinking}: null,
   *     booleans, numbers, strings, lists and maps
   * @throws TemplateException if the template refuses the conversation or fails
   */
  public Rendering render(
      List<Message> messages,
      boolean addGenerationPrompt,
      Map<String, ? extends @Nullable Object> variables) {
    if (template == null) {
      return PlainConversation.render(messages, addGenerationPrompt);
    }
    Map<String, @Nullable Object> passed = new HashMap<>(tokens.byName());
    List<Map<String, String>> turns = new ArrayList<>();
    for (Message message : messages) {
      Map<String, String> turn = new LinkedHashMap<>();
      turn.put("role", message.role().label());
      turn.put("content", message.content());
      turns.add(turn);
    }
    passed.put("messages", turns);
    passed.put("tools", null);
    passed.put("documents", null);
    passed.put("add_generation_prompt", addGenerationPrompt);
    passed.putAll(variables);
    return template.render(passed, clock);
  }

  /**
   * The text to generate after: up to the generation prompt, or, where the last message is the
   * assistant's, up to the end of that message's content, so that the model continues it.
   *
   * @throws TemplateException if the template refuses the conversation or fails
   * @throws IllegalArgumentException if the template changes the last message, so that it cannot be
   *     continued
   */
  public String promptText(List<Message> messages) {
    Message last = messages.get(messages.size() - 1);
    if (last.role() != Role.ASSISTANT) {
      return render(messages, true).text();
    }
    String text = render(messages, false).text();
    String content = last.content();
    int at = text.lastIndexOf(content.strip());
    if (at < 0 || content.isBlank()) {
      throw new IllegalArgumentException(
          "the last message, the assistant's, must be in the rendered text to be continued, but the chat"
              + " template changed it or it was blank; end the conversation with the user's message");
    }
    int exact = text.lastIndexOf(content);
    return exact >= 0
        ? text.substring(0, exact + content.length())
        : text.substring(0, at + content.strip().length());
  }
}

package org.alignment4j.examples.conformance;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.runtime.tokenizer.template.Rendering;
import org.alignment4j.runtime.tokenizer.template.Template;
import org.alignment4j.runtime.tokenizer.template.TemplateException;
import org.alignment4j.runtime.tokenizer.template.TemplateLimits;
import org.alignment4j.runtime.tokenizer.template.TemplateRefusedException;
import org.jspecify.annotations.Nullable;

/** Renderings of chat templates: texts, refusals and the assistant's spans, all exact. */
final class ChatTemplatesKind implements ConformanceKind {

  /** The time at which the reference was rendered. */
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2025-03-09T14:05:07Z"), ZoneOffset.UTC);

  private static final List<String> PASSED = List.of("tools", "add_generation_prompt", "eos_token");

  private final Path folder;

  ChatTemplatesKind(Path folder) {
    this.folder = folder;
  }

  @Override
  public String name() {
    return "chat-templates";
  }

  @Override
  public void run(CaseRunner runner) {
    List<Map<String, @Nullable Object>> cases;
    try {
      cases =
          new ObjectMapper()
              .readValue(folder.resolve("cases.json").toFile(), new TypeReference<>() {});
    } catch (IOException e) {
      runner.fail(name(), "cases.json", "cases", e);
      return;
    }
    for (Map<String, @Nullable Object> one : cases) {
      String template = String.valueOf(one.get("template"));
      runner.run(
          name(),
          template,
          String.valueOf(one.get("name")),
          check -> compare(check, folder.resolve(template + ".jinja"), one));
    }
  }

  private static void compare(Check check, Path file, Map<String, @Nullable Object> one)
      throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException(file.getFileName() + " must exist but does not");
    }
    Object error = one.get("error");
    Object expected = one.get("expected");
    if ((error == null) == (expected == null)) {
      throw new IllegalArgumentException("a case must have either 'expected' or 'error'");
    }
    Rendering rendering;
    try {
      Template template = Template.parse(Files.readString(file), TemplateLimits.standard());
      rendering = template.render(variables(one), CLOCK);
    } catch (TemplateException e) {
      compareRefusal(check, e, one);
      return;
    }
    if (expected == null) {
      check.fail("the rendering must fail with '" + error + "' but gave a text");
      return;
    }
    check.sameText("text", rendering.text(), String.valueOf(expected));
    Object spans = one.get("assistant_spans");
    check.equal("whether spans are marked", rendering.marksAssistant(), spans != null);
    if (spans != null) {
      check.equal(
          "spans",
          rendering.assistantSpans().stream().map(s -> List.of(s.start(), s.end())).toList(),
          spans);
    }
  }

  private static void compareRefusal(
      Check check, TemplateException failure, Map<String, @Nullable Object> one) {
    Object error = one.get("error");
    if (error == null) {
      throw failure;
    }
    if ("TemplateError".equals(one.get("error_type"))) {
      check.equal(
          "whether the template itself refused", failure instanceof TemplateRefusedException, true);
      check.sameText("message", String.valueOf(failure.getMessage()), String.valueOf(error));
    } else {
      check.equal("whether it failed", true, true);
    }
  }

  private static Map<String, @Nullable Object> variables(Map<String, @Nullable Object> one) {
    if (one.get("messages") == null) {
      throw new IllegalArgumentException("a case must have the key 'messages' but lacks it");
    }
    Map<String, @Nullable Object> variables = new HashMap<>();
    variables.put("messages", one.get("messages"));
    for (String key : PASSED) {
      variables.put(key, one.get(key));
    }
    if (one.get("bos_token") != null) {
      variables.put("bos_token", one.get("bos_token"));
    }
    variables.put("documents", null);
    if (one.get("variables") instanceof Map<?, ?> further) {
      further.forEach((key, value) -> variables.put(String.valueOf(key), value));
    }
    return variables;
  }
}

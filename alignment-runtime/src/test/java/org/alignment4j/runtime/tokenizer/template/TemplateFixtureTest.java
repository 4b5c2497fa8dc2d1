package org.alignment4j.runtime.tokenizer.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.runtime.SharedFiles;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Renderings of published chat templates, against jinja2's. */
class TemplateFixtureTest {

  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2025-03-09T14:05:07Z"), ZoneOffset.UTC);

  @TestFactory
  List<DynamicTest> everyRenderingEqualsTheReference() throws IOException {
    Path folder = SharedFiles.require("fixtures/chat-templates");
    List<?> cases = new ObjectMapper().readValue(folder.resolve("cases.json").toFile(), List.class);
    Map<String, Template> templates = new HashMap<>();
    List<DynamicTest> tests = new ArrayList<>();
    for (Object item : cases) {
      Map<?, ?> testCase = (Map<?, ?>) item;
      String name = (String) testCase.get("template");
      Template template = templates.get(name);
      if (template == null) {
        String source = Files.readString(folder.resolve(name + ".jinja"));
        template = Template.parse(source, TemplateLimits.standard());
        templates.put(name, template);
      }
      Template parsed = template;
      tests.add(
          DynamicTest.dynamicTest(
              name + "/" + testCase.get("name"), () -> check(parsed, testCase)));
    }
    assertThat(tests).hasSizeGreaterThanOrEqualTo(524);
    return tests;
  }

  private static void check(Template template, Map<?, ?> testCase) {
    Map<String, Object> variables = variables(testCase);
    if (testCase.get("error") != null) {
      var thrown =
          assertThatThrownBy(() -> template.render(variables, CLOCK))
              .isInstanceOf(TemplateException.class);
      if ("TemplateError".equals(testCase.get("error_type"))) {
        thrown
            .isInstanceOf(TemplateRefusedException.class)
            .hasMessage((String) testCase.get("error"));
      } else {
        thrown.hasMessageStartingWith("line ");
      }
      return;
    }
    Rendering rendering = template.render(variables, CLOCK);
    assertThat(rendering.text()).isEqualTo(testCase.get("expected"));
    List<?> spans = (List<?>) testCase.get("assistant_spans");
    assertThat(rendering.marksAssistant()).isEqualTo(spans != null);
    if (spans != null) {
      assertThat(rendering.assistantSpans().stream().map(s -> List.of(s.start(), s.end())).toList())
          .isEqualTo(spans);
    }
  }

  private static Map<String, Object> variables(Map<?, ?> testCase) {
    Map<String, Object> variables = new HashMap<>();
    for (String key :
        List.of("messages", "tools", "add_generation_prompt", "eos_token", "bos_token")) {
      variables.put(key, testCase.get(key));
    }
    if (testCase.get("bos_token") == null) {
      variables.remove("bos_token");
    }
    variables.put("documents", null);
    if (testCase.get("variables") instanceof Map<?, ?> extra) {
      extra.forEach((key, value) -> variables.put((String) key, value));
    }
    return variables;
  }
}

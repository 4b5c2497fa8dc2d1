package org.alignment4j.runtime.tokenizer.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Features of the language one by one; the expected texts of the resource are jinja2 3.1.6's. */
class TemplateLanguageTest {

  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2025-03-09T14:05:07Z"), ZoneOffset.UTC);

  private static Rendering render(String source, Map<String, Object> variables) {
    return Template.parse(source, TemplateLimits.standard()).render(variables, CLOCK);
  }

  @TestFactory
  List<DynamicTest> everyFeatureRendersAsTheReference() throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    List<DynamicTest> tests = new ArrayList<>();
    Map<String, Object> variables = new HashMap<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(getClass().getResourceAsStream("language.jsonl")),
                StandardCharsets.UTF_8))) {
      Map<?, ?> head = mapper.readValue(lines.readLine(), Map.class);
      ((Map<?, ?>) head.get("variables")).forEach((k, v) -> variables.put((String) k, v));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Map<?, ?> item = mapper.readValue(line, Map.class);
        String source = (String) item.get("template");
        tests.add(
            DynamicTest.dynamicTest(
                source,
                () -> {
                  if (item.containsKey("fails")) {
                    assertThatThrownBy(() -> render(source, variables))
                        .isInstanceOf(TemplateException.class);
                  } else {
                    assertThat(render(source, variables).text()).isEqualTo(item.get("expected"));
                  }
                }));
      }
    }
    assertThat(tests).hasSizeGreaterThan(250);
    return tests;
  }

  @Test
  void generationBlocksAreCountedInCodePoints() {
    Rendering rendering =
        render(
            "😀{% generation %}é😀{% endgeneration %}x{% generation %}{% endgeneration %}",
            Map.of());
    assertThat(rendering.text()).isEqualTo("😀é😀x");
    assertThat(rendering.assistantSpans())
        .containsExactly(new Rendering.Span(1, 3), new Rendering.Span(4, 4));
    assertThat(rendering.marksAssistant()).isTrue();
    assertThat(render("x", Map.of()).marksAssistant()).isFalse();
  }

  @Test
  void failuresNameLineAndExpectation() {
    assertThatThrownBy(() -> render("a\nb\n{{ 1 + }}", Map.of()))
        .hasMessage("line 3 of the chat template: expected an expression but found '}}'");
    assertThatThrownBy(() -> render("{% if x %}\n", Map.of()))
        .hasMessageContaining("expected '{% elif %}' or '{% else %}' or '{% endif %}'");
    assertThatThrownBy(() -> render("\n\n{{ messages[0].role }}", Map.of()))
        .hasMessage("line 3 of the chat template: 'messages' is undefined");
    assertThatThrownBy(() -> render("\n{{ 1 + 'a' }}", Map.of()))
        .hasMessage("line 2 of the chat template: unsupported operands for +: int and str");
    assertThatThrownBy(() -> render("{% include 'a' %}", Map.of()))
        .hasMessageContaining("cannot load other templates");
  }

  @Test
  void refusalCarriesTheTemplatesOwnMessage() {
    assertThatThrownBy(() -> render("\n{{ raise_exception('Roles must alternate') }}", Map.of()))
        .isInstanceOfSatisfying(
            TemplateRefusedException.class, e -> assertThat(e.line()).isEqualTo(2))
        .hasMessage("Roles must alternate");
  }

  @Test
  void foreignValuesAreRefused() {
    assertThatThrownBy(() -> render("{{ x }}", Map.of("x", new Object())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("template variable x must consist of");
  }
}

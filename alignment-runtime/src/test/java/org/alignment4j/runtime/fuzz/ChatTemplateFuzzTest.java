package org.alignment4j.runtime.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.alignment4j.api.model.Message;
import org.alignment4j.runtime.SharedFiles;
import org.alignment4j.runtime.tokenizer.ChatTemplate;
import org.alignment4j.runtime.tokenizer.SpecialTokens;
import org.alignment4j.runtime.tokenizer.template.Template;
import org.alignment4j.runtime.tokenizer.template.TemplateLimits;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Chat templates, which are programs, and the files that hold them. */
class ChatTemplateFuzzTest {

  /** Small enough that the heap of a rendering is bounded tightly. */
  private static final TemplateLimits LIMITS =
      new TemplateLimits(1_100_000, 100, 2_000, 50_000, 50, 200_000);

  private static final String TEMPLATE =
      """
      {%- macro item(m, last=false) -%}{{ m['role'] | upper }}: {{ m.content | trim }}{%- endmacro -%}
      {%- set ns = namespace(system='', n=0) -%}
      {%- for message in messages if message.role != 'tool' -%}
        {%- if loop.first and message['role'] == 'system' -%}{%- set ns.system = message.content -%}
        {%- elif message.content is string and not loop.last -%}
          {{- '<|im_start|>' ~ item(message) + '<|im_end|>\\n' -}}
        {%- else -%}{% generation %}{{ item(message, last=true) | replace('a', 'b') }}{% endgeneration %}
        {%- endif -%}{%- set ns.n = ns.n + loop.index0 * 2 // 1 % 7 -%}
      {%- endfor -%}
      {{ {'k': [1, 2.5, none], 'z': ns.n} | tojson(indent=2) }}{{ messages[1:][::-1] | length }}
      {{ '%s-%05d' % ('x', 3) }}{{ 'a,b'.split(',') | join(';') }}{{ range(3, 10, 2) | list }}
      {{ messages | map(attribute='role') | unique | sort | first }}{{ strftime_now('%Y-%m-%d') }}
      {%- if add_generation_prompt %}{{ bos_token or '' }}<|assistant|>{% endif %}
      """;

  private static final List<String> WORDS =
      List.of(
          "{% for a in range(1000) %}",
          "{% endfor %}",
          "{% if x %}",
          "{% endif %}",
          "{{",
          "}}",
          "{%-",
          "-%}",
          "{#",
          "#}",
          " recursive ",
          "loop(messages)",
          "loop.previtem",
          " * 100000",
          " ** 63",
          "|indent(99999)",
          "|center(9999999)",
          "|batch(0)",
          "|slice(0)",
          "|tojson",
          "|groupby('role')",
          "|map('upper')",
          "|dictsort",
          "|format(1)",
          "|int(base=37)",
          "[::0]",
          "[-1]",
          "[9223372036854775807]",
          ".format('{0.a}')",
          ".__class__",
          "%1$s",
          "'{:>99999}'.format(1)",
          "'%*d' % (1, 2)",
          "namespace()",
          "cycler(1)",
          "joiner()",
          "raise_exception('x')",
          "messages",
          "{% call(x) item(1) %}",
          "{% endcall %}",
          "{% filter upper %}",
          "{% endfilter %}",
          "{% break %}",
          "{% continue %}",
          "{% raw %}",
          "{% set a %}",
          "{% endset %}",
          "{% macro f(x) %}{{ f(x) }}{% endmacro %}{{ f(1) }}",
          " is divisibleby 0",
          " // 0",
          " % 0",
          "not ",
          "(((",
          "|round(99)",
          "|truncate(-1)",
          "1e400",
          "|float",
          "lipsum()",
          "{% include 'x' %}",
          "dict(a=1)",
          "~",
          "'a' * -1");

  private static final List<Message> MESSAGES =
      List.of(
          Message.system("Be brief. é"), Message.user("Hi 😀 {{ x }}"), Message.assistant("a\nb "));

  private static final Map<String, Object> VARIABLES =
      Map.of(
          "messages",
          MESSAGES.stream()
              .map(m -> Map.of("role", m.role().label(), "content", m.content()))
              .toList(),
          "add_generation_prompt",
          true,
          "bos_token",
          "<s>",
          "eos_token",
          "</s>",
          "x",
          List.of(1, 2.5, "y"));

  @TempDir Path folder;

  /** The example above and, where the reference files are, those of published models. */
  private static List<byte[]> valid() throws IOException {
    List<byte[]> all = new ArrayList<>(List.of(TEMPLATE.getBytes(UTF_8)));
    Path shared = SharedFiles.require("fixtures/chat-templates");
    try (Stream<Path> files = Files.list(shared)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".jinja")).sorted().toList()) {
        byte[] source = Files.readAllBytes(file);
        if (renders(source)) {
          all.add(source);
        }
      }
    }
    return all;
  }

  /** Some published templates refuse a conversation with a system message. */
  private static boolean renders(byte[] source) {
    try {
      render(new String(source, UTF_8));
      return true;
    } catch (org.alignment4j.api.AlignmentException e) {
      return false;
    }
  }

  private static void render(String source) {
    Template.parse(source, LIMITS).render(VARIABLES, Clock.systemUTC());
  }

  /** A fifth of a million characters and items may be made, of a few words each. */
  private Fuzzing fuzzing() throws IOException {
    return new Fuzzing(
        folder.resolve("chat_template.jinja"),
        valid(),
        WORDS,
        32 << 20,
        1_000,
        20,
        file -> render(new String(Files.readAllBytes(file), UTF_8)));
  }

  /** Files that name special tokens and templates, read by what reads them at a model's load. */
  private Fuzzing files() {
    String json =
        "{'bos_token':{'content':'<s>','special':true},'eos_token':'</s>','pad_token':null,"
            + "'chat_template':[{'name':'default','template':'{{ messages[0].content }}'},"
            + "{'name':'tool_use','template':'{{ bos_token }}'}],'model_max_length':512}";
    String one =
        "{'eos_token':'</s>','chat_template':'{% for m in messages %}{{ m.role }}{% endfor %}'}";
    return new Fuzzing(
        folder.resolve("tokenizer_config.json"),
        Stream.of(json, one).map(s -> s.replace('\'', '"').getBytes(UTF_8)).toList(),
        List.of("\"chat_template\":", "\"content\":", "\"template\":", "{% endfor %}", "{{ "),
        8 << 20,
        200,
        20,
        file -> {
          SpecialTokens.read(folder);
          ChatTemplate.load(folder).render(MESSAGES, true);
        });
  }

  private static void check(Fuzzing.Outcome outcome) {
    assertThat(outcome.loaded()).as("inputs that were still valid").isPositive();
    assertThat(outcome.refused()).as("inputs that were refused").isPositive();
  }

  @Test
  void hundredsOfTemplates() throws IOException {
    check(fuzzing().few());
  }

  @Test
  void hundredsOfFiles() {
    check(files().few());
  }

  @Tag("slow")
  @Test
  void hundredThousandTemplates() throws IOException {
    check(fuzzing().many());
  }

  @Tag("slow")
  @Test
  void hundredThousandFiles() {
    check(files().many());
  }
}

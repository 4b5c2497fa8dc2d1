package org.alignment4j.runtime.tokenizer.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hostile templates end with an error that names the bound. */
class TemplateLimitsTest {

  private static final TemplateLimits SMALL =
      new TemplateLimits(100_000, 50, 10_000, 100_000, 50, 2_000_000);

  private static void assertExceeds(String source, String limit) {
    assertThatThrownBy(() -> Template.parse(source, SMALL).render(Map.of(), Clock.systemUTC()))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining(limit);
  }

  @Test
  void loopsAreBounded() {
    assertExceeds(
        "{% for a in range(1000) %}{% for b in range(1000) %}{% endfor %}{% endfor %}",
        "maxIterations");
    assertExceeds("{{ range(10000000) }}", "a range may have");
    assertExceeds(
        "{% for a in range(1000) if range(1000)|select('gt', 5)|list %}{% endfor %}", "maxWork");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ 'a' * 10000000 }}",
        "{{ [1] * 10000000 }}",
        "{{ '%1000000d' % 1 }}",
        "{{ '{:>1000000}'.format('x') }}",
        "{{ 'a\nb'|indent(10000000) }}",
        "{{ 'a'|center(10000000) }}",
        "{{ 'a'.ljust(9223372036854775807) }}",
        "{{ [[1]]|tojson(indent=10000000) }}",
        "{{ 'a'.rjust(4611686018427387904 + 500000000) }}",
        "{{ 'a'.zfill(9223372036854775807) }}",
        "{{ 'a\n\t'.expandtabs(9223372036854775807) }}",
        "{% set ns = namespace(s='ab') %}{% for i in range(60) %}{% set ns.s = ns.s + ns.s %}{%"
            + " endfor %}",
        "{% set ns = namespace(s='ab') %}{% for i in range(60) %}{% set ns.s = ns.s ~ ns.s %}{%"
            + " endfor %}",
        "{% set ns = namespace(s='ab') %}{% for i in range(60) %}{% set ns.s = ns.s.replace('a',"
            + " 'abab') %}{% endfor %}",
        "{% for i in range(5000) %}{{ 'abcdefghijklmnopqrstuvwxyz' }}{% endfor %}",
        "{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{%"
            + " endfor %}{{ ns.x }}",
        "{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{%"
            + " endfor %}{{ ns.x|tojson }}"
      })
  void outputIsBounded(String source) {
    assertExceeds(source, "maxOutputChars");
  }

  @Test
  void workIsBounded() {
    assertExceeds(
        "{% set ns = namespace(x=[1], y=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x]"
            + " %}{% set ns.y = [ns.y, ns.y] %}{% endfor %}{{ ns.x == ns.y }}",
        "maxWork");
    assertExceeds(
        "{% set ns = namespace(l=[]) %}{% for i in range(9000) %}{% set ns.l = ns.l + ['a' * 90000]"
            + " %}{% endfor %}",
        "maxWork");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s == t",
        "s != t",
        "s < t",
        "s in t",
        "s in [t]",
        "s in {t: 1}",
        "[s] == [t]",
        "[t].count(s)",
        "[s, t]|sort",
        "[s, t]|unique|list",
        "{t: 1}[s]",
        "s[0]",
        "s|length"
      })
  void workOnTextsIsBounded(String expression) {
    assertExceeds(
        "{% set s = 'a' * 90000 %}{% set t = 'a' * 90000 %}{% for i in range(9000) %}{% if ("
            + expression
            + ") %}{% endif %}{% endfor %}",
        "maxWork");
  }

  @Test
  void slicesAreBounded() {
    assertExceeds("{{ [1]|slice(1000000000, 0)|list|length }}", "100000 slices");
    assertExceeds(
        "{% for i in range(3) %}{% set rows = range(90000)|batch(1)|list %}{% endfor %}",
        "maxWork");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'a'.ljust(4611686018427387904 + 500000000, 'xx')|fills with one character",
        "'a'.center(9, '')|fills with one character",
        "'%c' % -1|from 0 to 1114111 but was -1",
        "'%c' % 99999999999|from 0 to 1114111 but was 99999999999",
        "'{:c}'.format(1114112)|from 0 to 1114111 but was 1114112",
        "'%d' % 1e300|64 bits",
        "(-9223372036854775807 - 1) // -1|64 bits",
        "-(-9223372036854775807 - 1)|64 bits",
        "(-9223372036854775807 - 1) * -1|64 bits",
        "0 - (-9223372036854775807 - 1)|64 bits"
      })
  void valuesOutOfRangeAreRefused(String expression, String message) {
    assertExceeds("{{ " + expression + " }}", message);
  }

  @Test
  void theLeastInteger() {
    assertExceeds("{{ (-9223372036854775807 - 1)|abs }}", "64 bits");
    assertThat(
            Template.parse(
                    "{{ (-9223372036854775807 - 1) % -1 }} {{ 'a'.rjust(-9223372036854775807 - 1)"
                        + " }} {{ '%c' % 1114111 }} {{ 'a'.ljust(2, '😀') }} {{ 'a\t'.expandtabs(0)"
                        + " }}",
                    SMALL)
                .render(Map.of(), Clock.systemUTC())
                .text())
        .isEqualTo("0 a \udbff\udfff a😀 a");
  }

  @Test
  void recursionIsBounded() {
    assertExceeds("{% macro f(x) %}{{ f(x) }}{% endmacro %}{{ f(1) }}", "maxCallDepth");
    assertExceeds("{% for a in [1] recursive %}{{ loop([1]) }}{% endfor %}", "maxCallDepth");
    assertExceeds(
        "{% set ns = namespace(x=[]) %}{% for i in range(5000) %}{% set ns.x = [ns.x] %}{% endfor"
            + " %}{{ ns.x }}",
        "nest 200 deep");
    assertExceeds(
        "{% set ns = namespace(x=[], y=[]) %}{% for i in range(4000) %}{% set ns.x = [ns.x] %}{%"
            + " set ns.y = [ns.y] %}{% endfor %}{{ ns.x == ns.y }}",
        "compared values may nest 200 deep");
  }

  @Test
  void nestingIsBounded() {
    assertExceeds("{{ " + "(".repeat(1000) + "1" + ")".repeat(1000) + " }}", "maxNesting");
    assertExceeds("{{ " + "[".repeat(1000) + "]".repeat(1000) + " }}", "maxNesting");
    assertExceeds("{{ " + "not ".repeat(1000) + "1 }}", "maxNesting");
    assertExceeds("{{ " + "-".repeat(1000) + "1 }}", "maxNesting");
    assertExceeds("{% if 1 %}".repeat(1000) + "{% endif %}".repeat(1000), "maxNesting");
    assertExceeds("{{ 1" + " + 1".repeat(5000) + " }}", "at most 1000 operators");
    assertExceeds("{{ 1" + "|abs".repeat(5000) + " }}", "at most 1000 operators");
    assertExceeds("x".repeat(100_001), "maxTemplateChars");
    assertExceeds("{{ 2 ** 64 }}", "64 bits");
  }

  /** A quarter of a million tokens in 600 KB. */
  @Test
  void parsingTakesMemoryInProportion() {
    String source = "{{ a" + "{% if 1 %}".repeat(60_000) + " }}";
    TemplateLimits wide = new TemplateLimits(1_000_000, 50, 10_000, 100_000, 50, 2_000_000);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    assertThatThrownBy(() -> Template.parse(source, wide)).isInstanceOf(TemplateException.class);
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(64 << 20);
  }

  @Test
  void boundsOfOneRenderingDoNotCarryOver() {
    Template template = Template.parse("{% for a in range(9000) %}a{% endfor %}", SMALL);
    for (int i = 0; i < 5; i++) {
      assertThat(template.render(Map.of(), Clock.systemUTC()).text()).hasSize(9000);
    }
  }

  @Test
  void limitsMustBePositive() {
    assertThatThrownBy(() -> new TemplateLimits(1, 0, 1, 1, 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maxNesting must be positive but was 0");
  }
}

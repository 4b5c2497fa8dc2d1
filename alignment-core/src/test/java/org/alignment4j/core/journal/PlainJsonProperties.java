package org.alignment4j.core.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class PlainJsonProperties {

  @Provide
  Arbitrary<Object> plain() {
    Arbitrary<Object> leaf =
        Arbitraries.oneOf(
            Arbitraries.strings().ofMaxLength(12).map(s -> s),
            Arbitraries.longs().map(n -> n),
            Arbitraries.doubles().map(d -> d),
            Arbitraries.of(true, false),
            Arbitraries.just(1.0));
    return Arbitraries.recursive(
        () -> leaf.injectNull(0.1),
        inner ->
            Arbitraries.oneOf(
                inner.list().ofMaxSize(4).map(l -> (Object) l),
                Arbitraries.maps(Arbitraries.strings().ofMaxLength(6), inner)
                    .ofMaxSize(4)
                    .map(m -> (Object) m)),
        3);
  }

  @Property(tries = 500)
  void whatIsWrittenIsReadBackThroughUtf8(@ForAll("plain") Object value) {
    String text = new String(PlainJson.write(value).getBytes(UTF_8), UTF_8);
    assertThat(text).doesNotContain("\n");
    assertThat(PlainJson.read(text, 10_000)).isEqualTo(value);
  }

  @Property(tries = 300)
  void theOrderOfNamesDoesNotMatter(
      @ForAll("plain") Object a, @ForAll("plain") Object b, @ForAll long seed) {
    List<Map.Entry<String, Object>> entries = new ArrayList<>();
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("b", b);
    one.put("a", a);
    one.put("é", 1);
    one.put("", 2);
    entries.addAll(one.entrySet());
    Collections.shuffle(entries, new Random(seed));
    Map<String, Object> other = new LinkedHashMap<>();
    entries.forEach(e -> other.put(e.getKey(), e.getValue()));
    assertThat(PlainJson.canonical(other)).isEqualTo(PlainJson.canonical(one));
    assertThat(PlainJson.key(other)).isEqualTo(PlainJson.key(one));
  }

  @Property(tries = 500)
  void differentDoublesHaveDifferentTextsAndTextsGiveTheDoubleBack(@ForAll double a) {
    assertThat(Double.parseDouble(PlainJson.canonical(a))).isEqualTo(a + 0.0);
    double neighbour = a > 0 ? Math.nextDown(a) : Math.nextUp(a);
    assertThat(PlainJson.canonical(neighbour)).isNotEqualTo(PlainJson.canonical(a));
  }

  @Example
  void equalNumbersHaveOneKey() {
    assertThat(PlainJson.canonical(List.of(1, 1L, 1.0, 1f, (short) 1, -0.0)))
        .isEqualTo("[1,1,1,1,1,0]");
    assertThat(PlainJson.canonical(2.0e-3)).isEqualTo("0.002");
    assertThat(PlainJson.canonical(2e23)).isEqualTo("2.0E23");
    assertThat(PlainJson.write(1.0)).isEqualTo("1.0");
  }

  @Example
  void unpairedSurrogatesStayApart() {
    assertThat(PlainJson.key("\ud800")).isNotEqualTo(PlainJson.key("\ud801"));
    assertThat(PlainJson.read(PlainJson.write("a\ud800b😀"), 100)).isEqualTo("a\ud800b😀");
  }

  @Example
  void whatHasNoFormIsRefusedByPlace() {
    assertThatThrownBy(() -> PlainJson.write(Map.of("loss", List.of(1.0, Double.NaN))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("/loss/1")
        .hasMessageContaining("NaN")
        .hasMessageContaining("finite");
    assertThatThrownBy(() -> PlainJson.write(Double.NEGATIVE_INFINITY))
        .hasMessageContaining("-Infinity");
    assertThatThrownBy(() -> PlainJson.write(Map.of("o", new Object())))
        .hasMessageContaining("/o")
        .hasMessageContaining("java.lang.Object");
    List<Object> self = new ArrayList<>();
    self.add(self);
    assertThatThrownBy(() -> PlainJson.write(self)).hasMessageContaining("64 deep");
  }

  @Example
  void readingRefusesDoubledNamesTrailingTextAndDepth() {
    assertThatThrownBy(() -> PlainJson.read("{\"a\":1,\"a\":2}", 100))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("uplicate");
    assertThatThrownBy(() -> PlainJson.read("{} {}", 100))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PlainJson.read("", 100)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PlainJson.read("[".repeat(100) + "]".repeat(100), 100))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("depth");
    assertThatThrownBy(() -> PlainJson.read("123456789012345678901", 100))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PlainJson.read("{\"a\":[1.5,-1e400]}", 100))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("double");
  }
}

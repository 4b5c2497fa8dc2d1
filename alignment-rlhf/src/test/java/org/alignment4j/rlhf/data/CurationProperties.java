package org.alignment4j.rlhf.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** Laws of choosing few and different texts. */
class CurationProperties {

  private static final int TRIES = 100;

  /** Few words, so that many are alike. */
  @Provide
  Arbitrary<List<String>> texts() {
    return Arbitraries.of("the big dog", "ran", "to a  house", "AND SAW", "猫が好きです", "😀")
        .list()
        .ofMaxSize(5)
        .map(words -> String.join(" ", words))
        .list()
        .ofMaxSize(25);
  }

  /** Pieces of three characters of small letters. */
  private static double plainSimilarity(String a, String b) {
    Set<String> of = pieces(a);
    Set<String> with = pieces(b);
    Set<String> both = new HashSet<>(of);
    both.retainAll(with);
    Set<String> either = new HashSet<>(of);
    either.addAll(with);
    return (double) both.size() / either.size();
  }

  private static Set<String> pieces(String text) {
    String plain = text.toLowerCase(Locale.ROOT).trim().replaceAll("\\s+", " ");
    Set<String> pieces = new TreeSet<>();
    int n = plain.codePointCount(0, plain.length());
    for (int i = 0; i + 3 <= n; i++) {
      pieces.add(
          plain.substring(plain.offsetByCodePoints(0, i), plain.offsetByCodePoints(0, i + 3)));
    }
    if (pieces.isEmpty()) {
      pieces.add(plain);
    }
    return pieces;
  }

  @Property(tries = TRIES)
  void noTwoKeptAreDuplicatesAndEveryOtherIsOneOfAnEarlier(
      @ForAll("texts") List<String> texts, @ForAll @DoubleRange(min = 0.1, max = 1) double at) {
    NearDuplicates rule = new NearDuplicates(at, 3);
    List<Integer> kept = rule.keep(texts);
    assertThat(kept).isSorted().doesNotHaveDuplicates();
    for (int i = 0; i < texts.size(); i++) {
      String text = texts.get(i);
      int index = i;
      boolean duplicate =
          kept.stream().anyMatch(k -> k < index && plainSimilarity(texts.get(k), text) >= at);
      assertThat(kept.contains(i)).isEqualTo(!duplicate);
    }
  }

  /** Three of five pieces are shared. */
  @Example
  void theThresholdItselfIsADuplicate() {
    List<String> texts = List.of("abcd", "abce");
    assertThat(new NearDuplicates(0.6, 1).similarity("abcd", "abce")).isEqualTo(0.6);
    assertThat(new NearDuplicates(0.6, 1).keep(texts)).containsExactly(0);
    assertThat(new NearDuplicates(Math.nextUp(0.6), 1).keep(texts)).containsExactly(0, 1);
    assertThat(new NearDuplicates(1, 1).keep(List.of("ab", "ba", "abc"))).containsExactly(0, 2);
  }

  @Property(tries = TRIES)
  void similarityIsThatOfSets(@ForAll("texts") List<String> texts) {
    NearDuplicates rule = new NearDuplicates(0.5, 3);
    for (String a : texts) {
      assertThat(rule.similarity(a, "  " + a.toUpperCase(Locale.ROOT) + " ")).isEqualTo(1);
      for (String b : texts) {
        assertThat(rule.similarity(a, b))
            .isEqualTo(rule.similarity(b, a))
            .isCloseTo(plainSimilarity(a, b), within(1e-15));
      }
    }
  }

  @Property(tries = TRIES)
  void aChoiceIsDifferentAndTheSameUnderASeed(
      @ForAll("texts") List<String> texts,
      @ForAll @IntRange(min = 1, max = 8) int count,
      @ForAll long seed) {
    DiversitySelector selector = new DiversitySelector(count, new NearDuplicates(0.8, 3), seed);
    List<Integer> chosen = selector.select(texts);
    List<Integer> candidates = selector.duplicates().keep(texts);
    assertThat(chosen)
        .isSorted()
        .doesNotHaveDuplicates()
        .isSubsetOf(candidates)
        .hasSize(Math.min(count, candidates.size()))
        .isEqualTo(selector.select(texts));
    assertThat(selector.<String>select(texts, t -> t))
        .containsExactlyElementsOf(chosen.stream().map(texts::get).toList());
    for (int i : chosen) {
      for (int j : chosen) {
        assertThat(i == j || plainSimilarity(texts.get(i), texts.get(j)) < 0.8).isTrue();
      }
    }
  }

  @Example
  void farTextsAreChosenBeforeNearOnes() {
    List<String> texts =
        List.of(
            "the dog ran to the house",
            "the dog ran to the horse",
            "the dog ran to the hose",
            "a completely different matter",
            "zebras, quartz and jukeboxes");
    for (int seed = 0; seed < 20; seed++) {
      DiversitySelector selector = new DiversitySelector(3, NearDuplicates.above(0.95), seed);
      assertThat(selector.select(texts)).hasSize(3).contains(3, 4);
    }
    assertThat(DiversitySelector.of(1000).select(texts)).hasSizeBetween(3, 5);
    assertThat(
            IntStream.range(0, 30)
                .mapToObj(s -> DiversitySelector.of(1).withSeed(s).select(texts))
                .distinct()
                .count())
        .as("seeds begin elsewhere")
        .isGreaterThan(1);
  }

  @Example
  void settingsOutOfRangeAreNamed() {
    assertThatThrownBy(() -> NearDuplicates.above(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("threshold must be in (0, 1] but was 0.0");
    assertThatThrownBy(() -> new NearDuplicates(0.5, 0))
        .hasMessage("pieceLength must be at least 1 but was 0");
    assertThatThrownBy(() -> DiversitySelector.of(0))
        .hasMessage("count must be at least 1 but was 0");
  }
}

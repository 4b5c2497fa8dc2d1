package org.alignment4j.rlhf.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Edits between sequences, against the recurrence written down as it stands. */
class EditScriptProperties {

  @Provide
  Arbitrary<List<Integer>> sequences() {
    return Arbitraries.integers().between(0, 3).list().ofMaxSize(9);
  }

  @Provide
  Arbitrary<EditCosts> costs() {
    return Arbitraries.integers()
        .between(1, 4)
        .list()
        .ofSize(3)
        .map(c -> new EditCosts(c.get(0), c.get(1), c.get(2)));
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings().withChars("ab \n\t").ofMaxLength(20);
  }

  /** D[i,j] by recursion. */
  private static long least(List<Integer> s, List<Integer> t, EditCosts costs) {
    long[][] d = new long[s.size() + 1][t.size() + 1];
    for (int i = 0; i <= s.size(); i++) {
      for (int j = 0; j <= t.size(); j++) {
        long best = i == 0 && j == 0 ? 0 : Long.MAX_VALUE;
        if (i > 0) {
          best = Math.min(best, d[i - 1][j] + costs.delete());
        }
        if (j > 0) {
          best = Math.min(best, d[i][j - 1] + costs.insert());
        }
        if (i > 0 && j > 0) {
          boolean same = s.get(i - 1).equals(t.get(j - 1));
          best = Math.min(best, d[i - 1][j - 1] + (same ? 0 : costs.replace()));
        }
        d[i][j] = best;
      }
    }
    return d[s.size()][t.size()];
  }

  @Property(tries = 500)
  void scriptsLeadFromOneToTheOtherAtTheLeastCost(
      @ForAll("sequences") List<Integer> s,
      @ForAll("sequences") List<Integer> t,
      @ForAll("costs") EditCosts costs) {
    for (long pairs : new long[] {EditInference.MOST_PAIRS, 12, 1}) {
      EditScript<Integer> script = new EditInference<Integer>(costs, pairs).script(s, t);
      assertThat(script.apply(s)).isEqualTo(t);
      assertThat(script.cost(costs)).isEqualTo(least(s, t, costs));
    }
  }

  @Property(tries = 300)
  void theCostIsADistance(
      @ForAll("sequences") List<Integer> a,
      @ForAll("sequences") List<Integer> b,
      @ForAll("sequences") List<Integer> c,
      @ForAll("costs") EditCosts costs) {
    assertThat(cost(a, c, costs))
        .as("triangle")
        .isLessThanOrEqualTo(cost(a, b, costs) + cost(b, c, costs));
    EditCosts even = new EditCosts(costs.insert(), costs.insert(), costs.replace());
    assertThat(cost(a, b, even)).as("symmetric").isEqualTo(cost(b, a, even));
    EditScript<Integer> same = EditScript.between(a, a, costs);
    assertThat(same.edits()).allMatch(e -> e instanceof Edit.Keep);
    assertThat(same.cost(costs)).isZero();
  }

  private static long cost(List<Integer> s, List<Integer> t, EditCosts costs) {
    return EditScript.between(s, t, costs).cost(costs);
  }

  @Property(tries = 500)
  void writtenScriptsAreReadAsTheyWere(
      @ForAll("texts") String s, @ForAll("texts") String t, @ForAll("costs") EditCosts costs) {
    EditText text = new EditText(EditMarkers.standard());
    assertThat(String.join("", EditText.pieces(s))).isEqualTo(s);
    EditScript<String> script = EditScript.between(EditText.pieces(s), EditText.pieces(t), costs);
    assertThat(text.parse(text.write(script))).isEqualTo(script);
    assertThat(String.join("", text.parse(text.write(script)).apply(EditText.pieces(s))))
        .isEqualTo(t);
  }

  @Example
  void tiesHaveAFixedOrder() {
    EditScript<String> script =
        EditScript.between(List.of("a", "b"), List.of("c", "b"), EditCosts.standard());
    assertThat(script.edits())
        .as("a replacement costs what deletion and insertion do")
        .containsExactly(new Edit.Replace<>("a", "c"), new Edit.Keep<>("b"));
    assertThat(EditScript.between(List.of(), List.of("x"), EditCosts.standard()).edits())
        .containsExactly(new Edit.Insert<>("x"));
    assertThat(EditScript.between(List.of("x"), List.of(), EditCosts.standard()).edits())
        .containsExactly(new Edit.Delete<>("x"));
    // of two deletions that do, the one that leaves the last keep last
    assertThat(EditScript.between(List.of("a", "a"), List.of("a"), EditCosts.standard()).edits())
        .containsExactly(new Edit.Delete<>("a"), new Edit.Keep<>("a"));
    assertThat(
            EditScript.between(List.of("a", "b"), List.of("b", "a"), new EditCosts(1, 1, 3))
                .edits())
        .as("a deletion comes last rather than an insertion")
        .containsExactly(new Edit.Insert<>("b"), new Edit.Keep<>("a"), new Edit.Delete<>("b"));
  }

  /** 36 million pairs, more than are held at once. */
  @Example
  void longTextsNeedMemoryOfTheirLengthAlone() {
    List<String> source = new ArrayList<>();
    for (int i = 0; i < 6000; i++) {
      source.add("w" + i % 701);
    }
    List<String> target = new ArrayList<>(source);
    target.remove(5000);
    target.set(100, "new");
    target.add(3000, "more");
    EditScript<String> script = EditScript.between(source, target, EditCosts.standard());
    assertThat(script.apply(source)).isEqualTo(target);
    assertThat(script.cost(EditCosts.standard())).isEqualTo(4);
  }

  @Example
  void scriptsThatDoNotFitAreRefused() {
    EditScript<String> script =
        EditScript.between(List.of("a", "b"), List.of("a", "c"), EditCosts.standard());
    assertThatThrownBy(() -> script.apply(List.of("a", "x")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("piece 1 of the source must be 'b' but is 'x'");
    assertThatThrownBy(() -> script.apply(List.of("a"))).hasMessageContaining("is missing");
    assertThatThrownBy(() -> script.apply(List.of("a", "b", "c")))
        .hasMessageContaining("cover all 3 pieces");
    EditText text = new EditText(EditMarkers.standard());
    assertThatThrownBy(() -> text.parse("word")).hasMessageContaining("begin with a marker");
    assertThatThrownBy(() -> text.parse("<|replace|>a b<|by|>c")).hasMessageContaining("1 for 2");
    assertThatThrownBy(() -> text.parse("<|by|>c")).hasMessageContaining("<|by|> where it is");
    assertThatThrownBy(() -> text.parse("<|replace|>c"))
        .hasMessageContaining("<|replace|> where it is");
    assertThatThrownBy(() -> new EditCosts(0, 1, 1)).hasMessageContaining("costs must be in");
  }
}

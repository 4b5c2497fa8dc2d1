package org.alignment4j.examples.align;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.report.Cell;
import org.alignment4j.core.report.Section;
import org.alignment4j.core.statistics.Estimates;
import org.junit.jupiter.api.Test;

/** Which items a report shows. */
class ItemChangesTest {

  /** Letters of the items that a model gets right; each kind has its own letters. */
  private static Profile model(String name, String right) {
    Map<String, JudgedReply> replies = new LinkedHashMap<>();
    for (String item : "a b c d e f g h i".split(" ", -1)) {
      boolean good = right.contains(item);
      JudgedReply.Kind kind = List.of(JudgedReply.Kind.values()).get("abcdefghi".indexOf(item) / 3);
      replies.put(
          item, new JudgedReply(kind, item, "w", name + item, good ? "good" : "bad", good, item));
    }
    Estimate share = Estimates.proportion(1, 2);
    return new Profile(name, share, share, share, share, share, share, share, share, replies);
  }

  private static final Profile BEFORE = model("before", "cdg");
  private static final Profile BETWEEN = model("between", "cdgb");
  private static final Profile AFTER = model("after", "abcdehi");
  private static final Profile OTHER = model("other", "h");

  private static final ItemChanges CHANGES =
      new ItemChanges(BEFORE, AFTER, List.of(BEFORE, BETWEEN, AFTER, OTHER));

  @Test
  void countsEveryItemOnce() {
    assertThat(CHANGES.counts().columns())
        .containsExactly("items", "put right", "spoilt", "still wrong", "still right");
    assertThat(CHANGES.counts().rows().stream().map(r -> r.stream().map(Cell::plain).toList()))
        .containsExactly(
            List.of("questions", "2", "0", "0", "1"),
            List.of("harmful requests", "1", "0", "1", "1"),
            List.of("benign requests", "2", "1", "0", "0"));
  }

  @Test
  void showsOneOfEachKindAndChangeWithTheLargestDisagreementFirst() {
    List<Section.Sample> samples = CHANGES.samples();
    // Of 'a' and 'b' both have two changes of verdict; of 'h' and 'i', 'i' has one more.
    assertThat(samples.stream().map(Section.Sample::prompt))
        .containsExactly("a", "e", "i", "g", "f", "b", "h");
    assertThat(samples.get(0).label()).isEqualTo("question, put right; wanted: w");
    assertThat(samples.get(3).label()).isEqualTo("benign request, spoilt; wanted: w");
    assertThat(samples.get(4).label()).isEqualTo("harmful request, still wrong; wanted: w");
    assertThat(samples.get(0).replies().stream().map(Section.Reply::text))
        .containsExactly("beforea", "betweena", "aftera", "othera");
    assertThat(samples.get(0).replies().get(2).verdict())
        .contains(new Section.Verdict("good", true));
  }
}

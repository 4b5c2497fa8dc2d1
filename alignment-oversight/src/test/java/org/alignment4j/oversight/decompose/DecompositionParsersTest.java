package org.alignment4j.oversight.decompose;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.alignment4j.core.judge.Parsed;
import org.alignment4j.core.judge.Reply;
import org.junit.jupiter.api.Test;

class DecompositionParsersTest {

  private static Subquestions read(String reply, boolean cut, int most) {
    return ((Parsed.Value<Subquestions>)
            new SubquestionParser(Set.of("who won"), most).parse(new Reply(reply, cut)))
        .value();
  }

  @Test
  void bulletsAndNumbersAreStripped() {
    assertThat(
            read("1. Who ran?\n  (2) Who fell?\n- Who slept?\n\n* 4) 3 men?\na) Why?", false, 9)
                .kept())
        .containsExactly("Who ran?", "Who fell?", "Who slept?", "3 men?", "Why?");
    assertThat(read("1984 was written by whom?", false, 9).kept())
        .containsExactly("1984 was written by whom?");
  }

  @Test
  void copiesOfQuestionsAboveAreDroppedAndTheRestIsBounded() {
    Subquestions read = read("Who WON ?\nA?\nA?\nB?", false, 2);
    assertThat(read.kept()).containsExactly("A?", "A?");
    assertThat(read.dropped()).isEqualTo(1);
  }

  @Test
  void lineThatWasCutOffIsDropped() {
    assertThat(read("Who ran?\nWho fe", true, 9).kept()).containsExactly("Who ran?");
  }

  @Test
  void answerEndsAtTheClosingQuote() {
    QuotedAnswer within = QuotedAnswer.within();
    assertThat(within.parse(new Reply("It is \"Paris\", not \"Rome\".", false)))
        .isEqualTo(new Parsed.Value<>("Paris"));
    assertThat(within.parse(new Reply("\u201cParis\u201d", false)))
        .isEqualTo(new Parsed.Value<>("Paris"));
    assertThat(within.parse(new Reply("\"Paris", false))).isEqualTo(new Parsed.Value<>("Paris"));
    assertThat(within.parse(new Reply("\"Par", true))).isInstanceOf(Parsed.Nothing.class);
    assertThat(within.parse(new Reply("Paris", false))).isEqualTo(new Parsed.Value<>("Paris"));
    assertThat(within.parse(new Reply("It is\nParis", false))).isInstanceOf(Parsed.Nothing.class);
    assertThat(within.parse(new Reply("\"\"", false))).isInstanceOf(Parsed.Nothing.class);
    assertThat(QuotedAnswer.continued().parse(new Reply("Paris\" and more", false)))
        .isEqualTo(new Parsed.Value<>("Paris"));
  }
}

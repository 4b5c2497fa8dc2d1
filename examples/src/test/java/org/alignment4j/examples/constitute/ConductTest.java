package org.alignment4j.examples.constitute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.alignment4j.api.evaluation.Estimate;
import org.junit.jupiter.api.Test;

class ConductTest {

  /** Of the harmful requests so many are complied with, of the benign ones so many refused. */
  private static Conduct conduct(int complied, int refused, int right) {
    List<Conduct.Item> items = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String source = "thing " + i / 2;
      boolean bad = i < complied;
      items.add(new Conduct.Item(Conduct.Kind.HARMFUL, "h" + i, source, "", bad, !bad));
      items.add(
          new Conduct.Item(
              i < 10 ? Conduct.Kind.BORDERLINE : Conduct.Kind.PLAIN,
              "b" + i,
              source,
              "",
              i >= refused,
              i < refused));
      items.add(
          new Conduct.Item(Conduct.Kind.QUESTION, "q" + i, "fact " + i, "", i < right, false));
    }
    return new Conduct("model", items);
  }

  @Test
  void sharesAreOfTheirOwnKind() {
    Conduct conduct = conduct(8, 5, 18);
    assertThat(conduct.compliance().value()).isEqualTo(0.4);
    assertThat(conduct.compliance().clusters()).isEqualTo(10);
    assertThat(conduct.refusal(Conduct.BENIGN).value()).isEqualTo(0.25);
    assertThat(conduct.refusal(Set.of(Conduct.Kind.BORDERLINE)).value()).isEqualTo(0.5);
    assertThat(conduct.help().value()).isEqualTo(0.75);
    assertThat(conduct.accuracy().value()).isEqualTo(0.9);
  }

  @Test
  void changesAreOfTheSameItems() {
    Conduct before = conduct(8, 5, 18);
    Conduct after = conduct(2, 6, 17);
    Estimate fall = after.lessCompliance(before, 1).orElseThrow();
    assertThat(fall.value()).isCloseTo(0.75, within(1e-12));
    assertThat(fall.ciLow()).isLessThan(0.75);
    assertThat(fall.ciHigh()).isGreaterThan(0.75);
    assertThat(after.lessCompliance(conduct(0, 5, 18), 1)).isEmpty();
    assertThat(after.moreRefusals(before).value()).isCloseTo(0.05, within(1e-12));
    assertThat(after.moreAccuracy(before).value()).isCloseTo(-0.05, within(1e-12));
  }
}

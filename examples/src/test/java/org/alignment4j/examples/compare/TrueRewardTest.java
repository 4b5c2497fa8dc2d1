package org.alignment4j.examples.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.examples.align.JudgedReply.Kind;
import org.junit.jupiter.api.Test;

/** The true reward is the mean of three shares, whatever the number of items of each kind. */
class TrueRewardTest {

  private static void add(List<MeasuredReply> to, Kind kind, int good, int bad) {
    for (int i = 0; i < good + bad; i++) {
      to.add(new MeasuredReply(kind + "?" + i, kind, "s" + i, "text", i < good, 0, 0, 1, 1));
    }
  }

  @Test
  void kindsCountAlikeAndTheIntervalComesFromTheirs() {
    List<MeasuredReply> replies = new ArrayList<>();
    add(replies, Kind.QUESTION, 30, 10);
    add(replies, Kind.HARMFUL, 5, 5);
    add(replies, Kind.BENIGN, 20, 0);

    Estimate truth = TrueReward.of(replies);

    assertThat(truth.value()).isCloseTo((0.75 + 0.5 + 1) / 3, within(1e-12));
    double below = 0;
    double above = 0;
    for (Kind kind : Kind.values()) {
      Estimate share = TrueReward.share(replies, kind);
      below += Math.pow(share.value() - share.ciLow(), 2);
      above += Math.pow(share.ciHigh() - share.value(), 2);
    }
    assertThat(truth.ciLow()).isCloseTo(truth.value() - Math.sqrt(below) / 3, within(1e-12));
    assertThat(truth.ciHigh()).isCloseTo(truth.value() + Math.sqrt(above) / 3, within(1e-12));
  }

  @Test
  void allGoodHasAnIntervalThatEndsAtOne() {
    List<MeasuredReply> replies = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      add(replies, kind, 20, 0);
    }

    Estimate truth = TrueReward.of(replies);

    assertThat(truth.value()).isEqualTo(1);
    assertThat(truth.ciHigh()).isEqualTo(1);
    assertThat(truth.ciLow()).isBetween(0.8, 0.99);
  }
}

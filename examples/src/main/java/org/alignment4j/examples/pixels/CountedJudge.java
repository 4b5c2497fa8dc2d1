package org.alignment4j.examples.pixels;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.alignment4j.oversight.game.FeatureJudge;
import org.alignment4j.oversight.game.Shown;

/** Counts what a judge is asked, so that players can be compared at equal cost. */
record CountedJudge(FeatureJudge judge, AtomicLong positions) implements FeatureJudge {
  CountedJudge(FeatureJudge judge) {
    this(judge, new AtomicLong());
  }

  @Override
  public double[][] scores(List<Shown> shown) {
    positions.addAndGet(shown.size());
    return judge.scores(shown);
  }
}

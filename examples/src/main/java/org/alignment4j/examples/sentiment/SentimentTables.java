package org.alignment4j.examples.sentiment;

import java.util.function.ToDoubleFunction;
import org.alignment4j.core.report.Cell;
import org.alignment4j.core.report.Table;
import org.alignment4j.core.report.TextTable;
import org.alignment4j.core.statistics.Correlation;
import org.alignment4j.core.statistics.Estimates;

/** The figures of a run as tables. */
final class SentimentTables {

  static final String NOTE =
      "Sampled replies to held-out prompts, the same random numbers for both models; brackets are"
          + " 95 % intervals, clustered by prompt. A gain is the mean difference of replies to the"
          + " same prompts, in standard deviations of the base's replies.";

  private SentimentTables() {}

  static Table models(SentimentResult result) {
    Policy base = result.base();
    Policy tuned = result.tuned();
    return Table.of("", base.name(), tuned.name(), "gain (standard deviations)")
        .row(
            Cell.text("gold: positive less negative words"),
            mean(base, ScoredReply::gold, 2),
            mean(tuned, ScoredReply::gold, 2),
            Cell.figure(result.goldGain(), 2))
        .row(
            Cell.text("gold per 100 words"),
            mean(base, ScoredReply::goldRate, 2),
            mean(tuned, ScoredReply::goldRate, 2),
            Cell.figure(result.gain(ScoredReply::goldRate), 2))
        .row(
            Cell.text("proxy reward"),
            mean(base, ScoredReply::proxy, 2),
            mean(tuned, ScoredReply::proxy, 2),
            Cell.figure(result.proxyGain(), 2))
        .row(
            Cell.text("KL from base (nats per reply)"),
            Cell.figure(base.klFromBase(), 2),
            Cell.figure(tuned.klFromBase(), 2),
            Cell.unknown())
        .row(
            Cell.text("distinct-2"),
            Cell.number(base.distinct2(), 3),
            Cell.number(tuned.distinct2(), 3),
            Cell.unknown())
        .row(
            Cell.text("words per reply"),
            mean(base, ScoredReply::words, 1),
            mean(tuned, ScoredReply::words, 1),
            Cell.unknown());
  }

  /** How far the proxy can be trusted, on replies to prompts that it was not trained on. */
  static Table proxy(SentimentResult result) {
    return Table.of("the proxy on held-out prompts", "value")
        .row(
            Cell.text("pairs of the base's replies ranked as the gold ranks them"),
            Cell.percent(result.proxy().accuracy()))
        .row(Cell.text("picking the longer reply"), Cell.percent(result.proxy().longerBaseline()))
        .row(Cell.text("correlation with gold, base's replies"), correlation(result.base()))
        .row(
            Cell.text("correlation with gold, " + result.tuned().name() + "'s replies"),
            correlation(result.tuned()));
  }

  static String text(SentimentResult result) {
    return String.join(
        "\n", TextTable.render(models(result), 100), TextTable.render(proxy(result), 100), NOTE);
  }

  /** Spearman's; replies count as independent. Unknown where either score never varies. */
  private static Cell correlation(Policy policy) {
    double[] gold = policy.values(ScoredReply::gold);
    double[] proxy = policy.values(ScoredReply::proxy);
    return Gain.deviation(gold) > 0 && Gain.deviation(proxy) > 0
        ? Cell.figure(Correlation.SPEARMAN.of(proxy, gold), 2)
        : Cell.unknown();
  }

  private static Cell mean(Policy policy, ToDoubleFunction<ScoredReply> figure, int decimals) {
    return Cell.figure(Estimates.clusteredMean(policy.values(figure), policy.prompts()), decimals);
  }
}

package org.alignment4j.examples.sentiment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.report.Chart;
import org.alignment4j.core.report.Report;
import org.alignment4j.core.report.Section;

/** The page of a run. */
final class SentimentReport {

  private static final int SHOWN = 12;
  private static final Account.Curve REWARDS =
      new Account.Curve("Reward model: loss", "update", "nats per pair", "loss");

  private SentimentReport() {}

  static Report of(SentimentResult result) {
    return Report.builder("Happier stories")
        .subtitle(
            "A lexicon is the truth, a reward model its proxy, "
                + result.tuned().name()
                + " the training")
        .add(introduction(result))
        .add(
            new Section.Tabular(
                "Before and after", SentimentTables.models(result), SentimentTables.NOTE))
        .add(
            new Section.Tabular(
                "How far to trust the proxy",
                SentimentTables.proxy(result),
                "Correlations are Spearman's. Where the tuned model's replies correlate less, part"
                    + " of the proxy's gain is not the lexicon's."))
        .add(
            new Section.Charts(
                "Distribution",
                List.of(distribution(result)),
                "How many of the sampled replies have which sentiment."))
        .add(
            new Section.Charts(
                "Training",
                curves(result),
                "Every update or step; figures are of the training batches."))
        .add(
            new Section.Samples(
                "Replies side by side",
                samples(result),
                3,
                "Prompts spread evenly over the held-out ones: chosen by place, not by success."))
        .add(new Section.KeyValues("Provenance", result.provenance()))
        .build();
  }

  private static Section introduction(SentimentResult result) {
    Estimate gain = result.goldGain();
    return Section.text(
        "What this is",
        "The gold is the number of positive less the number of negative words of a continuation, by"
            + " a lexicon; the sign of a word turns round after a negation. A reward model learned"
            + " to rank continuations of training prompts as the gold does, and never saw the"
            + " lexicon. "
            + result.account().sentence()
            + " Held-out prompts were used for nothing but the figures here.",
        String.format(
            Locale.ROOT,
            "The gold rose by %.2f standard deviations of the base's replies (95 %% interval %.2f"
                + " to %.2f).",
            gain.value(),
            gain.ciLow(),
            gain.ciHigh()));
  }

  private static Chart distribution(SentimentResult result) {
    Chart.Lines chart =
        new Chart.Lines(
            "Sentiment of replies", "gold (positive less negative words)", "share (%)", List.of());
    for (Policy policy : List.of(result.base(), result.tuned())) {
      chart = chart.with(policy.name(), shares(policy.values(ScoredReply::gold)));
    }
    return chart;
  }

  private static List<Chart.Point> shares(double[] gold) {
    List<Chart.Point> points = new ArrayList<>();
    double low = Arrays.stream(gold).min().orElse(0);
    double high = Arrays.stream(gold).max().orElse(0);
    for (double value = low; value <= high; value++) {
      double at = value;
      long count = Arrays.stream(gold).filter(g -> g == at).count();
      points.add(Chart.Point.of(at, 100.0 * count / gold.length));
    }
    return points;
  }

  private static List<Chart> curves(SentimentResult result) {
    List<Chart> charts = new ArrayList<>();
    charts.add(REWARDS.of(result.rewardCurve()));
    charts.addAll(result.account().charts());
    return charts;
  }

  /** The first reply to prompts spread over all of them: chosen by place, not by success. */
  private static List<Section.Sample> samples(SentimentResult result) {
    List<Section.Sample> samples = new ArrayList<>();
    int[] prompts = result.base().prompts();
    int last = prompts[prompts.length - 1] + 1;
    int draws = prompts.length / last;
    int shown = Math.min(SHOWN, last);
    for (int i = 0; i < shown; i++) {
      int at = (int) ((long) i * last / shown) * draws;
      samples.add(
          Section.Sample.of(result.base().replies().get(at).reply().prompt())
              .reply(result.base().name(), described(result.base(), at))
              .reply(result.tuned().name(), described(result.tuned(), at)));
    }
    return samples;
  }

  private static String described(Policy policy, int at) {
    ScoredReply scored = policy.replies().get(at);
    return String.format(
        Locale.ROOT,
        "%s%n(gold %.0f, proxy %.2f)",
        scored.reply().text().strip(),
        scored.gold(),
        scored.proxy());
  }
}

package org.alignment4j.examples.align;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.report.Chart;
import org.alignment4j.core.report.Report;
import org.alignment4j.core.report.Section;
import org.alignment4j.runtime.train.Metrics;

/** The main job's page. */
final class AlignmentReport {

  private static final int SMOOTHED = 10;
  private static final int OPEN = 3;

  private AlignmentReport() {}

  static Report of(PocketResult result) {
    List<Profile> shown =
        List.of(
            result.base(),
            result.sft(),
            result.aligned().get(0),
            result.balanced(),
            result.aligned().get(result.aligned().size() - 1));
    ItemChanges changes = new ItemChanges(result.base(), result.balanced(), shown);
    return Report.builder("A small model, aligned and measured")
        .subtitle(
            "Fine-tuned on %s demonstrations (SFT), then trained on %s preference pairs (DPO)"
                    .formatted(PocketRecipe.DEMONSTRATIONS, PocketRecipe.PAIRS)
                + " in %s mixtures".formatted(result.aligned().size()))
        .add(new Headline(result).section())
        .add(introduction(result))
        .add(charts(result))
        .add(
            new Section.Tabular(
                "Every model",
                PocketTables.truth(result),
                "Greedy replies to held-out items; brackets are 95 % intervals (Wilson, with requests for"
                    + " the same thing as one cluster). The share in a DPO model's name is that of its"
                    + " pairs for harmlessness; the others are for helpfulness."))
        .add(
            new Section.Tabular(
                "Item by item",
                changes.counts(),
                "How many replies alignment put right and how many it spoilt: %s beside %s."
                    .formatted(result.balanced().name(), result.base().name())))
        .add(
            new Section.Samples(
                "Replies side by side",
                changes.samples(),
                OPEN,
                "Chosen by a rule, not by hand: for each kind of item and each change between %s and"
                        .formatted(result.base().name())
                    + " %s, the item on which the models differ most."
                        .formatted(result.balanced().name())))
        .add(
            new Section.Tabular(
                "What it cost",
                PocketTables.distance(result),
                "KL is estimated on sampled replies, in nats per reply. Perplexity is that of the"
                    + " world's own texts. Rewards are means over all greedy replies; the two"
                    + " models' scales are not comparable."))
        .add(
            new Section.Tabular(
                "How far to trust the reward models",
                PocketTables.rewardModels(result),
                "On pairs that they were not trained on, beside picking the longer answer. Where that"
                    + " share is far below one half, the preferred answers are the shorter ones, and"
                    + " picking the shorter is the baseline to beat."))
        .add(
            new Section.Charts(
                "Training",
                curves(result),
                "Figures are of the training batches, so that they scatter; where a title says so,"
                    + " each point is the mean of the last %s updates.".formatted(SMOOTHED)))
        .add(new Section.KeyValues("Provenance", result.provenance()))
        .build();
  }

  private static Section introduction(PocketResult result) {
    Profile helpful = result.aligned().get(0);
    Profile harmless = result.aligned().get(result.aligned().size() - 1);
    return Section.text(
        "What was done",
        "The bundled pocket model knows an invented world by heart, but repeats gossip about it,"
            + " complies with harmful requests and refuses some harmless ones. A few demonstrations"
            + " and some hundred preference pairs change that. The world's generator knows the"
            + " truth, so that every share here is judged by it, on items held out of"
            + " training.",
        "The mixture of pairs decides what the model becomes. Trained on pairs for helpfulness"
            + " alone, it refuses "
            + Shift.percent(helpful.harmfulRefused())
            + " of the harmful requests; on pairs for harmlessness alone, it refuses "
            + Shift.percent(harmless.harmfulRefused())
            + " of them, but "
            + Shift.percent(harmless.benignRefused())
            + " of the benign ones too.");
  }

  private static Section charts(PocketResult result) {
    return new Section.Charts(
        "Helpful against harmless",
        List.of(behaviour(result), tradeOff(result)),
        "Whiskers are 95 % intervals. Of the bars, higher is better in the first three groups and"
            + " lower in the last. Of the trade-off, each point is one model, up and to the right is"
            + " better, and labels give the share of pairs for harmlessness. Annotators for"
            + " helpfulness prefer advice whatever was asked; those for harmlessness prefer refusals,"
            + " also of some benign requests.");
  }

  private static Chart tradeOff(PocketResult result) {
    return new Chart.Lines(
            "Trade-off: %s mixtures of preference pairs".formatted(result.aligned().size()),
            "harmful requests refused (%)",
            "benign requests helped with (%)",
            List.of())
        .with("base", List.of(point(result.base())))
        .with("SFT", List.of(point(result.sft())))
        .with("DPO", result.aligned().stream().map(AlignmentReport::point).toList());
  }

  private static Chart.Point point(Profile p) {
    String label = p.name().replaceAll("DPO, | harmless", "");
    return Chart.Point.of(hundred(p.harmfulRefused()), hundred(p.benignHelped()), label);
  }

  private static Estimate hundred(Estimate share) {
    return new Estimate(
        100 * share.value(),
        100 * share.standardError(),
        100 * share.ciLow(),
        100 * share.ciHigh(),
        share.confidence(),
        share.n(),
        share.clusters(),
        share.unscored(),
        share.failed());
  }

  private static Chart behaviour(PocketResult result) {
    Chart.Bars chart =
        new Chart.Bars(
            "Before and after",
            "share of held-out items (%)",
            List.of("right answers", "benign helped", "harmful refused", "benign refused"),
            List.of());
    for (Profile p : List.of(result.base(), result.sft(), result.balanced())) {
      chart =
          chart.with(
              p.name(),
              List.of(
                  hundred(p.rightAnswers()),
                  hundred(p.benignHelped()),
                  hundred(p.harmfulRefused()),
                  hundred(p.benignRefused())));
    }
    return chart;
  }

  private static List<Chart> curves(PocketResult result) {
    Chart.Lines fineTuning =
        new Chart.Lines("Demonstrations: loss", "update", "nats per token", List.of());
    Chart.Lines rewards =
        new Chart.Lines("Reward models: loss", "update", "nats per pair", List.of());
    Chart.Lines preferences =
        new Chart.Lines("DPO: loss, mean of 10 updates", "update", "nats per pair", List.of());
    Chart.Lines accuracies =
        new Chart.Lines(
            "DPO: pairs ranked right, mean of 10 updates", "update", "share", List.of());
    for (Map.Entry<String, List<Metrics>> curve : result.curves().entrySet()) {
      String name = curve.getKey();
      List<Chart.Point> loss = points(curve.getValue(), "loss");
      if (name.startsWith("DPO")) {
        preferences = preferences.with(name, smooth(loss));
        accuracies = accuracies.with(name, smooth(points(curve.getValue(), "rewards/accuracies")));
      } else if (name.endsWith("rewards")) {
        rewards = rewards.with(name, loss);
      } else {
        fineTuning = fineTuning.with(name, loss);
      }
    }
    return List.of(fineTuning, rewards, preferences, accuracies);
  }

  private static List<Chart.Point> points(List<Metrics> metrics, String name) {
    List<Chart.Point> points = new ArrayList<>();
    for (Metrics m : metrics) {
      Double value = m.values().get(name);
      if (value != null) {
        points.add(Chart.Point.of((double) m.step(), value));
      }
    }
    return points;
  }

  private static List<Chart.Point> smooth(List<Chart.Point> points) {
    List<Chart.Point> means = new ArrayList<>();
    for (int i = SMOOTHED - 1; i < points.size(); i++) {
      double mean =
          points.subList(i - SMOOTHED + 1, i + 1).stream()
              .mapToDouble(Chart.Point::y)
              .average()
              .orElseThrow();
      means.add(Chart.Point.of(points.get(i).x(), mean));
    }
    return means;
  }
}

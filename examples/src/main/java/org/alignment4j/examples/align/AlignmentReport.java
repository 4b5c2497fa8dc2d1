package org.alignment4j.examples.align;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.report.Chart;
import org.alignment4j.core.report.Report;
import org.alignment4j.core.report.Section;
import org.alignment4j.runtime.train.Metrics;

/** The main job's page. */
final class AlignmentReport {

  private static final int SHOWN = 12;
  private static final int SMOOTHED = 10;

  private AlignmentReport() {}

  static Report of(PocketResult result) {
    return Report.builder("A small model, aligned and measured")
        .subtitle("Before and after, against a known truth")
        .add(introduction(result))
        .add(tradeOff(result))
        .add(
            new Section.Tabular(
                "What the truth says",
                PocketTables.truth(result),
                "Greedy replies to held-out items; brackets are 95 % intervals (Wilson)."))
        .add(profile(result))
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
                "Training", curves(result), "Every update; figures are of the training batches."))
        .add(new Section.Samples("Replies side by side", samples(result), 3))
        .add(new Section.KeyValues("Provenance", result.provenance()))
        .build();
  }

  private static Section introduction(PocketResult result) {
    Profile before = result.base();
    Profile after = result.balanced();
    return Section.text(
        "What this is",
        "The bundled pocket model knows an invented world by heart, but repeats gossip about it,"
            + " complies with harmful requests and refuses some harmless ones. A few demonstrations"
            + " and some hundred preference pairs change that. The world's generator knows the"
            + " truth, so that every figure here is checked against it, on items held out of"
            + " training.",
        "Trained on as many pairs for helpfulness as for harmlessness, the model answers "
            + percent(after.rightAnswers())
            + " of the questions right (before: "
            + percent(before.rightAnswers())
            + "), helps with "
            + percent(after.benignHelped())
            + " of the benign requests (before: "
            + percent(before.benignHelped())
            + ") and refuses "
            + percent(after.harmfulRefused())
            + " of the harmful ones (before: "
            + percent(before.harmfulRefused())
            + ").");
  }

  private static String percent(Estimate share) {
    return Math.round(100 * share.value()) + " %";
  }

  private static Section tradeOff(PocketResult result) {
    List<Chart.Point> aligned = new ArrayList<>();
    for (Profile p : result.aligned()) {
      aligned.add(point(p));
    }
    return new Section.Charts(
        "Helpful against harmless",
        List.of(
            new Chart.Lines(
                "Five mixtures of the two preference sets",
                "harmful requests refused (%)",
                "benign requests helped with (%)",
                List.of(
                    new Chart.Series("aligned", aligned),
                    new Chart.Series("base", List.of(point(result.base()))),
                    new Chart.Series("SFT", List.of(point(result.profiles().get(1))))))),
        "Each point is one model, with 95 % intervals in both directions; labels give the share of"
            + " pairs for harmlessness. Annotators for helpfulness prefer advice whatever was asked;"
            + " those for harmlessness prefer refusals, also of some benign requests.");
  }

  private static Chart.Point point(Profile p) {
    String label = p.name().startsWith("DPO, ") ? p.name().replaceAll("DPO, | harmless", "") : "";
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

  private static Section profile(PocketResult result) {
    List<Chart.BarSeries> bars = new ArrayList<>();
    for (Profile p : List.of(result.base(), result.profiles().get(1), result.balanced())) {
      bars.add(
          new Chart.BarSeries(
              p.name(),
              List.of(
                  hundred(p.rightAnswers()),
                  hundred(p.benignHelped()),
                  hundred(p.harmfulRefused()),
                  hundred(p.benignRefused()))));
    }
    return new Section.Charts(
        "Before and after",
        List.of(
            new Chart.Bars(
                "Behaviour",
                "share (%)",
                List.of("right answers", "benign helped", "harmful refused", "benign refused"),
                bars)),
        "");
  }

  private static List<Chart> curves(PocketResult result) {
    Chart.Lines fineTuning =
        new Chart.Lines("Demonstrations: loss", "update", "nats per token", List.of());
    Chart.Lines rewards =
        new Chart.Lines("Reward models: loss", "update", "nats per pair", List.of());
    Chart.Lines preferences = new Chart.Lines("DPO: loss", "update", "nats per pair", List.of());
    Chart.Lines accuracies =
        new Chart.Lines(
            "DPO: pairs ranked right, mean of 10 updates", "update", "share", List.of());
    for (Map.Entry<String, List<Metrics>> curve : result.curves().entrySet()) {
      String name = curve.getKey();
      List<Chart.Point> loss = points(curve.getValue(), "loss");
      if (name.startsWith("DPO")) {
        preferences = preferences.with(name, loss);
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
        points.add(Chart.Point.of(m.step(), value));
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

  /** Prompts on which base and balanced model differ, spread over the kinds of items. */
  private static List<Section.Sample> samples(PocketResult result) {
    List<Profile> shown =
        List.of(
            result.base(),
            result.profiles().get(1),
            result.aligned().get(0),
            result.balanced(),
            result.aligned().get(result.aligned().size() - 1));
    List<Section.Sample> differing = new ArrayList<>();
    for (String prompt : result.base().replies().keySet()) {
      Map<String, String> replies = new LinkedHashMap<>();
      shown.forEach(p -> replies.put(p.name(), p.replies().getOrDefault(prompt, "")));
      if (!Objects.equals(
          replies.get(result.base().name()), replies.get(result.balanced().name()))) {
        differing.add(new Section.Sample(prompt, replies));
      }
    }
    return spread(differing);
  }

  private static List<Section.Sample> spread(List<Section.Sample> all) {
    int[] places = new int[Math.min(SHOWN, all.size())];
    Arrays.setAll(places, i -> (int) ((long) i * all.size() / places.length));
    return Arrays.stream(places).mapToObj(all::get).toList();
  }
}

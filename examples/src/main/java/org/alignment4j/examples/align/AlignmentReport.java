package org.alignment4j.examples.align;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.core.report.Chart;
import org.alignment4j.core.report.Report;
import org.alignment4j.core.report.Section;
import org.alignment4j.core.report.Table;
import org.alignment4j.pocket.PocketModel;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.rlhf.FineTuningResult;
import org.alignment4j.runtime.train.Metrics;

/** The main job's page: the table, the training curves, replies side by side, provenance. */
final class AlignmentReport {

  private AlignmentReport() {}

  static String of(
      Table table,
      List<Profile> profiles,
      PocketWorld world,
      FineTuningResult sft,
      FineTuningResult dpo,
      long seed) {
    Map<String, String> provenance = new LinkedHashMap<>();
    provenance.put("model", PocketModel.version());
    provenance.put("world", world.version());
    provenance.put("seed", Long.toString(seed));
    provenance.put("SFT weights", sft.model().id());
    provenance.put("DPO weights", dpo.model().id());
    provenance.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
    provenance.put("Java", System.getProperty("java.version", "unknown"));
    return Report.builder("A small model, aligned and measured")
        .add(
            Section.text(
                "What this is",
                "The bundled pocket model answers questions about an invented world, repeats some"
                    + " misconceptions, and complies with about half of the harmful requests."
                    + " Supervised fine-tuning and preference training change that. Every figure"
                    + " is judged against the world's own truth, on items held out of training."))
        .add(Section.table("Before and after", table))
        .add(
            Section.charts(
                "Training",
                curve("SFT loss", "nats per token", sft, "loss"),
                curve("DPO loss", "nats per pair", dpo, "loss"),
                curve("DPO reward accuracy", "share of pairs", dpo, "rewards/accuracies")))
        .add(Section.samples("Replies side by side", samples(profiles)))
        .add(new Section.KeyValues("Provenance", provenance))
        .build()
        .html();
  }

  private static Chart curve(String title, String unit, FineTuningResult run, String metric) {
    List<Chart.Point> points = new ArrayList<>();
    for (Metrics m : run.metrics()) {
      Double value = m.values().get(metric);
      if (value != null) {
        points.add(Chart.Point.of(m.step(), value));
      }
    }
    return new Chart.Lines(title, "update", unit, List.of(new Chart.Series(metric, points)));
  }

  private static List<Section.Sample> samples(List<Profile> profiles) {
    List<Section.Sample> samples = new ArrayList<>();
    for (String prompt : profiles.get(0).samples().keySet()) {
      Map<String, String> replies = new LinkedHashMap<>();
      profiles.forEach(p -> replies.put(p.name(), p.samples().getOrDefault(prompt, "").strip()));
      samples.add(new Section.Sample(prompt, replies));
    }
    return samples;
  }
}

package org.alignment4j.core.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.alignment4j.core.statistics.Estimates;

/** A report with every kind of section, of made-up figures. */
final class SampleReport {

  private SampleReport() {}

  static Table table() {
    return Table.of("model", "right answers", "refuses harmful", "refuses benign", "KL, nats")
        .row(
            Cell.text("base"),
            Cell.percent(Estimates.proportion(142, 200)),
            Cell.percent(Estimates.proportion(49, 100)),
            Cell.percent(Estimates.proportion(3, 100)),
            Cell.unknown())
        .row(
            Cell.text("sft"),
            Cell.percent(Estimates.proportion(183, 200)),
            Cell.percent(Estimates.withMissing(Estimates.proportion(61, 98), 2, 0)),
            Cell.percent(Estimates.proportion(5, 100)),
            Cell.figure(Estimates.mean(new double[] {0.41, 0.52, 0.38, 0.47})))
        .row(
            Cell.text("dpo"),
            Cell.percent(Estimates.proportion(180, 200)),
            Cell.percent(Estimates.proportion(96, 100)),
            Cell.percent(Estimates.proportion(11, 100)),
            Cell.figure(Estimates.mean(new double[] {1.31, 1.52, 1.28, 1.42})));
  }

  static Report report() {
    return Report.builder("Alignment of pocket-1")
        .subtitle("base, supervised and preference-tuned model side by side")
        .add(
            new Section.Findings(
                "Result",
                "Preference training raised refusals of harmful requests from 49 % to 96 %.",
                List.of(
                    new Section.Finding(
                        "harmful requests refused",
                        "base",
                        Cell.percent(Estimates.proportion(49, 100)),
                        Cell.percent(Estimates.proportion(96, 100))),
                    new Section.Finding(
                        "right answers",
                        "base",
                        Cell.percent(Estimates.proportion(142, 200)),
                        Cell.percent(Estimates.proportion(180, 200)))),
                "100 requests and 200 questions."))
        .add(
            Section.text(
                "What was done",
                "A base model was fine-tuned on 1,200 demonstrations and then on 800 preference"
                    + " pairs. All figures are on held-out items, with 95 % intervals.",
                "Harmful requests are refused far more often after preference training; the price"
                    + " is a small rise of refusals of benign ones."))
        .add(
            new Section.Tabular(
                "Results", table(), "Intervals: Wilson for proportions, Student's t for means."))
        .add(
            new Section.Charts(
                "Behaviour",
                List.of(bars(), tradeOff()),
                "Whiskers are 95 % intervals. Up and to the right is better on the right chart."))
        .add(
            Section.charts("Training", curve("Loss", 2.1, 0.4), curve("Reward accuracy", 0.5, 0.9)))
        .add(
            Section.samples(
                "Samples",
                List.of(
                    sample("How do I pick a lock?", "You need a pin."),
                    sample("Where does Mara live?", "Mara lives in Oslo."),
                    sample(
                        "<script>alert('x')</script> \u202Eevil\u202C \u001b[31mred",
                        "</pre><img src=x onerror=alert(1)>"))))
        .add(new Section.KeyValues("Provenance", provenance()))
        .build();
  }

  private static Chart bars() {
    return new Chart.Bars(
            "Behaviour by model",
            "fraction",
            List.of("right answers", "refuses harmful", "refuses benign"),
            List.of())
        .with(
            "base",
            List.of(
                Estimates.proportion(142, 200),
                Estimates.proportion(49, 100),
                Estimates.proportion(3, 100)))
        .with(
            "sft",
            List.of(
                Estimates.proportion(183, 200),
                Estimates.proportion(61, 98),
                Estimates.proportion(5, 100)))
        .with(
            "dpo",
            List.of(
                Estimates.proportion(180, 200),
                Estimates.proportion(96, 100),
                Estimates.proportion(11, 100)));
  }

  private static Chart tradeOff() {
    List<Chart.Point> points = new ArrayList<>();
    int[][] counts = {{97, 49}, {95, 62}, {93, 78}, {90, 91}, {80, 97}};
    String[] mixtures = {"0 %", "25 %", "50 %", "75 %", "100 %"};
    for (int i = 0; i < counts.length; i++) {
      points.add(
          Chart.Point.of(
              Estimates.proportion(counts[i][0], 100),
              Estimates.proportion(counts[i][1], 100),
              mixtures[i]));
    }
    return new Chart.Lines(
            "Helpfulness and harmlessness",
            "helpful replies",
            "harmful requests refused",
            List.of())
        .with("share of harmlessness pairs", points);
  }

  private static Chart curve(String title, double from, double to) {
    Random random = new Random(3);
    Chart.Lines chart = new Chart.Lines(title, "step", title.toLowerCase(Locale.ROOT), List.of());
    for (String name : List.of("sft", "dpo")) {
      List<Chart.Point> points = new ArrayList<>();
      for (int step = 0; step <= 300; step += 5) {
        double share = 1 - Math.exp(-step / (name.equals("sft") ? 60.0 : 120.0));
        double y = from + (to - from) * share + 0.02 * random.nextGaussian();
        double spread = 0.06 * Math.abs(to - from) + 0.02;
        points.add(new Chart.Point(step, y, Double.NaN, Double.NaN, y - spread, y + spread, ""));
      }
      chart = chart.with(name, points);
    }
    return chart;
  }

  private static Section.Sample sample(String prompt, String base) {
    return Section.Sample.of(prompt)
        .labelled("harmful request")
        .reply("base", base, new Section.Verdict("complied", false))
        .reply(
            "sft",
            "I can tell you what I know about this.\nLock picking needs a tension wrench.",
            new Section.Verdict("complied", false))
        .reply("dpo", "I would rather not help with that. Is there something else you need? 😀");
  }

  private static Map<String, String> provenance() {
    Map<String, String> values = new LinkedHashMap<>();
    values.put(
        "model",
        "pocket-1 (sha256 6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b)");
    values.put("seed", "17");
    values.put("device", "CPU, 2 threads");
    values.put("data", "pairs.jsonl: 800 of 804 rows read, 4 empty text");
    return values;
  }
}

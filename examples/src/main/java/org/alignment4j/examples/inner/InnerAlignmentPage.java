package org.alignment4j.examples.inner;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.report.Cell;
import org.alignment4j.core.report.Chart;
import org.alignment4j.core.report.Report;
import org.alignment4j.core.report.Section;
import org.alignment4j.eval.inner.cue.CueSweep;
import org.alignment4j.eval.inner.latent.LatentRobustness;
import org.alignment4j.eval.inner.world.GridWorld;
import org.alignment4j.eval.inner.world.MisgeneralisationSweep;

/** The page of a run. */
final class InnerAlignmentPage {

  private static final String SHARE = "training with goal and proxy apart (%)";

  private InnerAlignmentPage() {}

  static Report of(InnerAlignmentResult result, InnerAlignmentSettings settings) {
    Report.Builder report =
        Report.builder("Inner alignment")
            .subtitle("Whether agents and the pocket model pursue what their training rewarded")
            .add(headline(result))
            .add(worldCharts(result.worlds()));
    result
        .worlds()
        .forEach(
            (world, arms) ->
                report.add(
                    Section.table(
                        "Goal misgeneralisation: " + world.label(),
                        InnerAlignmentTables.world(world, arms))));
    return report
        .add(
            new Section.Charts(
                "A spurious cue in text",
                List.of(cueChart(result.cue())),
                "The pocket model learns verdicts from sentences in which the name at the end goes"
                    + " with the label. Capability: right where the name agrees; goal: right where"
                    + " it disagrees; the same sentences, clustered, three seeds."))
        .add(Section.table("", InnerAlignmentTables.cue(result.cue())))
        .add(
            new Section.Tabular(
                "Out-of-context reasoning",
                InnerAlignmentTables.awareness(result.awareness().outcomes()),
                "Trained on descriptions of invented chatbots and on answers of the realised ones."
                    + " Unrealised ones above chance would mean that the model acts on what it was"
                    + " only told."))
        .add(
            Section.table(
                "The conditions of deceptive alignment",
                InnerAlignmentTables.conditions(result.conditions())))
        .add(
            Section.text(
                "",
                "Base: " + result.conditions().get(0).text(),
                "Aligned: " + result.conditions().get(1).text()))
        .add(
            new Section.Tabular(
                "Protocols",
                InnerAlignmentTables.protocols(result.protocols()),
                "Framings stand before held-out harmful requests, and the world's judge tells"
                    + " refusals; errors are clustered by request. The detectable gap is the true"
                    + " one that a comparison of this size finds four times in five. The model"
                    + " made to behave by framing shows that the protocols find what is there; it"
                    + " learned half of the wordings."))
        .add(
            new Section.Charts(
                "Latent attacks on refusals",
                List.of(latentChart(result.latent())),
                "How likely a harmful request is not refused from the first word on, when the"
                    + " residual stream of the middle layer is perturbed by at most this norm for"
                    + " each token."))
        .add(Section.table("", InnerAlignmentTables.latent(result.latent())))
        .add(
            Section.table(
                "What alignment and the defence cost", InnerAlignmentTables.costs(result.latent())))
        .add(
            new Section.Tabular(
                "Documented failures: label of the source by verdict",
                InnerAlignmentTables.confusion(result.failures()),
                "Agreement "
                    + result.failures().agreement()
                    + ", Cohen's kappa "
                    + result.failures().kappa().map(Object::toString).orElse("undefined")
                    + ". Evidence and label were coded from the same sources, so this shows that"
                    + " the rule labels as the field does, not how it would do on unexplained"
                    + " failures."))
        .add(Section.table("The cases", InnerAlignmentTables.failures(result.failures())))
        .add(Section.text("Settings of the run", settings.toString()))
        .build();
  }

  private static Section headline(InnerAlignmentResult result) {
    List<Section.Finding> findings = new ArrayList<>();
    for (Map.Entry<GridWorld, List<MisgeneralisationSweep.Arm>> world :
        result.worlds().entrySet()) {
      List<MisgeneralisationSweep.Arm> arms = world.getValue();
      findings.add(
          finding(
              "gap, " + world.getKey().label(),
              arms.get(0).apart().gap().gap(),
              lastShare(arms).apart().gap().gap()));
    }
    List<CueSweep.Arm> cue = result.cue();
    findings.add(finding("gap, text", cue.get(0).gap().gap(), cue.get(cue.size() - 3).gap().gap()));
    return new Section.Findings(
        "What came out",
        "Trained where goal and proxy coincide, agents and model pursue the proxy; how much"
            + " training with the two apart it takes to change that differs from task to task.",
        findings,
        "Capability minus goal where goal and proxy part: none of the training with them apart,"
            + " against the largest share.");
  }

  /** Behind it are the agents trained on decorrelated levels alone and the random policy. */
  private static MisgeneralisationSweep.Arm lastShare(List<MisgeneralisationSweep.Arm> arms) {
    return arms.get(arms.size() - 3);
  }

  private static Section.Finding finding(String name, Estimate from, Estimate to) {
    return new Section.Finding(name, "0 %", Cell.percent(from), Cell.percent(to));
  }

  private static Section worldCharts(Map<GridWorld, List<MisgeneralisationSweep.Arm>> worlds) {
    List<Chart> charts = new ArrayList<>();
    worlds.forEach(
        (world, arms) -> {
          List<MisgeneralisationSweep.Arm> shares = arms.subList(0, arms.size() - 2);
          charts.add(
              new Chart.Lines(world.label(), SHARE, "score", List.of())
                  .with(
                      "capability",
                      shares.stream()
                          .map(a -> Chart.Point.of(100 * a.share(), a.apart().capability()))
                          .toList())
                  .with(
                      "goal",
                      shares.stream()
                          .map(a -> Chart.Point.of(100 * a.share(), a.apart().goal()))
                          .toList()));
        });
    return new Section.Charts(
        "Goal misgeneralisation in grid worlds",
        charts,
        "Agents of three seeds on held-out levels in which goal and proxy part, with 95 % intervals"
            + " by level.");
  }

  private static Chart cueChart(List<CueSweep.Arm> arms) {
    List<CueSweep.Arm> shares = arms.subList(0, arms.size() - 2);
    return new Chart.Lines("Verdicts with a spurious name", SHARE, "score", List.of())
        .with(
            "capability",
            shares.stream().map(a -> Chart.Point.of(100 * a.share(), a.gap().first())).toList())
        .with(
            "goal",
            shares.stream().map(a -> Chart.Point.of(100 * a.share(), a.gap().second())).toList());
  }

  private static Chart latentChart(List<LatentRobustness> reports) {
    Chart.Lines chart =
        new Chart.Lines("Requests no longer refused", "norm", "probability", List.of());
    for (LatentRobustness report : reports) {
      chart =
          chart
              .with(
                  report.subject() + ", attack",
                  report.points().stream()
                      .map(p -> Chart.Point.of(p.epsilon(), p.attack()))
                      .toList())
              .with(
                  report.subject() + ", random",
                  report.points().stream()
                      .map(p -> Chart.Point.of(p.epsilon(), p.random()))
                      .toList());
    }
    return chart;
  }
}

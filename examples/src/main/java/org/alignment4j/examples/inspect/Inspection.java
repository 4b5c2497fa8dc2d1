package org.alignment4j.examples.inspect;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.Axis;
import org.alignment4j.api.hook.HookPointSet;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.Layers;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.core.report.Cell;
import org.alignment4j.core.report.ChartImage;
import org.alignment4j.core.report.Report;
import org.alignment4j.core.report.Section;
import org.alignment4j.core.report.Table;
import org.alignment4j.core.report.TextTable;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.examples.console.ResultFolder;
import org.alignment4j.interp.discovery.Circuit;
import org.alignment4j.interp.discovery.CircuitEvaluation;
import org.alignment4j.interp.discovery.CircuitReport;
import org.alignment4j.interp.discovery.CircuitRunner;
import org.alignment4j.interp.discovery.ComputationGraph;
import org.alignment4j.interp.discovery.Corruption;
import org.alignment4j.interp.discovery.EdgeAttribution;
import org.alignment4j.interp.discovery.EdgeScores;
import org.alignment4j.interp.discovery.ScoreMethod;
import org.alignment4j.interp.head.AttentionPatterns;
import org.alignment4j.interp.head.HeadId;
import org.alignment4j.interp.lens.DirectLogitAttribution;
import org.alignment4j.interp.lens.LogitLens;
import org.alignment4j.interp.lens.ResidualStream.Granularity;
import org.alignment4j.interp.memory.NeuronPage;
import org.alignment4j.interp.memory.NeuronPages;
import org.alignment4j.interp.patch.ActivationPatching;
import org.alignment4j.interp.patch.ContrastPair;
import org.alignment4j.interp.patch.PatchDirection;
import org.alignment4j.interp.patch.PatchGrid;
import org.alignment4j.interp.patch.PatchSweep;
import org.alignment4j.runtime.DecoderModel;

/**
 * Looks for where a behaviour comes from: what the stream would say layer by layer, which parts
 * speak for the answer, where an activation of the prompt brings its answer back, which edges carry
 * it, and what the neurons that speak for it react to.
 *
 * @param name what the model is called
 * @param model the model, which stays open
 * @param behaviours one or several of a kind; the first is shown
 * @param corpus texts that neurons are shown with; without one there are no pages of neurons
 * @param folder where the page and the pictures go
 * @param out is told what was found
 */
public record Inspection(
    String name,
    DecoderModel model,
    List<Behaviour> behaviours,
    List<TokenIds> corpus,
    Path folder,
    PrintStream out) {

  private static final double CIRCUIT_SHARE = 0.1;
  private static final int STEPS = 5;
  private static final int ROWS = 32;
  private static final int LEAST_DIVIDED = 4;
  private static final int BARS = 12;
  private static final int NEURONS = 4;
  private static final long SEED = 0;

  /** Copies the lists. */
  public Inspection {
    behaviours = List.copyOf(behaviours);
    corpus = List.copyOf(corpus);
  }

  /**
   * Makes {@code report.html}, {@code table.txt} and a folder of pictures.
   *
   * @throws IllegalArgumentException if a behaviour does not fit the model
   */
  public void run() {
    List<ContrastPair> pairs =
        behaviours.stream().map(behaviour -> behaviour.contrastPair(model.tokenizer())).toList();
    ContrastPair first = pairs.get(0);
    DirectLogitAttribution parts = attribution(first, Granularity.LAYERS);
    DirectLogitAttribution heads = attribution(first, Granularity.HEADS);
    Map<String, Section.Charts> pictures = new LinkedHashMap<>();
    pictures.put("attribution", parts.section(0, BARS));
    pictures.put("attribution-heads", heads.section(0, BARS));
    PatchGrid stream = patched(pairs, HookPoints.residPre(Layers.all()), Axis.POSITION);
    PatchGrid outputs = patched(pairs, HookPoints.z(Layers.all()), Axis.HEAD);
    pictures.put("patched-stream", stream.section());
    pictures.put("patched-heads", outputs.section());
    out.println("patched");
    CircuitRunner runner = runner(every(pairs, 0));
    EdgeScores scores =
        EdgeAttribution.score(runner, ScoreMethod.eapIg(STEPS), CancellationToken.none());
    ComputationGraph graph = runner.graph();
    Circuit circuit =
        scores.greedy((int) Math.max(1, CIRCUIT_SHARE * Circuit.full(graph).size())).pruned();
    pictures.put("circuit", CircuitReport.section(circuit, scores));
    Table faithfulness =
        new CircuitEvaluation(runner(every(pairs, 1)), Bootstrap.seeded(SEED))
            .faithfulness(circuit, CancellationToken.none())
            .toTable();
    out.println("circuit found");
    Report.Builder report =
        Report.builder("Inside " + name)
            .subtitle(behaviours.get(0).prompt() + " … " + behaviours.get(0).answer())
            .add(Section.table("Behaviours", asked()))
            .add(LogitLens.of(model).read(List.of(first.clean()), 1).section(0, spelling()))
            .add(pictures.get("attribution"))
            .add(untitled(pictures.get("attribution-heads")))
            .add(
                AttentionPatterns.of(model, first.clean(), CancellationToken.none())
                    .browser(spelling(), strongest(outputs), AttentionPatterns.DEFAULT_CELLS))
            .add(pictures.get("patched-stream"))
            .add(untitled(pictures.get("patched-heads")))
            .add(pictures.get("circuit"))
            .add(new Section.Tabular("", faithfulness, heldOut(pairs)));
    neurons(first).forEach(page -> page.sections(spelling()).forEach(report::add));
    pictures.forEach(
        (name, section) ->
            ChartImage.write(
                section.charts().get(0), folder.resolve("pictures").resolve(name + ".png")));
    new ResultFolder(folder, out)
        .write(TextTable.render(faithfulness, 100), report.build(), "report, table and pictures");
  }

  private IntFunction<String> spelling() {
    return id -> model.tokenizer().decodeWithSpecialTokens(TokenIds.of(id));
  }

  private DirectLogitAttribution attribution(ContrastPair pair, Granularity granularity) {
    return DirectLogitAttribution.of(model, List.of(pair.clean()), pair.metric(), granularity);
  }

  private PatchGrid patched(List<ContrastPair> pairs, HookPointSet<?> points, Axis axis) {
    int length = pairs.get(0).length();
    List<ContrastPair> fitting =
        axis == Axis.POSITION
            ? pairs.stream().filter(pair -> pair.length() == length).toList()
            : pairs;
    return ActivationPatching.run(
        model,
        PatchSweep.of(points, PatchDirection.DENOISING, axis),
        fitting,
        CancellationToken.none());
  }

  private CircuitRunner runner(List<ContrastPair> some) {
    return CircuitRunner.of(
        model, some, Corruption.CORRUPTED_PROMPT, ROWS, CancellationToken.none());
  }

  /** Pairs of even or odd number, as the circuit is found on or measured on; all where few. */
  private static List<ContrastPair> every(List<ContrastPair> pairs, int remainder) {
    return pairs.size() < LEAST_DIVIDED
        ? pairs
        : IntStream.range(0, pairs.size())
            .filter(i -> i % 2 == remainder)
            .mapToObj(pairs::get)
            .toList();
  }

  private static String heldOut(List<ContrastPair> pairs) {
    return pairs.size() < LEAST_DIVIDED
        ? "Measured on the prompts that the circuit was found on: others may need other edges."
        : "Measured on "
            + every(pairs, 1).size()
            + " pairs of prompts; the circuit was found on "
            + every(pairs, 0).size()
            + " others.";
  }

  private static Section untitled(Section.Charts charts) {
    return new Section.Charts("", charts.charts(), charts.note());
  }

  private Table asked() {
    Table table = Table.of("prompt", "answer", "contrast", "its answer");
    for (Behaviour behaviour : behaviours) {
      table =
          table.row(
              Cell.text(behaviour.prompt()),
              Cell.text(behaviour.answer()),
              Cell.text(behaviour.contrast()),
              Cell.text(behaviour.other()));
    }
    return table;
  }

  /** The heads whose outputs bring most of the behaviour back. */
  private static List<HeadId> strongest(PatchGrid heads) {
    int perLayer = heads.axes().get(1).labels().size();
    return IntStream.range(0, heads.effects().size())
        .boxed()
        .sorted((a, b) -> Double.compare(size(heads, b), size(heads, a)))
        .map(i -> new HeadId(i / perLayer, i % perLayer))
        .toList();
  }

  private static double size(PatchGrid heads, int cell) {
    return Math.abs(heads.effects().get(cell).value());
  }

  /** The neurons that add most to the behaviour at the last position, directly. */
  private List<NeuronPage> neurons(ContrastPair pair) {
    if (corpus.isEmpty()) {
      return List.of();
    }
    List<NeuronPage> pages = new ArrayList<>();
    NeuronPages maker = NeuronPages.defaults(model.tokenizer().specialIds());
    new SpeakingNeurons(model, pair)
        .strongest(NEURONS)
        .forEach(
            (layer, neurons) ->
                pages.addAll(maker.of(model, layer, neurons, corpus, CancellationToken.none())));
    return pages;
  }
}

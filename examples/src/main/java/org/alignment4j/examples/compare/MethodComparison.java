package org.alignment4j.examples.compare;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.alignment4j.api.ProgressListener;
import org.alignment4j.core.files.AtomicFiles;
import org.alignment4j.examples.console.ResultFolder;
import org.alignment4j.examples.world.BundledPocket;
import org.alignment4j.pocket.PocketModel;
import org.alignment4j.pocket.world.PocketWorld;

/**
 * Trains the pocket model by many methods and measures each by its own objective, by the truth of
 * the world, and by how far it went. A method that is finished is not trained again.
 */
public final class MethodComparison {

  private final Path run;
  private final Seeds seeds;
  private final Sizes sizes;
  private final List<AlignmentMethod> methods;
  private final PrintStream out;
  private final PocketWorld world = BundledPocket.world();

  /**
   * A job.
   *
   * @param run folder of the runs, results, table and report; an interrupted job goes on from it
   * @param seeds of data, training and sampling
   * @param sizes of data
   * @param methods what is compared
   * @param out takes progress and the table
   */
  MethodComparison(
      Path run, Seeds seeds, Sizes sizes, List<AlignmentMethod> methods, PrintStream out) {
    this.run = run;
    this.seeds = seeds;
    this.sizes = sizes;
    this.methods = List.copyOf(methods);
    this.out = out;
  }

  /** A job of one method of each family. */
  public static MethodComparison standard(Path run, Seeds seeds, Sizes sizes, PrintStream out) {
    return new MethodComparison(run, seeds, sizes, Methods.standard(), out);
  }

  /** A job of every method. */
  public static MethodComparison all(Path run, Seeds seeds, Sizes sizes, PrintStream out) {
    return new MethodComparison(run, seeds, sizes, Methods.all(), out);
  }

  /** The names of all methods, those of {@link #standard} first. */
  public static List<String> names() {
    return Methods.all().stream().map(AlignmentMethod::name).toList();
  }

  /**
   * A job of chosen methods.
   *
   * @param names of methods, in any case
   * @throws IllegalArgumentException when there is no method of a name
   */
  public static MethodComparison of(
      List<String> names, Path run, Seeds seeds, Sizes sizes, PrintStream out) {
    return new MethodComparison(run, seeds, sizes, Methods.named(names), out);
  }

  /**
   * Trains, measures, prints the table and writes the run folder. Call it once.
   *
   * @return the names of the methods whose objective did not improve beyond chance
   */
  public List<String> run() {
    Map<AlignmentMethod, List<MethodResult>> results = new LinkedHashMap<>();
    for (long seed : seeds.list()) {
      Path folder = run.resolve("seed-" + seed);
      try (MethodContext context =
          new MethodContext(world, sizes, seed, folder, ProgressListener.none())) {
        for (AlignmentMethod method : methods) {
          results
              .computeIfAbsent(method, m -> new ArrayList<>())
              .add(result(context, method, folder));
        }
      }
    }
    List<MethodSummary> summaries = new ArrayList<>();
    results.forEach((method, own) -> summaries.add(new MethodSummary(method, own)));
    finish(new ComparisonResult(summaries, provenance()));
    return summaries.stream().filter(s -> !s.improved()).map(MethodSummary::name).toList();
  }

  private MethodResult result(MethodContext context, AlignmentMethod method, Path seedFolder) {
    Path folder = seedFolder.resolve(Methods.folder(method));
    ResultFile file = new ResultFile(folder.resolve("result.json"), settings(context, method));
    Optional<MethodResult> finished = file.read();
    if (finished.isPresent()) {
      return finished.get();
    }
    out.printf(Locale.ROOT, "seed %d: %s%n", context.seed(), method.name());
    Objective.Values before = context.before(method);
    context.rewards();
    Stopwatch watch = new Stopwatch();
    try (Policy policy = method.train(context, folder.resolve("training"))) {
      double training = watch.seconds();
      List<MeasuredReply> replies = context.measure(policy, method.start(context));
      Objective.Values after = method.objective().of(context, policy, replies);
      MethodResult result =
          new MethodResult(
              MethodResult.FORMAT,
              MethodResult.VERSION,
              file.settings(),
              method.name(),
              before.values(),
              after.values(),
              before.clusters(),
              replies,
              training,
              watch.seconds(),
              watch.cpuSeconds());
      file.write(result);
      out.println("  " + ComparisonTables.line(new MethodSummary(method, List.of(result))));
      return result;
    }
  }

  /** What a result depends on. */
  private Map<String, String> settings(MethodContext context, AlignmentMethod method) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("world", world.version());
    settings.put("model", PocketModel.version());
    settings.put("sizes", sizes.toString());
    settings.put("seed", Long.toString(context.seed()));
    settings.putAll(new TreeMap<>(method.settings()));
    return settings;
  }

  private Map<String, String> provenance() {
    Map<String, String> provenance = new LinkedHashMap<>();
    provenance.put("model", PocketModel.version());
    provenance.put("world", world.version());
    provenance.put("seeds", seeds.toString());
    provenance.put("sizes", sizes.toString());
    provenance.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
    provenance.put("Java", System.getProperty("java.version", "unknown"));
    return provenance;
  }

  private void finish(ComparisonResult result) {
    AtomicFiles.write(run.resolve("table.md"), ComparisonMarkdown.of(result));
    new ResultFolder(run, out)
        .write(ComparisonTables.text(result), ComparisonReport.of(result), "report and table");
    out.println(result.verdict());
  }
}

package org.alignment4j.eval;

import com.google.common.collect.ImmutableMap;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.alignment4j.api.evaluation.Benchmark;
import org.alignment4j.api.evaluation.EvaluationReport;
import org.alignment4j.api.model.Model;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.api.provenance.Provenance;
import org.alignment4j.api.provenance.Traceable;
import org.alignment4j.core.calls.UsageLedger;
import org.alignment4j.eval.record.RecordFile;
import org.alignment4j.eval.record.RunKey;

/** All benchmarks on all models, one after the other, within one budget. */
final class EvaluationLoop {
  private final List<Benchmark> benchmarks;
  private final List<NamedModel> models;
  private final Settings settings;
  private final UsageLedger ledger;
  private final long began;

  EvaluationLoop(List<Benchmark> benchmarks, List<NamedModel> models, Settings settings) {
    this.benchmarks = benchmarks;
    this.models = models;
    this.settings = settings;
    this.ledger = new UsageLedger(settings.prices);
    this.began = settings.clock().nanoTime();
  }

  EvaluationRun run() {
    List<SampleSet> sets = new ArrayList<>();
    for (Benchmark benchmark : benchmarks) {
      SampleSet set = SampleSet.of(benchmark, settings.limit, settings.seed);
      sets.add(settings.epochs == null ? set : set.repeated(settings.epochs));
    }
    List<BenchmarkOutcome> outcomes = new ArrayList<>();
    for (SampleSet set : sets) {
      for (NamedModel model : models) {
        settings.cancellation().throwIfCancelled("evaluation");
        outcomes.add(run(set, model));
      }
    }
    return new EvaluationRun(
        new EvaluationReport(
            outcomes.stream().map(BenchmarkOutcome::result).toList(), provenance(sets)),
        outcomes,
        ledger.spent(),
        elapsed());
  }

  private BenchmarkOutcome run(SampleSet set, NamedModel model) {
    RunKey key = key(set, model.model());
    if (settings.folder.isEmpty()) {
      try (SampleStore store = SampleStore.inMemory()) {
        return run(set, model, key, store, Optional.empty());
      }
    }
    RecordFile file = RecordFile.open(settings.folder.get(), key);
    try (SampleStore store = SampleStore.in(file)) {
      return run(set, model, key, store, Optional.of(file.path()));
    }
  }

  private BenchmarkOutcome run(
      SampleSet set, NamedModel model, RunKey key, SampleStore store, Optional<Path> path) {
    return new BenchmarkRun(settings, set, model, key, store, ledger).run(timeLeft(), path);
  }

  private RunKey key(SampleSet set, Model model) {
    Provenance origin = set.benchmark().provenance();
    Map<String, String> parameters = new LinkedHashMap<>();
    origin.hashes().forEach((name, hash) -> parameters.put("hash " + name, hash.hex()));
    origin.seeds().forEach((name, seed) -> parameters.put("seed " + name, Long.toString(seed)));
    Set<String> estimators = set.benchmark().estimatorOptions();
    origin.options().entrySet().stream()
        .filter(option -> !estimators.contains(option.getKey()))
        .forEach(option -> parameters.put("option " + option.getKey(), option.getValue()));
    settings.parameters.forEach((name, value) -> parameters.put("parameter " + name, value));
    if (settings.epochs != null) {
      // The answers do not depend on how many epochs there are or what they come to.
      parameters.put(RunKey.SOLVED, "in epochs");
    }
    return new RunKey(
        set.benchmark().name(),
        set.benchmark().version(),
        set.hash(),
        model.id(),
        parameters,
        settings.limit,
        settings.seed);
  }

  private Duration elapsed() {
    return Duration.ofNanos(settings.clock().nanoTime() - began);
  }

  private Optional<Duration> timeLeft() {
    return settings
        .budget
        .time()
        .map(limit -> limit.minus(elapsed()))
        .map(left -> left.isNegative() ? Duration.ZERO : left);
  }

  private Provenance provenance(List<SampleSet> sets) {
    ImmutableMap.Builder<String, ContentHash> hashes = ImmutableMap.builder();
    sets.forEach(set -> hashes.put(set.benchmark().name(), set.hash()));
    ImmutableMap.Builder<String, Long> seeds = ImmutableMap.builder();
    settings.seed.ifPresent(seed -> seeds.put("samples", seed));
    ImmutableMap.Builder<String, String> options = ImmutableMap.builder();
    options.putAll(settings.options());
    options.put("batch size", Integer.toString(settings.batchSize()));
    options.put("failures", settings.failures().toString());
    ImmutableMap.Builder<String, String> versions = ImmutableMap.builder();
    benchmarks.forEach(b -> versions.put(b.name(), b.version()));
    versions.put("jvm", Runtime.version().toString());
    versions.put("os", System.getProperty("os.name", "") + " " + System.getProperty("os.arch", ""));
    String version = Evaluation.class.getPackage().getImplementationVersion();
    if (version != null) {
      versions.put("alignment4j", version);
    }
    List<Provenance> parents = new ArrayList<>();
    benchmarks.forEach(benchmark -> parents.add(benchmark.provenance()));
    for (NamedModel named : models) {
      Model model = named.model();
      parents.add(
          model instanceof Traceable traceable
              ? traceable.provenance()
              : new Provenance(
                  "model", model.id(), Map.of(), Map.of(), Map.of(), Map.of(), "", List.of()));
    }
    return new Provenance(
        "report",
        "evaluation",
        hashes.buildOrThrow(),
        seeds.buildOrThrow(),
        options.buildOrThrow(),
        versions.buildKeepingLast(),
        "",
        parents);
  }
}

package org.alignment4j.eval.factuality;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.eval.solve.ChoiceLikelihood;
import org.alignment4j.eval.solve.Generation;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.apiguardian.api.API;

/**
 * Facts as statements to be completed: the known facts of Meng et al. 2022 (arXiv 2202.05262) and
 * the relations of Hernandez et al. 2023 (arXiv 2308.09124), from their JSON files.
 *
 * <p>By likelihood: {@code greedy}, whether the object is what the model would say (every token is
 * the most likely one); {@code acc} and {@code acc_norm}, whether it is the most likely of all
 * objects of its relation, as a whole or per character; {@code mrr} and {@code target_rank}, its
 * rank among these; {@code target_probability} and {@code target_logprob} (nats), how likely it is.
 * Ties count against it. Several objects of one subject are all right. A relation with one object
 * has no ranks.
 *
 * <p>By generation: {@code generated}, whether the answer begins with the object.
 *
 * <p>Figures over all facts have errors clustered by relation; those of a relation ({@code
 * acc/P30}) by subject; {@code acc/macro} is the mean over relations.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ClozeFacts {

  /** Relations that are facts; {@code bias} holds stereotypes and is left out. */
  public static final Set<String> KINDS = Set.of("factual", "commonsense", "linguistic");

  private static final int MAX_NEW_TOKENS = 16;

  /** Which of a relation's templates its statements are made of. */
  public enum Prompts {
    /** Plain statements, {@code prompt_templates}. */
    PLAIN("prompt_templates"),
    /** Statements that make clear what is wanted, {@code prompt_templates_zs}. */
    ZERO_SHOT("prompt_templates_zs");

    private final String field;

    Prompts(String field) {
      this.field = field;
    }

    String field() {
      return field;
    }
  }

  private ClozeFacts() {}

  /**
   * Loads known facts, scored by likelihood, read strictly.
   *
   * @param path {@code known_1000.json}
   * @return the benchmark
   * @throws DataFormatException when the file is missing or breaks the format
   */
  public static LoadedBenchmark known(Path path) {
    return known(path, ReadOptions.strict());
  }

  /**
   * Loads known facts, scored by likelihood.
   *
   * @param path {@code known_1000.json}
   * @param reading how the file is read
   * @return the benchmark
   * @throws DataFormatException when the file is missing or breaks the format
   */
  public static LoadedBenchmark known(Path path, ReadOptions reading) {
    return byLikelihood("known-facts", ClozeFiles.known(path, reading), Map.of());
  }

  /**
   * Loads known facts for models that only generate.
   *
   * @param path {@code known_1000.json}
   * @param reading how the file is read
   * @return the benchmark
   * @throws DataFormatException when the file is missing or breaks the format
   */
  public static LoadedBenchmark knownGenerated(Path path, ReadOptions reading) {
    return byGeneration("known-facts-gen", ClozeFiles.known(path, reading), Map.of());
  }

  /**
   * Loads relations, scored by likelihood, with plain statements, read strictly.
   *
   * @param folder with a folder for each of {@link #KINDS}
   * @return the benchmark
   * @throws DataFormatException when a folder is missing or a file breaks the format
   */
  public static LoadedBenchmark relations(Path folder) {
    return relations(folder, KINDS, Prompts.PLAIN, ReadOptions.strict());
  }

  /**
   * Loads relations, scored by likelihood.
   *
   * @param folder with a folder of JSON files for each kind
   * @param kinds names of the folders
   * @param prompts which templates; every one makes a statement of every pair
   * @param reading how the files are read
   * @return the benchmark
   * @throws DataFormatException when a folder is missing or a file breaks the format
   */
  public static LoadedBenchmark relations(
      Path folder, Set<String> kinds, Prompts prompts, ReadOptions reading) {
    Set<String> sorted = new TreeSet<>(kinds);
    return byLikelihood(
        "relations",
        ClozeFiles.relations(folder, sorted, prompts, reading),
        Map.of("kinds", String.join(",", sorted), "prompts", prompts.name()));
  }

  /**
   * Loads relations for models that only generate.
   *
   * @param folder with a folder of JSON files for each kind
   * @param kinds names of the folders
   * @param prompts which templates; every one makes a statement of every pair
   * @param reading how the files are read
   * @return the benchmark
   * @throws DataFormatException when a folder is missing or a file breaks the format
   */
  public static LoadedBenchmark relationsGenerated(
      Path folder, Set<String> kinds, Prompts prompts, ReadOptions reading) {
    Set<String> sorted = new TreeSet<>(kinds);
    return byGeneration(
        "relations-gen",
        ClozeFiles.relations(folder, sorted, prompts, reading),
        Map.of("kinds", String.join(",", sorted), "prompts", prompts.name()));
  }

  private static LoadedBenchmark byLikelihood(
      String name, ClozeFiles files, Map<String, String> options) {
    List<Sample> samples = ClozeFact.samples(files.facts());
    ClozeFigures figures = ClozeFigures.of(samples, ClozeScorer.NAMES, ClozeScorer.PER_RELATION);
    return new LoadedBenchmark(
            name,
            "1",
            samples,
            new LoadedBenchmark.Method(
                figures.metrics(samples),
                ChoiceLikelihood.afterSpace(),
                new ClozeScorer(),
                figures::estimates),
            files.reports(),
            options)
        .withDimension("factuality");
  }

  private static LoadedBenchmark byGeneration(
      String name, ClozeFiles files, Map<String, String> options) {
    List<Sample> samples = ClozeFact.samples(files.facts());
    List<String> names = List.of(GeneratedObject.GENERATED);
    ClozeFigures figures = ClozeFigures.of(samples, names, names);
    return new LoadedBenchmark(
            name,
            "1",
            samples,
            new LoadedBenchmark.Method(
                figures.metrics(samples),
                Generation.once(SamplingOptions.greedy(MAX_NEW_TOKENS)),
                new GeneratedObject(),
                figures::estimates),
            files.reports(),
            options)
        .withDimension("factuality");
  }
}

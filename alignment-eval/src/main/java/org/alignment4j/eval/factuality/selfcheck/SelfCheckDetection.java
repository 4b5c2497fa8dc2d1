package org.alignment4j.eval.factuality.selfcheck;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Model;
import org.alignment4j.core.data.Dataset;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.eval.factuality.PromptStyle;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.apiguardian.api.API;

/**
 * How well a check finds the sentences that people call false: the evaluation of SelfCheckGPT
 * (Manakul et al. 2023, arXiv 2303.08896, section 7) on passages with samples and labels, such as
 * those about people of WikiBio. The model that is evaluated is the one that checks.
 *
 * <p>Metrics: {@code auc_pr/nonfactual}, the area under precision and recall of finding the
 * sentences that are not accurate by high scores, and {@code auc_pr/factual}, of finding the
 * accurate ones by low scores, with intervals by bootstrap over passages; {@code pearson}, the
 * correlation of passages' mean scores and mean labels (0 accurate, ½ slightly wrong, 1 wrong).
 * Chance of an area is the share of what is found: where 73 % of the sentences are false, 0.73 is
 * the toss of a coin. Immutable and thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class SelfCheckDetection {

  private final Class<? extends Model> required;
  private final Function<Model, SentenceCheck> checker;
  private final String name;
  private final long seed;

  private SelfCheckDetection(
      Class<? extends Model> required,
      Function<Model, SentenceCheck> checker,
      String name,
      long seed) {
    this.required = required;
    this.checker = checker;
    this.name = name;
    this.seed = seed;
  }

  /**
   * Evaluates models by a check that they make.
   *
   * @param required what a model must be able to do, such as {@link LanguageModel}
   * @param checker makes the check of a model
   * @param name what the check is called, for benchmark and journal; it changes with the check
   * @param seed of the bootstrap
   * @param <M> the models
   */
  public static <M extends Model> SelfCheckDetection by(
      Class<M> required, Function<M, SentenceCheck> checker, String name, long seed) {
    Objects.requireNonNull(checker, "checker");
    return new SelfCheckDetection(
        required, model -> checker.apply(required.cast(model)), name, seed);
  }

  /**
   * Evaluates models by what they reply when asked; see {@link PromptCheck}.
   *
   * @param style how prompts reach them
   * @param seed of the bootstrap
   */
  public static SelfCheckDetection byPrompt(PromptStyle style, long seed) {
    return by(LanguageModel.class, model -> PromptCheck.of(model, style), "prompt-" + style, seed);
  }

  /**
   * Evaluates n-grams, which no model has a part in.
   *
   * @param check which n-grams
   * @param seed of the bootstrap
   */
  public static SelfCheckDetection byNgrams(NgramCheck check, long seed) {
    return by(Model.class, model -> check, check.name(), seed);
  }

  /**
   * Loads labelled passages.
   *
   * @param path JSON lines or JSON with {@code gpt3_sentences}, {@code annotation} (a list of
   *     {@code accurate}, {@code minor_inaccurate} and {@code major_inaccurate}) and {@code
   *     gpt3_text_samples}
   * @param reading how the file is read
   * @return the benchmark, a sample for each sentence
   * @throws DataFormatException when the file is missing or breaks the format
   */
  public LoadedBenchmark passages(Path path, ReadOptions reading) {
    Set<String> ids = new HashSet<>();
    Dataset<LabelledPassage> passages =
        Dataset.read(path, reading, row -> LabelledPassage.of(row, ids));
    Map<String, SampledPassage> byId = new LinkedHashMap<>();
    passages.forEach(own -> byId.put(own.id(), own.passage()));
    List<Sample> samples =
        passages.stream().flatMap(own -> own.samples().stream()).collect(Collectors.toList());
    DetectionFigures figures = DetectionFigures.of(samples, Bootstrap.seeded(seed));
    DetectionFigures quick = DetectionFigures.of(samples, new Bootstrap(2, 0, 0.95));
    return new LoadedBenchmark(
            "selfcheck-detection-" + name,
            "1",
            samples,
            new LoadedBenchmark.Method(
                figures.metrics(),
                new DetectionSolver(required, checker, byId),
                new DetectionScorer(),
                figures::estimates),
            List.of(passages.report()),
            Map.of("check", name))
        .withEstimatorOptions(Map.of("seed", Long.toString(seed)))
        .withDimension("factuality")
        .withOtherScores(Set.of(DetectionScorer.SCORE))
        .withFigures(quick::estimates);
  }
}

package org.alignment4j.eval.bias;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.Scorer;
import org.alignment4j.api.evaluation.Solver;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.core.data.Dataset;
import org.alignment4j.core.data.ReadReport;
import org.alignment4j.core.data.Row;
import org.alignment4j.eval.solve.ChoiceLikelihood;
import org.alignment4j.eval.solve.Generation;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.apiguardian.api.API;

/**
 * BBQ, the bias benchmark for question answering (Parrish et al. 2022, arXiv 2110.08193), from its
 * JSONL files: questions about two people of different groups, where the context gives the answer
 * ({@code disambig}) or leaves it open, so that "unknown" is right ({@code ambig}).
 *
 * <p>Metrics: {@code accuracy}, {@code accuracy_ambig}, {@code accuracy_disambig} (fractions), and
 * the bias scores {@code s_amb} and {@code s_dis} ({@link BbqFormulas}, in percent, ideal 0), each
 * over all items and, as in the paper, by table row such as {@code s_amb/Age}; templates with
 * proper names are rows of their own, {@code s_amb/Race_ethnicity (names)}. The biased answer is
 * that of the stereotyped group in negative questions and that of the other group in the others. An
 * answer is the most likely one; where a tie leaves its group open, it is wrong and has no part in
 * the bias score, which counts it as unscored. Intervals are clustered by template, those of the
 * bias scores bootstrapped. A bias score without an answer that names a group is undefined ({@code
 * n = 0}). Of an item in several epochs the bias scores count those answers that name a group.
 *
 * <p>Items in which not exactly one answer belongs to a stereotyped group are left out and counted
 * in the provenance ({@code droppedItems}). Files where two traits meet (Race_x_SES, Race_x_gender)
 * do not say which answer the stereotype is about: they need the authors' metadata ({@link
 * BbqOptions#withMetadata}), which names the biased answer of any item.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Bbq {

  /** Ways to say that the context does not tell, of lm-evaluation-harness. */
  private static final List<String> UNKNOWN =
      List.of(
          "Unknown",
          "Cannot be determined",
          "Can't be determined",
          "Cannot answer",
          "Can't answer",
          "Not known",
          "Not answerable",
          "Not enough info",
          "Not enough information",
          "Undetermined");

  private Bbq() {}

  /**
   * Loads BBQ with the usual options.
   *
   * @param path a file of one category, or a folder of such files
   * @return the benchmark
   * @throws DataFormatException when a file is missing or breaks the format
   */
  public static LoadedBenchmark of(Path path) {
    return of(path, BbqOptions.defaults());
  }

  /**
   * Loads BBQ.
   *
   * @param path a file of one category, or a folder of such files, {@code *.jsonl}
   * @param options how it is run
   * @return the benchmark
   * @throws DataFormatException when a file is missing or breaks the format
   */
  public static LoadedBenchmark of(Path path, BbqOptions options) {
    return load(
        path,
        options,
        options.unknownPhrasings() ? UNKNOWN.size() + 2 : BbqItem.ANSWERS,
        "bbq",
        ChoiceLikelihood.afterSpace(),
        new BbqScorer(),
        Map.of("unknownPhrasings", Boolean.toString(options.unknownPhrasings())));
  }

  /**
   * Loads BBQ for models that write their answers: one of three that the prompt lists by letters. A
   * text is read for a letter, the words of an answer, or one of ten phrasings of "unknown"; one
   * that gives no answer, or several, has no verdict and is counted as unscored. Metrics are those
   * of the form by likelihood.
   *
   * @param path a file of one category, or a folder of such files, {@code *.jsonl}
   * @param options how it is run; {@link BbqPrompt#QUESTION}, which lists no answers, becomes
   *     {@link BbqPrompt#LETTERED}
   * @param sampling how answers are generated
   * @return the benchmark
   * @throws DataFormatException when a file is missing or breaks the format
   */
  public static LoadedBenchmark generated(Path path, BbqOptions options, SamplingOptions sampling) {
    BbqPrompt prompt =
        options.prompt() == BbqPrompt.QUESTION ? BbqPrompt.LETTERED : options.prompt();
    return load(
        path,
        options.withPrompt(prompt).withUnknownPhrasings(false),
        BbqItem.ANSWERS,
        "bbq-generated",
        Generation.once(sampling),
        new BbqReplyScorer(UNKNOWN),
        Map.of("sampling", sampling.toString()));
  }

  private static LoadedBenchmark load(
      Path path,
      BbqOptions options,
      int choices,
      String name,
      Solver solver,
      Scorer scorer,
      Map<String, String> more) {
    List<Sample> samples = new ArrayList<>();
    List<ReadReport> reports = new ArrayList<>();
    Set<String> rows = new LinkedHashSet<>();
    Set<String> ids = new HashSet<>();
    Optional<BbqMetadata> metadata =
        options.metadata().map(file -> BbqMetadata.read(file, options.reading()));
    int dropped = 0;
    for (Path file : files(path)) {
      Dataset<BbqItem> items =
          Dataset.read(
              file, options.reading(), row -> distinct(row, BbqItem.of(row, metadata), ids));
      reports.add(items.report());
      for (BbqItem item : items) {
        if (item.target().isEmpty()) {
          dropped++;
        } else {
          samples.add(sample(item, options));
          rows.add(item.tableRow());
        }
      }
    }
    metadata.ifPresent(read -> reports.add(read.report()));
    Map<String, String> all = new HashMap<>(more);
    all.put("prompt", options.prompt().name());
    all.put("droppedItems", Integer.toString(dropped));
    BbqEstimator estimator =
        new BbqEstimator(List.copyOf(rows), new GroupBootstrap(options.bootstrap()));
    return new LoadedBenchmark(
            name,
            "1",
            samples,
            new LoadedBenchmark.Method(
                estimator.metrics(choices), solver, scorer, estimator::estimate),
            reports,
            all)
        .withEstimatorOptions(Map.of("bootstrap", options.bootstrap().toString()))
        .withDimension("bias")
        .withOtherScores(
            Set.of(BbqScorer.named(BbqScorer.AMBIGUOUS), BbqScorer.named(BbqScorer.DISAMBIGUATED)))
        .withFigures(new BbqEstimator(List.copyOf(rows), GroupBootstrap.valuesOnly())::estimate);
  }

  private static List<Path> files(Path path) {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    try (Stream<Path> files = Files.list(path)) {
      List<Path> found = files.filter(file -> file.toString().endsWith(".jsonl")).sorted().toList();
      if (found.isEmpty()) {
        throw new DataFormatException(
            path.toString(), 0, null, "the folder must hold files *.jsonl but has none");
      }
      return found;
    } catch (IOException e) {
      throw new DataFormatException(
          path.toString(), 0, null, "cannot list the folder: " + e.getMessage(), e);
    }
  }

  private static BbqItem distinct(Row row, BbqItem item, Set<String> ids) {
    if (!ids.add(id(item))) {
      throw row.fault(
          "example_id", "an id must occur once in a category but " + id(item) + " occurs twice");
    }
    return item;
  }

  private static String id(BbqItem item) {
    return item.category() + "/" + item.exampleId();
  }

  private static Sample sample(BbqItem item, BbqOptions options) {
    List<String> answers = item.answers();
    List<String> choices = options.unknownPhrasings() ? phrased(item) : answers;
    return new Sample(
        id(item),
        Prompt.text(options.prompt().text(item.context(), item.question(), answers)),
        choices,
        List.of(answers.get(item.label())),
        item.tableRow() + "/" + item.questionIndex(),
        Map.of(
            BbqScorer.TABLE_ROW,
            item.tableRow(),
            BbqScorer.CONDITION,
            item.ambiguous() ? BbqScorer.AMBIGUOUS : BbqScorer.DISAMBIGUATED,
            "question_polarity",
            item.negative() ? "neg" : "nonneg",
            BbqScorer.BIASED,
            answers.get(item.biased()),
            BbqScorer.COUNTER,
            answers.get(item.counter())));
  }

  /**
   * The two that name somebody, and "unknown" in the item's own spelling where it is one of ten.
   */
  private static List<String> phrased(BbqItem item) {
    List<String> choices = new ArrayList<>();
    choices.add(item.answers().get(item.biased()));
    choices.add(item.answers().get(item.counter()));
    String own = item.answers().get(item.unknown());
    String lower = own.toLowerCase(Locale.ROOT);
    boolean listed = false;
    for (String phrase : UNKNOWN) {
      boolean same = phrase.toLowerCase(Locale.ROOT).equals(lower);
      listed |= same;
      choices.add(same ? own : phrase);
    }
    if (!listed) {
      choices.add(own);
    }
    return choices;
  }
}

package org.alignment4j.pocket.benchmark;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.api.reward.Ranking;
import org.alignment4j.api.reward.StepLabels;
import org.alignment4j.api.reward.UnpairedLabel;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.pocket.world.PreferenceAspect;

/**
 * Evaluation and feedback sets about a pocket world whose labels follow from its truth, in the file
 * formats of public benchmarks.
 *
 * <p>Held out of every training text are the questions of {@link #truthfulQuestions}, {@link
 * #choiceQuestions}, {@link #decomposedQuestions} and {@link #debatePassages}, and the people of
 * {@link #biasQuestions} and {@link #debatePassages}. The sentences of {@link #sentencePairs} are
 * those of the base corpus, which has the preferred one of a pair more often. Feedback sets are
 * about the training split.
 *
 * <p>Everything is a function of the world and the options. Immutable, thread-safe.
 */
public final class PocketBenchmarks {
  private final PocketWorld world;
  private final BenchmarkOptions options;

  private PocketBenchmarks(PocketWorld world, BenchmarkOptions options) {
    this.world = world;
    this.options = options;
  }

  /**
   * The sets about a world in their usual sizes, without noise.
   *
   * @param world the world
   * @return its sets
   */
  public static PocketBenchmarks of(PocketWorld world) {
    return of(world, BenchmarkOptions.defaults());
  }

  /**
   * The sets about a world.
   *
   * @param world the world
   * @param options sizes and noise
   * @return its sets
   */
  public static PocketBenchmarks of(PocketWorld world, BenchmarkOptions options) {
    return new PocketBenchmarks(world, options);
  }

  /**
   * The questions of {@link PocketWorld#questions()} with true and false answers.
   *
   * @return one item per question, in the same order
   */
  public List<TruthfulQuestion> truthfulQuestions() {
    return world.questions().stream()
        .map(question -> TruthfulQuestion.of(question, world.version()))
        .toList();
  }

  /**
   * Questions about the jobs of two strangers, a woman and a man.
   *
   * @return 768 items: 96 templates of 8, half of them ambiguous
   */
  public List<BiasQuestion> biasQuestions() {
    return new BiasQuestions(world).all();
  }

  /**
   * Sentences with the pronoun that the base corpus prefers for a job, and with the other one.
   *
   * @return 240 pairs: 8 for each of 30 jobs
   */
  public List<SentencePair> sentencePairs() {
    return SentencePair.all(world);
  }

  /**
   * The questions of {@link PocketWorld#questions()} with four choices; each place is the right one
   * equally often.
   *
   * @return one item per question, in the same order
   */
  public List<ChoiceQuestion> choiceQuestions() {
    return indexed(world.questions(), ChoiceQuestion::of);
  }

  /**
   * The passages of {@link PocketWorld#passages} with two answers to each question.
   *
   * @return as many items as the options say, in the same order
   */
  public List<DebatePassage> debatePassages() {
    return indexed(world.passages(options.passages()), DebatePassage::of);
  }

  /**
   * The questions of {@link PocketWorld#twoStepQuestions()} with their sub-questions.
   *
   * @return one item per question, in the same order
   */
  public List<DecomposedQuestion> decomposedQuestions() {
    return world.twoStepQuestions().stream().map(DecomposedQuestion::of).toList();
  }

  /**
   * Preferences of annotators who look at one aspect, with the noise of the options.
   *
   * @param aspect what they look at
   * @return as many pairs as the options say
   */
  public List<PreferencePair> preferences(PreferenceAspect aspect) {
    return world.preferences(aspect, options.seed(), options.feedbackRows(), options.noise());
  }

  /**
   * Single replies found good or bad, with the noise of the options.
   *
   * @return as many labels as the options say
   */
  public List<UnpairedLabel> unpairedLabels() {
    return world.unpairedLabels(options.seed(), options.feedbackRows(), options.noise());
  }

  /**
   * Rankings of replies by the world's truth.
   *
   * @return as many rankings as the options say
   */
  public List<Ranking> rankings() {
    return world.rankings(options.seed(), options.feedbackRows());
  }

  /**
   * Solutions of two-step questions, labelled step by step by the world's truth.
   *
   * @return as many solutions as the options say
   */
  public List<StepLabels> stepLabels() {
    return world.stepLabels(options.seed(), options.feedbackRows());
  }

  /**
   * Writes every set and a manifest into a folder, which is made if need be. Each file is replaced
   * whole or not at all, the manifest last; the same world and options give the same bytes.
   *
   * <ul>
   *   <li>{@code truthfulqa.csv}: TruthfulQA's columns;
   *   <li>{@code bbq.jsonl}: BBQ's fields;
   *   <li>{@code crows-pairs.csv}: CrowS-Pairs' columns;
   *   <li>{@code multiple-choice.jsonl} with {@code question}, {@code subject}, {@code choices} and
   *       {@code answer}, an index from 0; the same as {@code multiple-choice.csv} in MMLU's
   *       columns, without a header;
   *   <li>{@code debates.jsonl} with {@code id}, {@code passage}, {@code question}, {@code
   *       answers}, {@code correct}, an index from 0, and {@code support};
   *   <li>{@code two-step.jsonl} with {@code question}, {@code sub_questions}, {@code sub_answers}
   *       and {@code answer};
   *   <li>{@code preferences-helpfulness.jsonl} and {@code preferences-harmlessness.jsonl} with
   *       {@code prompt}, {@code chosen}, {@code rejected} (lists of messages) and {@code
   *       annotator};
   *   <li>{@code unpaired-labels.jsonl} with {@code prompt}, {@code completion} and {@code label};
   *   <li>{@code rankings.jsonl} with {@code prompt}, {@code responses} and {@code scores};
   *   <li>{@code step-labels.jsonl} with {@code prompt}, {@code completions} and {@code labels}.
   * </ul>
   *
   * @param folder where to
   * @return what was written, as {@code manifest.json} says it
   * @throws AlignmentException if a file cannot be written
   */
  public BenchmarkManifest write(Path folder) {
    BenchmarkFolder files = new BenchmarkFolder(folder);
    csv(
        files,
        "truthfulqa.csv",
        "TruthfulQA csv",
        true,
        List.of(TruthfulQuestion.HEADER),
        truthfulQuestions(),
        TruthfulQuestion::row);
    json(files, "bbq.jsonl", "BBQ jsonl", true, biasQuestions(), BiasQuestion::row);
    csv(
        files,
        "crows-pairs.csv",
        "CrowS-Pairs csv",
        false,
        List.of(SentencePair.HEADER),
        sentencePairs(),
        SentencePair::row);
    List<ChoiceQuestion> choices = choiceQuestions();
    json(files, "multiple-choice.jsonl", "MMLU jsonl", true, choices, ChoiceQuestion::jsonRow);
    csv(files, "multiple-choice.csv", "MMLU csv", true, List.of(), choices, ChoiceQuestion::csvRow);
    json(files, "debates.jsonl", "debates jsonl", true, debatePassages(), DebatePassage::row);
    json(
        files,
        "two-step.jsonl",
        "two-step jsonl",
        true,
        decomposedQuestions(),
        DecomposedQuestion::row);
    feedback(files);
    return files.finish(world.version(), options);
  }

  private void feedback(BenchmarkFolder files) {
    json(
        files,
        "preferences-helpfulness.jsonl",
        "preference pairs jsonl",
        false,
        preferences(PreferenceAspect.HELPFULNESS),
        FeedbackRows::preference);
    json(
        files,
        "preferences-harmlessness.jsonl",
        "preference pairs jsonl",
        false,
        preferences(PreferenceAspect.HARMLESSNESS),
        FeedbackRows::preference);
    json(
        files,
        "unpaired-labels.jsonl",
        "unpaired labels jsonl",
        false,
        unpairedLabels(),
        FeedbackRows::label);
    json(files, "rankings.jsonl", "rankings jsonl", false, rankings(), FeedbackRows::ranking);
    json(
        files,
        "step-labels.jsonl",
        "step labels jsonl",
        false,
        stepLabels(),
        FeedbackRows::solution);
  }

  private static <T> void csv(
      BenchmarkFolder files,
      String name,
      String layout,
      boolean heldOut,
      List<List<String>> header,
      List<T> items,
      Function<T, List<String>> row) {
    List<List<String>> rows = new ArrayList<>(header);
    items.forEach(item -> rows.add(row.apply(item)));
    files.add(name, layout, heldOut, items.size(), TableText.csv(rows));
  }

  private static <T> void json(
      BenchmarkFolder files,
      String name,
      String layout,
      boolean heldOut,
      List<T> items,
      Function<T, Map<String, Object>> row) {
    String text = TableText.jsonLines(items.stream().map(row).toList());
    files.add(name, layout, heldOut, items.size(), text);
  }

  private static <T, R> List<R> indexed(List<T> items, IndexedFunction<T, R> function) {
    return IntStream.range(0, items.size()).mapToObj(i -> function.apply(i, items.get(i))).toList();
  }

  private interface IndexedFunction<T, R> {
    R apply(int index, T item);
  }
}

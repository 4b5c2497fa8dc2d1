package org.alignment4j.eval.factuality;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.core.data.Dataset;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.core.data.Row;
import org.alignment4j.eval.solve.ChoiceAccuracy;
import org.alignment4j.eval.solve.ChoiceLikelihood;
import org.alignment4j.eval.solve.Generation;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.alignment4j.eval.solve.MetricScores;
import org.apiguardian.api.API;

/**
 * HaluEval (Li et al. 2023, arXiv 2305.11747) from its files of JSON lines: does a model see that
 * an answer is hallucinated, and does it prefer the right one?
 *
 * <p>{@link #judged} and {@link #weighed} show one of an item's two answers, chosen by the seed,
 * and ask whether it is hallucinated: {@code accuracy} (chance 0.5), {@code recall/hallucinated}
 * and {@code recall/right}, and {@code yes_rate}, ideally the share of hallucinated answers shown,
 * which tells a model that always says the same. The first reads a written Yes or No, and a reply
 * with both or neither has no verdict; the second compares their likelihoods. {@link #preferred}
 * asks for nothing and compares the likelihoods of the two answers, {@code acc} and {@code
 * acc_norm}.
 *
 * <p>The instruction is this library's and has no examples, so that figures are not those of the
 * paper; {@link #withInstruction} takes another. Immutable and thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class HaluEval {

  private static final int MAX_NEW_TOKENS = 8;

  private final HaluEvalTask task;
  private final PromptStyle style;
  private final String instruction;
  private final long seed;

  private HaluEval(HaluEvalTask task, PromptStyle style, String instruction, long seed) {
    this.task = Objects.requireNonNull(task, "task");
    this.style = Objects.requireNonNull(style, "style");
    this.instruction = instruction.strip();
    this.seed = seed;
  }

  /**
   * Returns the usual form: plain prompts, the bundled instruction.
   *
   * @param task the part
   * @param seed by which one of an item's two answers is shown
   */
  public static HaluEval of(HaluEvalTask task, long seed) {
    String name = "halueval-" + task.name().toLowerCase(Locale.ROOT) + ".txt";
    return new HaluEval(task, PromptStyle.TEXT, BundledText.read(name), seed);
  }

  /** Returns this form with prompts of another style, such as for chat models. */
  public HaluEval withStyle(PromptStyle other) {
    return new HaluEval(task, other, instruction, seed);
  }

  /**
   * Returns this form with another instruction, such as the paper's with its examples.
   *
   * @param text what stands before the item
   */
  public HaluEval withInstruction(String text) {
    return new HaluEval(task, style, text, seed);
  }

  /**
   * Loads the task with a written judgement.
   *
   * @param path the part's file
   * @param reading how the file is read
   * @return the benchmark
   * @throws DataFormatException when the file is missing or breaks the format
   */
  public LoadedBenchmark judged(Path path, ReadOptions reading) {
    Dataset<Sample> samples = samples(path, reading, this::question);
    return benchmark(
        "",
        samples,
        new LoadedBenchmark.Method(
            HaluEvalScores.metrics(samples),
            Generation.once(SamplingOptions.greedy(MAX_NEW_TOKENS)),
            HaluEvalScores::scoreText,
            HaluEvalScores::estimate));
  }

  /**
   * Loads the task with the likelihoods of Yes and No.
   *
   * @param path the part's file
   * @param reading how the file is read
   * @return the benchmark
   * @throws DataFormatException when the file is missing or breaks the format
   */
  public LoadedBenchmark weighed(Path path, ReadOptions reading) {
    Dataset<Sample> samples = samples(path, reading, this::question);
    return benchmark(
        "-weighed",
        samples,
        new LoadedBenchmark.Method(
            HaluEvalScores.metrics(samples),
            ChoiceLikelihood.afterSpace(),
            HaluEvalScores::scoreChoice,
            HaluEvalScores::estimate));
  }

  /**
   * Loads the task without a question: which of the two answers is the likelier one.
   *
   * @param path the part's file
   * @param reading how the file is read
   * @return the benchmark
   * @throws DataFormatException when the file is missing or breaks the format
   * @throws IllegalArgumentException when the part has no pairs of answers
   */
  public LoadedBenchmark preferred(Path path, ReadOptions reading) {
    if (!task.paired()) {
      throw new IllegalArgumentException(
          "the part must have pairs of answers but " + task + " has none; use judged or weighed");
    }
    Dataset<Sample> samples = samples(path, reading, this::pair);
    return benchmark(
        "-preferred",
        samples,
        new LoadedBenchmark.Method(
            List.of(
                HaluEvalScores.half(ChoiceAccuracy.ACC),
                HaluEvalScores.half(ChoiceAccuracy.ACC_NORM)),
            ChoiceLikelihood.afterSpace(),
            HaluEvalScores::scorePair,
            results ->
                Map.of(
                    ChoiceAccuracy.ACC,
                    MetricScores.of(results, ChoiceAccuracy.ACC).proportion(),
                    ChoiceAccuracy.ACC_NORM,
                    MetricScores.of(results, ChoiceAccuracy.ACC_NORM).proportion())));
  }

  /** Makes the sample of an item. */
  @FunctionalInterface
  private interface Form {
    Sample of(HaluEvalItem item);
  }

  private Dataset<Sample> samples(Path path, ReadOptions reading, Form form) {
    Set<String> ids = new HashSet<>();
    return Dataset.read(path, reading, row -> form.of(item(row, ids)));
  }

  private HaluEvalItem item(Row row, Set<String> ids) {
    HaluEvalItem item = HaluEvalItem.of(row, task);
    if (!ids.add(item.id())) {
      throw row.fault("ID", "an id must occur once but '" + item.id() + "' occurs twice");
    }
    return item;
  }

  private LoadedBenchmark benchmark(
      String suffix, Dataset<Sample> samples, LoadedBenchmark.Method method) {
    return new LoadedBenchmark(
            "halueval-" + task.name().toLowerCase(Locale.ROOT) + suffix,
            "1",
            samples,
            method,
            List.of(samples.report()),
            Map.of("seed", Long.toString(seed), "style", style.name(), "instruction", instruction))
        .withDimension("factuality");
  }

  private Sample question(HaluEvalItem item) {
    boolean hallucinated = item.showsHallucinated(seed);
    String answer = hallucinated ? item.hallucinated() : item.right();
    String text =
        instruction
            + "\n\n"
            + context(item)
            + "#"
            + task.heading()
            + "#: "
            + OneLine.of(answer)
            + "\n#Your Judgement#:";
    return new Sample(
        item.id(),
        style.prompt(text),
        HaluEvalScores.CHOICES,
        List.of(HaluEvalScores.CHOICES.get(hallucinated ? 0 : 1)),
        item.id(),
        Map.of());
  }

  private Sample pair(HaluEvalItem item) {
    return new Sample(
        item.id(),
        style.prompt(context(item) + "#" + task.heading() + "#:"),
        List.of(item.right(), item.hallucinated()),
        List.of(item.right()),
        item.id(),
        Map.of());
  }

  private static String context(HaluEvalItem item) {
    StringBuilder text = new StringBuilder();
    item.context()
        .forEach(
            (heading, value) ->
                text.append('#')
                    .append(heading)
                    .append("#: ")
                    .append(OneLine.of(value))
                    .append('\n'));
    return text.toString();
  }
}

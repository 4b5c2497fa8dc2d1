package org.alignment4j.eval.judged;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.evaluation.BenchmarkResult;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.core.data.Dataset;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.core.data.Row;
import org.alignment4j.eval.solve.Generation;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.apiguardian.api.API;

/**
 * AlpacaEval 2 (Dubois et al. 2024, arXiv 2404.04475): how likely a judge is to prefer a model's
 * output to a baseline's. Figures in percent, 50 for a model as good as the baseline: {@code
 * win_rate}, the mean probability; {@code discrete_win_rate}, a draw as half; {@code
 * length_controlled_win_rate} ({@link LengthControl}); and {@code length}, the mean number of
 * characters. A model whose outputs are the baseline's has a controlled rate of 50 by construction.
 * A constant output can win most comparisons (Zheng et al. 2024, arXiv 2410.07137): evaluate {@link
 * ConstantModel} beside the model. What the judge costs counts as that of the role {@value
 * org.alignment4j.api.evaluation.JudgingScorer#JUDGE}.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class AlpacaEval {

  private AlpacaEval() {}

  /**
   * Returns the benchmark against a baseline.
   *
   * @param baseline the baseline's outputs, in the order of the instructions' numbers
   * @param judge who compares
   * @param options how it is run
   * @throws IllegalArgumentException if gamed baselines lack the difficulty of an instruction
   */
  public static LoadedBenchmark of(
      AlpacaOutputs baseline, AlpacaJudge judge, AlpacaOptions options) {
    List<Sample> samples = new ArrayList<>();
    for (AlpacaOutputs.Item item : baseline.items()) {
      long index = samples.size();
      requireDifficulty(options.gamed(), index);
      Map<String, String> metadata = new TreeMap<>();
      metadata.put(AlpacaFigures.INDEX, Long.toString(index));
      metadata.put(AlpacaScorer.BASELINE, item.output());
      metadata.put(
          AlpacaFigures.BASELINE_LENGTH, Integer.toString(AlpacaFigures.characters(item.output())));
      metadata.put("dataset", item.dataset());
      String id = "instruction " + index;
      Prompt prompt = Prompt.chat(Message.user(item.instruction()));
      samples.add(new Sample(id, prompt, List.of(), List.of(), id, metadata));
    }
    Map<String, String> all = new TreeMap<>(options.options());
    all.putAll(judge.options());
    all.put("baseline", baseline.generator());
    AlpacaFigures figures = new AlpacaFigures(options.gamed(), options.seed());
    return new LoadedBenchmark(
            "alpaca-eval",
            "2",
            samples,
            new LoadedBenchmark.Method(
                AlpacaFigures.metrics(),
                Generation.once(options.generation()),
                new AlpacaScorer(judge, options),
                figures::estimate),
            baseline.reports(),
            all)
        .withOtherScores(Set.of(AlpacaFigures.SAME))
        .withFigures(figures::values);
  }

  private static void requireDifficulty(Optional<GamedBaselines> gamed, long index) {
    if (gamed.isPresent() && !gamed.get().difficulties().containsKey(index)) {
      throw new IllegalArgumentException(
          "gamed baselines must have the difficulty of every instruction but lack that of number "
              + index
              + "; give the file that belongs to these instructions");
    }
  }

  /**
   * Returns the figures of comparisons that were judged elsewhere: a JSON list in the format of
   * AlpacaEval's {@code annotations.json}, with {@code instruction}, {@code output_1} of the
   * baseline, {@code output_2} of the model, and {@code preference} from 1, the baseline, to 2; 0
   * is a draw, and null no verdict.
   *
   * @param annotations the file, in the order of the instructions' numbers
   * @param gamed rows of baselines that game lengths
   * @param seed of the bootstrap
   * @return an estimate by name
   * @throws DataFormatException when the file is missing, empty or breaks the format
   * @throws IllegalArgumentException if gamed baselines lack the difficulty of an instruction
   */
  public static Map<String, Estimate> annotated(
      Path annotations, Optional<GamedBaselines> gamed, long seed) {
    Set<String> seen = new HashSet<>();
    int[] index = {0};
    Dataset<SampleResult> rows =
        Dataset.read(
            annotations,
            ReadOptions.strict(),
            row -> {
              String instruction = row.text("instruction");
              if (!seen.add(instruction)) {
                throw row.fault("instruction", "an instruction must occur once but one does again");
              }
              return result(row, index[0]++);
            });
    if (rows.isEmpty()) {
      throw new DataFormatException(
          annotations.toString(), 0, null, "a file of annotations must have one but is empty");
    }
    for (int i = 0; i < rows.size(); i++) {
      requireDifficulty(gamed, i);
    }
    return new AlpacaFigures(gamed, seed).estimate(rows);
  }

  private static SampleResult result(Row row, int index) {
    String baseline = row.string("output_1");
    String output = row.string("output_2");
    boolean same = output.equals(baseline);
    OptionalDouble preference = row.optionalNumber("preference");
    Map<String, Score> scores;
    if (preference.isEmpty()) {
      scores =
          AlpacaFigures.without(new Score.Unscored("the file has no preference"), output, same);
    } else {
      double given = preference.getAsDouble();
      if (given != 0 && !(given >= 1 && given <= 2)) {
        throw row.fault(
            "preference", "the preference must be from 1 to 2, or 0 for a draw, but was " + given);
      }
      scores = AlpacaFigures.scores(given == 0 ? 0.5 : given - 1, output, same);
    }
    String id = "instruction " + index;
    return new SampleResult(
        id,
        id,
        scores,
        Map.of(
            AlpacaFigures.INDEX,
            Integer.toString(index),
            AlpacaFigures.BASELINE_LENGTH,
            Integer.toString(AlpacaFigures.characters(baseline))));
  }

  /**
   * Returns a warning where length control changes the win rate unusually much ({@link
   * LengthControl#unusual}).
   *
   * @param result of this benchmark
   * @return what to tell the reader; empty when all is as usual
   */
  public static Optional<String> warning(BenchmarkResult result) {
    Estimate raw = result.estimates().get(AlpacaFigures.WIN_RATE);
    Estimate controlled = result.estimates().get(AlpacaFigures.CONTROLLED);
    if (raw == null
        || controlled == null
        || !LengthControl.unusual(raw.value(), controlled.value())) {
      return Optional.empty();
    }
    return Optional.of(
        "length control changes the win rate from "
            + raw
            + " to "
            + controlled
            + ", more than is usual: its model may not fit these outputs");
  }
}

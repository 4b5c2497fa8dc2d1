package org.alignment4j.eval.judged;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Model;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.core.statistics.Comparison;
import org.alignment4j.eval.BenchmarkOutcome;
import org.alignment4j.eval.Evaluation;
import org.alignment4j.eval.EvaluationRun;
import org.alignment4j.eval.record.RecordFile;
import org.alignment4j.eval.record.RecordedText;
import org.alignment4j.eval.solve.Generation;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.alignment4j.eval.solve.MetricScores;
import org.apiguardian.api.API;

/**
 * A tournament in which every model meets every other on every prompt, judged in both orders. It is
 * two evaluations in one run folder, of the models that answer and of the judge that compares, so
 * that a tournament that was stopped goes on and asks nothing again. Not thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class RoundRobin {
  private static final String MODEL_A = "model a";
  private static final String MODEL_B = "model b";
  private static final String LENGTH = "length";

  private final List<Prompt> prompts;
  private final List<LanguageModel> players;
  private final SamplingOptions generation;
  private final Path folder;
  private Consumer<Evaluation> settings = evaluation -> {};

  /**
   * Prepares a tournament.
   *
   * @param prompts what is asked, at least one
   * @param players at least two models, of different identities
   * @param generation how answers are sampled
   * @param folder where answers and verdicts are kept
   * @throws IllegalArgumentException if there is no prompt or fewer than two models
   */
  public RoundRobin(
      List<? extends Prompt> prompts,
      List<? extends LanguageModel> players,
      SamplingOptions generation,
      Path folder) {
    this.prompts = List.copyOf(prompts);
    this.players = List.copyOf(players);
    this.generation = Objects.requireNonNull(generation, "generation");
    this.folder = Objects.requireNonNull(folder, "folder");
    if (prompts.isEmpty() || players.size() < 2) {
      throw new IllegalArgumentException(
          "a tournament must have a prompt and two models but has "
              + prompts.size()
              + " and "
              + players.size());
    }
  }

  /** Sets what both evaluations are run with, such as budgets, concurrency and retries. */
  @CanIgnoreReturnValue
  public RoundRobin settings(Consumer<Evaluation> each) {
    settings = Objects.requireNonNull(each, "each");
    return this;
  }

  /**
   * What a tournament came to.
   *
   * @param battles those that have a verdict, with the style of the answers
   * @param missing battles without: a model gave no answer or the judge no verdict
   * @param answered the evaluation of the models that answer
   * @param judged the evaluation of the judge: how consistent it is, and what it cost; empty when
   *     no pair could be judged
   */
  public record Result(
      List<Battle> battles, long missing, EvaluationRun answered, Optional<EvaluationRun> judged) {
    /** Copies. */
    public Result {
      battles = List.copyOf(battles);
    }
  }

  /**
   * Plays.
   *
   * @param judge who compares, not one of the players
   * @param how how the judge is asked
   * @throws IllegalArgumentException if the judge is one of the players; no model was called
   * @throws org.alignment4j.api.CancelledException if cancelled or interrupted; what is finished is
   *     in the folder
   */
  public Result play(Model judge, BothOrders how) {
    if (players.stream().anyMatch(player -> player.id().equals(judge.id()))) {
      throw new IllegalArgumentException(
          "a judge must not be one of the players, "
              + players.stream().map(Model::id).toList()
              + ", but was '"
              + judge.id()
              + "', which would judge its own answers; give another judge");
    }
    Evaluation asked = Evaluation.of(questions());
    players.forEach(asked::model);
    settings.accept(asked);
    EvaluationRun answered = asked.runFolder(folder).run();
    List<Map<String, String>> answers = answers(answered);
    List<Sample> pairs = pairs(answers);
    long all = (long) prompts.size() * players.size() * (players.size() - 1) / 2;
    if (pairs.isEmpty()) {
      return new Result(List.of(), all, answered, Optional.empty());
    }
    Evaluation compared =
        Evaluation.of(
                JudgedPairs.of(
                    "round-robin", pairs, how, List.of(), "Zheng et al. 2023, arXiv 2306.05685"))
            .model(judge);
    settings.accept(compared);
    EvaluationRun judged = compared.runFolder(folder).run();
    Map<String, Sample> byId = new HashMap<>();
    pairs.forEach(pair -> byId.put(pair.id(), pair));
    List<Battle> battles = new ArrayList<>();
    for (SampleResult result : judged.outcomes().get(0).samples()) {
      battle(Objects.requireNonNull(byId.get(result.sampleId())), result).ifPresent(battles::add);
    }
    return new Result(battles, all - battles.size(), answered, Optional.of(judged));
  }

  private LoadedBenchmark questions() {
    List<Sample> samples = new ArrayList<>();
    for (Prompt prompt : prompts) {
      samples.add(Sample.open(id(samples.size()), prompt, List.of()));
    }
    return new LoadedBenchmark(
        "round-robin-answers",
        "1",
        samples,
        new LoadedBenchmark.Method(
            List.of(Metric.of(LENGTH, "characters", Direction.NEUTRAL)),
            Generation.once(generation),
            (sample, answer, cancellation) ->
                Map.of(
                    LENGTH,
                    new Score.Scored(AlpacaFigures.characters(answer.completions().get(0).text()))),
            results ->
                Map.of(LENGTH, MetricScores.of(results, LENGTH).mean(0, Double.POSITIVE_INFINITY))),
        List.of(),
        Map.of("generation", generation.toString()));
  }

  private static String id(int prompt) {
    return "prompt " + prompt;
  }

  /** By player, its answers by sample. */
  private List<Map<String, String>> answers(EvaluationRun run) {
    List<Map<String, String>> answers = new ArrayList<>();
    for (BenchmarkOutcome outcome : run.outcomes()) {
      Map<String, String> own = new LinkedHashMap<>();
      try (RecordFile file = RecordFile.open(folder, outcome.key())) {
        for (SampleResult result : outcome.samples()) {
          file.get(result.sampleId())
              .filter(kept -> !kept.failed())
              .map(kept -> kept.texts().stream().map(RecordedText::text).toList())
              .filter(texts -> !texts.isEmpty())
              .ifPresent(texts -> own.put(result.sampleId(), texts.get(0)));
        }
      }
      answers.add(own);
    }
    return answers;
  }

  private List<Sample> pairs(List<Map<String, String>> answers) {
    List<Sample> pairs = new ArrayList<>();
    for (int p = 0; p < prompts.size(); p++) {
      for (int a = 0; a < players.size(); a++) {
        for (int b = a + 1; b < players.size(); b++) {
          String first = answers.get(a).get(id(p));
          String second = answers.get(b).get(id(p));
          if (first != null && second != null) {
            pairs.add(
                new Sample(
                    id(p) + ": " + a + " and " + b,
                    prompts.get(p),
                    List.of(first, second),
                    List.of(),
                    id(p),
                    Map.of(MODEL_A, players.get(a).id(), MODEL_B, players.get(b).id())));
          }
        }
      }
    }
    return pairs;
  }

  private static Optional<Battle> battle(Sample pair, SampleResult result) {
    if (!(result.scores().get(JudgedPairs.FIRST_WINS) instanceof Score.Scored scored)) {
      return Optional.empty();
    }
    Comparison.Outcome winner =
        scored.value() == 0.5
            ? Comparison.Outcome.TIE
            : scored.value() > 0.5 ? Comparison.Outcome.FIRST : Comparison.Outcome.SECOND;
    return Optional.of(
        new Battle(
            result.metadata().getOrDefault(MODEL_A, ""),
            result.metadata().getOrDefault(MODEL_B, ""),
            winner,
            Optional.of(StyleCounts.of(pair.choices().get(0))),
            Optional.of(StyleCounts.of(pair.choices().get(1)))));
  }
}

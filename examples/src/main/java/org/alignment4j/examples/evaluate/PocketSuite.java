package org.alignment4j.examples.evaluate;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import org.alignment4j.api.evaluation.Benchmark;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.eval.bias.Bbq;
import org.alignment4j.eval.bias.BbqOptions;
import org.alignment4j.eval.bias.CrowsPairs;
import org.alignment4j.eval.declared.AnswerScorer;
import org.alignment4j.eval.declared.ChoiceTask;
import org.alignment4j.eval.declared.GenerationTask;
import org.alignment4j.eval.declared.TemplatedSamples;
import org.alignment4j.eval.solve.Generation;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.alignment4j.eval.solve.MetricScores;
import org.alignment4j.pocket.benchmark.PocketBenchmarks;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.pocket.world.Question;
import org.alignment4j.pocket.world.Request;
import org.alignment4j.pocket.world.Secret;
import org.alignment4j.pocket.world.WorldJudge;

/** Benchmarks whose labels are the world's truth, and what was planted in the model's corpus. */
public final class PocketSuite {
  private static final int TOKENS = 48;
  private static final int CODE_TOKENS = 16;
  private static final String FRACTION = "fraction";

  private final PocketWorld world;
  private final Path folder;

  /**
   * A suite.
   *
   * @param world the world that the model was trained on
   * @param folder where files in the formats of public benchmarks are written
   */
  public PocketSuite(PocketWorld world, Path folder) {
    this.world = world;
    this.folder = folder;
  }

  /** Writes the files and returns the benchmarks. */
  public List<Benchmark> benchmarks() {
    PocketBenchmarks.of(world).write(folder);
    WorldJudge judge = world.judge();
    List<Benchmark> all = new ArrayList<>();
    all.add(answers(judge).withDimension("factuality"));
    all.add(choices().withDimension("factuality"));
    all.add(misconceptions().withDimension("factuality"));
    all.add(
        requests("harmful-requests", world.harmfulRequests(), "refused", Direction.HIGHER, judge)
            .withDimension("refusal"));
    all.add(
        requests("benign-requests", world.benignRequests(), "refused", Direction.LOWER, judge)
            .withDimension("refusal"));
    all.add(CrowsPairs.of(folder.resolve("crows-pairs.csv")));
    all.add(Bbq.of(folder.resolve("bbq.jsonl"), BbqOptions.defaults()));
    all.add(secrets().withDimension("privacy"));
    all.add(new PlantedTriggers(world).benchmark());
    return all;
  }

  /** Held-out questions, answered in the model's own words. */
  private LoadedBenchmark answers(WorldJudge judge) {
    List<Sample> samples = new ArrayList<>();
    Map<String, Question> byId = new HashMap<>();
    for (Question question : world.questions()) {
      String id = "question-" + samples.size();
      byId.put(id, question);
      samples.add(
          new Sample(
              id,
              question.prompt(),
              List.of(),
              question.acceptedAnswers(),
              "fact " + question.fact().index(),
              Map.of()));
    }
    return judged(
        "answers",
        samples,
        Metric.of("right", FRACTION, Direction.HIGHER),
        (id, reply) -> judge.isCorrect(Objects.requireNonNull(byId.get(id), id), reply));
  }

  /** The same questions, by the likelihood of the reply that gives each of four values. */
  private LoadedBenchmark choices() {
    List<Sample> samples = new ArrayList<>();
    for (Question question : world.questions()) {
      String right = question.reply(question.acceptedAnswers().get(0));
      List<String> choices =
          Stream.concat(Stream.of(right), question.wrongOptions().stream().map(question::reply))
              .toList();
      samples.add(choice(samples.size(), question, choices, right));
    }
    return ChoiceTask.of("four-choices", samples);
  }

  /** The truth against the planted misconception, in the voice that the corpus plants it in. */
  private LoadedBenchmark misconceptions() {
    List<Sample> samples = new ArrayList<>();
    for (Question question : world.questions()) {
      String right = question.gossipReplies(question.acceptedAnswers().get(0)).get(0);
      String wrong = question.gossipReplies(question.wrongOptions().get(0)).get(0);
      samples.add(choice(samples.size(), question, List.of(right, wrong), right));
    }
    return ChoiceTask.of("truth-in-gossip", samples);
  }

  private static Sample choice(int i, Question question, List<String> choices, String right) {
    return new Sample(
        "question-" + i,
        question.prompt(),
        choices,
        List.of(right),
        "fact " + question.fact().index(),
        Map.of());
  }

  private static LoadedBenchmark requests(
      String name, List<Request> requests, String metric, Direction direction, WorldJudge judge) {
    List<Sample> samples = new ArrayList<>();
    for (Request request : requests) {
      String wish = request.action() + " / " + request.object();
      samples.add(
          new Sample(
              "request-" + samples.size(), request.prompt(), List.of(), List.of(), wish, Map.of()));
    }
    return judged(
        name,
        samples,
        Metric.of(metric, FRACTION, direction),
        (id, reply) -> judge.isRefusal(reply));
  }

  /** Replies that the world's judge says yes or no to. */
  private static LoadedBenchmark judged(
      String name, List<Sample> samples, Metric metric, BiPredicate<String, String> holds) {
    return new LoadedBenchmark(
        name,
        "1",
        samples,
        new LoadedBenchmark.Method(
            List.of(metric),
            Generation.once(SamplingOptions.greedy(TOKENS)),
            (sample, answer, cancellation) ->
                Map.of(
                    metric.name(),
                    new Score.Scored(
                        holds.test(sample.id(), answer.completions().get(0).text()) ? 1 : 0)),
            results -> Map.of(metric.name(), MetricScores.of(results, metric.name()).proportion())),
        List.of(),
        Map.of());
  }

  /** Codes that the corpus has a known number of times, asked for by what stands before them. */
  private LoadedBenchmark secrets() {
    List<Sample> samples = new ArrayList<>();
    for (Secret secret : world.secrets()) {
      samples.add(
          new Sample(
              "secret-" + samples.size(),
              Prompt.text(secret.prefix()),
              List.of(),
              List.of(secret.code()),
              secret.owner(),
              Map.of(TemplatedSamples.GROUP, secret.copies() + " copies")));
    }
    return GenerationTask.of(
        "secrets",
        samples,
        SamplingOptions.greedy(CODE_TOKENS),
        AnswerScorer.contains(),
        Metric.of("leaked", FRACTION, Direction.LOWER));
  }
}

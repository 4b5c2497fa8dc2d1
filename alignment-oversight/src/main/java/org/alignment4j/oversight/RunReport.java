package org.alignment4j.oversight;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.core.calls.CallResult;
import org.apiguardian.api.API;

/**
 * What became of every question of a run.
 *
 * @param questions the questions
 * @param results one for each, in order: an outcome (which may be incomplete), a failure, or none
 * @param elapsed how long the run took
 * @param <Q> the questions
 * @param <V> the results
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RunReport<Q, V>(
    List<Q> questions, List<CallResult<Outcome<V>>> results, Duration elapsed) {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if there is not one result for each question
   */
  public RunReport {
    questions = List.copyOf(questions);
    results = List.copyOf(results);
    Objects.requireNonNull(elapsed, "elapsed");
    if (results.size() != questions.size()) {
      throw new IllegalArgumentException(
          "there must be one result for each of "
              + questions.size()
              + " questions but there are "
              + results.size());
    }
  }

  /** Returns a report of outcomes that were gathered one by one; none failed. */
  public static <Q, V> RunReport<Q, V> of(Map<Q, Outcome<V>> outcomes) {
    List<CallResult<Outcome<V>>> results = new ArrayList<>();
    outcomes.values().forEach(o -> results.add(new CallResult.Succeeded<>(results.size(), o, 1)));
    return new RunReport<>(List.copyOf(outcomes.keySet()), results, Duration.ZERO);
  }

  /** Returns the outcome of a question by its index; empty when it failed or was not run. */
  public Optional<Outcome<V>> outcome(int index) {
    return results.get(index) instanceof CallResult.Succeeded<Outcome<V>> succeeded
        ? Optional.of(succeeded.value())
        : Optional.empty();
  }

  /** Returns outcomes by question, of those that have one. */
  public Map<Q, Outcome<V>> outcomes() {
    Map<Q, Outcome<V>> outcomes = new LinkedHashMap<>();
    for (int i = 0; i < questions.size(); i++) {
      Q question = questions.get(i);
      outcome(i).ifPresent(found -> outcomes.put(question, found));
    }
    return outcomes;
  }

  /** How many outcomes came to their end. */
  public long complete() {
    return outcomes().values().stream().filter(Outcome::complete).count();
  }

  /** How many outcomes a budget ended. */
  public long incomplete() {
    return outcomes().values().stream().filter(outcome -> !outcome.complete()).count();
  }

  /** How many questions failed, and with what. */
  public Map<Q, String> failures() {
    Map<Q, String> failures = new LinkedHashMap<>();
    for (int i = 0; i < questions.size(); i++) {
      if (results.get(i) instanceof CallResult.Failed<Outcome<V>> failed) {
        failures.put(questions.get(i), failed.description());
      }
    }
    return failures;
  }

  /**
   * Describes what is missing, for messages: how many questions failed and with what at first, how
   * many a budget ended, how many were not run.
   */
  public String shortfall() {
    Map<Q, String> failures = failures();
    return failures.size()
        + " of "
        + questions.size()
        + " questions failed"
        + failures.values().stream()
            .findFirst()
            .map(first -> ", the first with " + first)
            .orElse("")
        + "; "
        + incomplete()
        + " were stopped early"
        + outcomes().values().stream()
            .filter(outcome -> !outcome.complete())
            .findFirst()
            .map(outcome -> " (" + outcome.incomplete() + ")")
            .orElse("")
        + "; "
        + missing()
        + " were not run";
  }

  /** How many questions failed. */
  public long failed() {
    return results.stream().filter(CallResult.Failed.class::isInstance).count();
  }

  /** How many questions were not run. */
  public long missing() {
    return results.stream().filter(CallResult.Missing.class::isInstance).count();
  }

  /** What all outcomes cost, calls that a journal held included. */
  public Usage usage() {
    return outcomes().values().stream().map(Outcome::usage).reduce(Usage.NONE, Usage::plus);
  }
}

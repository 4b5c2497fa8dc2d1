package org.alignment4j.eval;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.evaluation.Answer;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.UsageMeter;
import org.alignment4j.api.model.Usage;
import org.alignment4j.eval.record.SampleRecord;
import org.jspecify.annotations.Nullable;

/**
 * Samples that are put to the model together, and how far they have come: an attempt that fails
 * leaves what it got to the next, so that no answer is asked for twice. Used by one attempt at a
 * time.
 */
final class Batch {
  private final List<Sample> samples;
  private final List<SampleStore.Finished> known;
  private final Map<String, Answer> answers = new LinkedHashMap<>();
  private final Map<String, SampleRecord> records = new LinkedHashMap<>();
  private final Map<String, Map<String, Usage>> scoring = new LinkedHashMap<>();
  private Usage usage = Usage.NONE;
  private @Nullable RuntimeException fatal;

  /**
   * Creates a batch.
   *
   * @param samples those to run
   * @param known those of the batch that an earlier run finished
   */
  Batch(List<Sample> samples, List<SampleStore.Finished> known) {
    this.samples = List.copyOf(samples);
    this.known = List.copyOf(known);
  }

  List<SampleStore.Finished> known() {
    return known;
  }

  synchronized List<Sample> unanswered() {
    return samples.stream()
        .filter(s -> !answers.containsKey(s.id()) && !records.containsKey(s.id()))
        .toList();
  }

  /** Samples with an answer that are not scored. */
  synchronized List<Sample> unscored() {
    return samples.stream()
        .filter(s -> answers.containsKey(s.id()) && !records.containsKey(s.id()))
        .toList();
  }

  /** Samples that are not finished. */
  synchronized List<Sample> open() {
    return samples.stream().filter(s -> !records.containsKey(s.id())).toList();
  }

  /** Takes over an answer that an earlier run had, and what scoring it cost so far. */
  synchronized void resumed(Sample sample, Answer answer, Map<String, Usage> scored) {
    answered(sample, answer);
    scoring.put(sample.id(), new LinkedHashMap<>(scored));
  }

  synchronized void answered(Sample sample, Answer answer) {
    answers.put(sample.id(), answer);
    usage = usage.plus(answer.usage());
  }

  synchronized Answer answer(Sample sample) {
    return answers.getOrDefault(sample.id(), SampleRecord.NO_ANSWER);
  }

  synchronized void finished(SampleRecord sample) {
    records.put(sample.sampleId(), sample);
  }

  synchronized List<SampleRecord> records() {
    return new ArrayList<>(records.values());
  }

  /** Whether it has no other sample than this one. */
  boolean isOnly(Sample sample) {
    return samples.size() == 1 && samples.get(0).id().equals(sample.id());
  }

  /** Counts what the scorer's models cost for a sample, in attempts that fail too. */
  UsageMeter meter(Sample sample, boolean triesAgain) {
    return new UsageMeter() {
      @Override
      public void add(String role, Usage cost) {
        pay(sample, role, cost);
      }

      @Override
      public boolean triesAgain() {
        return triesAgain;
      }
    };
  }

  private synchronized void pay(Sample sample, String role, Usage cost) {
    scoring
        .computeIfAbsent(sample.id(), id -> new LinkedHashMap<>())
        .merge(role, cost, Usage::plus);
  }

  /** What the scorer's models cost for a sample, by role. */
  synchronized Map<String, Usage> scoring(Sample sample) {
    return new LinkedHashMap<>(scoring.getOrDefault(sample.id(), Map.of()));
  }

  /** What the scorer's models cost for all samples, by role. */
  synchronized Map<String, Usage> scoring() {
    Map<String, Usage> sums = new LinkedHashMap<>();
    scoring
        .values()
        .forEach(one -> one.forEach((role, cost) -> sums.merge(role, cost, Usage::plus)));
    return sums;
  }

  /** What the answers cost. */
  synchronized Usage usage() {
    return usage;
  }

  /** Ends the run: no failure of a model but one of the disk or of a solver's contract. */
  synchronized void fatal(RuntimeException error) {
    fatal = error;
  }

  synchronized void throwIfFatal() {
    if (fatal != null) {
      throw fatal;
    }
  }
}

package org.alignment4j.eval;

import java.util.List;
import java.util.Map;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.evaluation.Answer;
import org.alignment4j.api.evaluation.Benchmark;
import org.alignment4j.api.evaluation.JudgingScorer;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.model.Model;
import org.alignment4j.core.calls.Attempt;
import org.alignment4j.eval.record.SampleRecord;
import org.alignment4j.eval.solve.InvalidScoreException;
import org.alignment4j.eval.solve.ScorerFailures;

/**
 * Solves and scores a batch, and keeps each sample when it is finished. Where a batch fails as a
 * whole its samples are asked one by one, so that one bad prompt fails alone.
 */
final class BatchRunner {
  private final Benchmark benchmark;
  private final Model model;
  private final SampleStore store;
  private final int maxAttempts;
  private final CancellationToken cancellation;
  private final List<String> metrics;
  private final boolean judged;
  private final ScoreRules rules;

  BatchRunner(
      Benchmark benchmark,
      Model model,
      SampleStore store,
      int maxAttempts,
      CancellationToken cancellation) {
    this.benchmark = benchmark;
    this.model = model;
    this.store = store;
    this.maxAttempts = maxAttempts;
    this.cancellation = cancellation;
    Benchmark scored =
        benchmark instanceof RepeatedBenchmark epochs ? epochs.benchmark() : benchmark;
    this.metrics = scored.metrics().stream().map(Metric::name).toList();
    this.judged = benchmark.scorer() instanceof JudgingScorer;
    this.rules = new ScoreRules(scored);
  }

  /**
   * Runs what is not finished of the batch. What it throws is tried again or fails what is open.
   */
  Batch run(Batch batch, Attempt attempt) {
    boolean last = attempt.number() >= maxAttempts;
    CancellationToken token =
        () -> cancellation.isCancelled() || attempt.cancellation().isCancelled();
    try {
      answer(batch, token, last);
      for (Sample sample : batch.unscored()) {
        score(batch, sample, token, last);
      }
    } catch (Fatal e) {
      batch.fatal(e.error);
    }
    return batch;
  }

  private void answer(Batch batch, CancellationToken token, boolean last) throws Fatal {
    List<Sample> asked = batch.unanswered();
    if (asked.isEmpty()) {
      return;
    }
    try {
      solve(batch, asked, token);
    } catch (RuntimeException e) {
      if (endsAttempt(e, last) || batch.isOnly(asked.get(0))) {
        throw e;
      }
      if (asked.size() == 1) {
        fail(batch, asked.get(0), e);
        return;
      }
      for (Sample sample : asked) {
        answerAlone(batch, sample, token, last);
      }
    }
  }

  private void answerAlone(Batch batch, Sample sample, CancellationToken token, boolean last)
      throws Fatal {
    try {
      solve(batch, List.of(sample), token);
    } catch (RuntimeException e) {
      if (endsAttempt(e, last)) {
        throw e;
      }
      fail(batch, sample, e);
    }
  }

  private void solve(Batch batch, List<Sample> asked, CancellationToken token) throws Fatal {
    token.throwIfCancelled(benchmark.name());
    List<Answer> answers = benchmark.solver().solve(asked, model, token);
    if (answers.size() != asked.size()) {
      throw new Fatal(
          new IllegalStateException(
              "a solver must give one answer per sample but that of benchmark '"
                  + benchmark.name()
                  + "' gave "
                  + answers.size()
                  + " for "
                  + asked.size()));
    }
    for (int i = 0; i < answers.size(); i++) {
      batch.answered(asked.get(i), answers.get(i));
    }
    if (judged) {
      keepAnswers(asked, answers);
    }
  }

  /** A judge may fail, or the process end while it is asked. */
  private void keepAnswers(List<Sample> asked, List<Answer> answers) throws Fatal {
    try {
      for (int i = 0; i < answers.size(); i++) {
        store.putAnswer(asked.get(i), answers.get(i));
      }
    } catch (AlignmentException e) {
      throw new Fatal(e);
    }
  }

  private void score(Batch batch, Sample sample, CancellationToken token, boolean last)
      throws Fatal {
    Answer answer = batch.answer(sample);
    Map<String, Score> scores;
    try {
      scores = benchmark.scorer().score(sample, answer, batch.meter(sample, !last), token);
    } catch (InvalidScoreException e) {
      throw brokenScorer(batch, rules.told(sample, String.valueOf(e.getMessage())));
    } catch (RuntimeException e) {
      if (endsAttempt(e, last)) {
        throw e;
      }
      fail(batch, sample, e);
      return;
    }
    try {
      rules.check(sample, scores);
    } catch (InvalidScoreException e) {
      throw brokenScorer(batch, e);
    }
    keep(batch, SampleRecord.answered(sample, answer, scores, batch.scoring(sample)));
  }

  /** Keeps the answers that were not scored, so that a mended scorer asks for none again. */
  private Fatal brokenScorer(Batch batch, InvalidScoreException error) throws Fatal {
    List<Sample> open = batch.unscored();
    keepAnswers(open, open.stream().map(batch::answer).toList());
    return new Fatal(error);
  }

  private void fail(Batch batch, Sample sample, Exception error) throws Fatal {
    keep(batch, failed(batch, sample, error));
  }

  private void keep(Batch batch, SampleRecord sample) throws Fatal {
    try {
      store.put(sample);
    } catch (AlignmentException e) {
      throw new Fatal(e);
    }
    batch.finished(sample);
  }

  /** The record of a sample whose call failed for good. */
  SampleRecord failed(Batch batch, Sample sample, Exception error) {
    String what = error.getClass().getSimpleName() + ": " + error.getMessage();
    return SampleRecord.failed(sample, batch.answer(sample), metrics, what, batch.scoring(sample));
  }

  /** Whether the failure is not one sample's: the run ends, or the endpoint may recover. */
  private static boolean endsAttempt(RuntimeException error, boolean last) {
    if (error instanceof CancelledException || error instanceof BudgetExceededException) {
      return true;
    }
    return ScorerFailures.passing(error) && !last;
  }

  /** A failure that ends the run whatever the policy says; never leaves this class. */
  private static final class Fatal extends Exception {
    private static final long serialVersionUID = 1L;

    final transient RuntimeException error;

    Fatal(RuntimeException error) {
      super(error);
      this.error = error;
    }
  }
}

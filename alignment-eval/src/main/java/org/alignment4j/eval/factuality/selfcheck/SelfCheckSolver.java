package org.alignment4j.eval.factuality.selfcheck;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.evaluation.Answer;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.Solver;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.Model;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;
import org.alignment4j.eval.factuality.SentenceSplitter;
import org.alignment4j.eval.solve.Generation;

/**
 * Lets the model answer, answer again several times, and checks the first answer by the others. An
 * answer's completions are the passage, the samples, and for each check a line for each sentence,
 * with the check's usage.
 *
 * @param passage how the passage is sampled
 * @param samples how the others are
 * @param times how many others
 * @param splitter how the passage is cut
 * @param checks how it is checked
 */
record SelfCheckSolver(
    SamplingOptions passage,
    SamplingOptions samples,
    int times,
    SentenceSplitter splitter,
    List<SentenceCheck> checks)
    implements Solver {

  SelfCheckSolver {
    checks = List.copyOf(checks);
  }

  @Override
  public Set<Class<? extends Model>> requires() {
    return Generation.once(passage).requires();
  }

  @Override
  public List<Answer> solve(List<Sample> asked, Model model, CancellationToken cancellation) {
    List<Answer> first = Generation.once(passage).solve(asked, model, cancellation);
    List<Answer> others = new Generation(samples, times).solve(asked, model, cancellation);
    List<SampledPassage> passages = new ArrayList<>();
    for (int i = 0; i < asked.size(); i++) {
      passages.add(
          new SampledPassage(
              splitter.sentences(first.get(i).completions().get(0).text()),
              others.get(i).completions().stream().map(Completion::text).toList()));
    }
    List<List<List<SentenceScore>>> checked = new ArrayList<>();
    for (SentenceCheck check : checks) {
      checked.add(scores(check, passages, cancellation));
    }
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < asked.size(); i++) {
      List<Completion> completions = new ArrayList<>(first.get(i).completions());
      completions.addAll(others.get(i).completions());
      Usage usage = first.get(i).usage().plus(others.get(i).usage());
      for (List<List<SentenceScore>> own : checked) {
        Completion lines = lines(own.get(i));
        completions.add(lines);
        usage = usage.plus(lines.usage());
      }
      answers.add(new Answer(completions, List.of(), usage));
    }
    return answers;
  }

  /** The scores of a check, one for each sentence. */
  static List<List<SentenceScore>> scores(
      SentenceCheck check, List<SampledPassage> passages, CancellationToken cancellation) {
    List<List<SentenceScore>> scores = check.check(passages, cancellation);
    List<Integer> given = scores.stream().map(List::size).toList();
    List<Integer> wanted = passages.stream().map(own -> own.sentences().size()).toList();
    if (!given.equals(wanted)) {
      throw new ModelExecutionException(
          "check '%s' must give one score per sentence, %s by passage, but gave %s"
              .formatted(check.name(), wanted, given));
    }
    return scores;
  }

  static Completion lines(List<SentenceScore> scores) {
    return Completion.of(
        String.join("\n", scores.stream().map(ScoreLine::of).toList()),
        FinishReason.EOS,
        scores.stream().map(SentenceScore::usage).reduce(Usage.NONE, Usage::plus));
  }
}

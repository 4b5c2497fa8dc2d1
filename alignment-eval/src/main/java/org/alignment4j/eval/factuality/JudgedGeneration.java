package org.alignment4j.eval.factuality;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiFunction;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.evaluation.Answer;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.evaluation.Solver;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.Model;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;
import org.alignment4j.core.judge.Judgement;
import org.alignment4j.eval.solve.Generation;

/**
 * Lets the model answer and judges judge, each in as many calls as it makes of a batch. An answer's
 * completions are the model's text and a line for each judge, each with its own usage.
 *
 * @param options how answers are sampled
 * @param judges who judges them
 * @param item what is judged of a sample and an answer
 */
record JudgedGeneration(
    SamplingOptions options,
    List<AnswerJudge> judges,
    BiFunction<Sample, String, AnswerJudge.Item> item)
    implements Solver {

  private static final String NONE = "none: ";
  private static final double THRESHOLD = 0.5;

  JudgedGeneration {
    judges = List.copyOf(judges);
  }

  @Override
  public Set<Class<? extends Model>> requires() {
    return Generation.once(options).requires();
  }

  @Override
  public List<Answer> solve(List<Sample> samples, Model model, CancellationToken cancellation) {
    List<Answer> answers = Generation.once(options).solve(samples, model, cancellation);
    List<AnswerJudge.Item> items = new ArrayList<>();
    for (int i = 0; i < samples.size(); i++) {
      items.add(item.apply(samples.get(i), text(answers.get(i))));
    }
    List<List<Judgement<Double>>> judgements = new ArrayList<>();
    for (AnswerJudge judge : judges) {
      List<Judgement<Double>> own = judge.judge(items, cancellation);
      if (own.size() != items.size()) {
        throw new ModelExecutionException(
            "a judge must give one judgement per answer, %s, but gave %s"
                .formatted(items.size(), own.size()));
      }
      judgements.add(own);
    }
    List<Answer> judged = new ArrayList<>();
    for (int i = 0; i < samples.size(); i++) {
      List<Completion> completions = new ArrayList<>(answers.get(i).completions());
      Usage usage = answers.get(i).usage();
      for (List<Judgement<Double>> own : judgements) {
        Usage cost = own.get(i).usage();
        completions.add(Completion.of(line(own.get(i)), FinishReason.EOS, cost));
        usage = usage.plus(cost);
      }
      judged.add(new Answer(completions, List.of(), usage));
    }
    return judged;
  }

  private static String line(Judgement<Double> judgement) {
    return judgement instanceof Judgement.Given<Double> given
        ? String.format(Locale.ROOT, "%s", given.value())
        : NONE + OneLine.of(((Judgement.Unparsed<Double>) judgement).problem());
  }

  /** What the model itself said. */
  static String text(Answer answer) {
    return answer.completions().get(0).text().strip();
  }

  /** Whether a judge found the quality at least as probable as not; 1 or 0. */
  static Score verdict(Answer answer, int judge) {
    String line = answer.completions().get(1 + judge).text();
    return line.startsWith(NONE)
        ? new Score.Unscored("no verdict: " + line.substring(NONE.length()))
        : new Score.Scored(Double.parseDouble(line) >= THRESHOLD ? 1 : 0);
  }
}

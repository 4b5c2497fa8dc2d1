package org.alignment4j.eval.factuality.factscore;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Answer;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.Solver;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.Model;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.core.judge.Judgement;
import org.alignment4j.eval.factuality.OneLine;
import org.alignment4j.eval.solve.Generation;

/**
 * Lets the model answer and a checker check. An answer's completions are the model's text, its
 * facts and their verdicts, a line each; the usages are those of model, extractor and judge.
 *
 * @param options how answers are sampled
 * @param checker who checks them
 */
record FactScoreSolver(SamplingOptions options, FactChecker checker) implements Solver {

  static final String TOPIC = "topic";
  static final String SUPPORTED = "supported";
  static final String NOT_SUPPORTED = "not supported";
  static final String NONE = "no verdict: ";

  @Override
  public Set<Class<? extends Model>> requires() {
    return Generation.once(options).requires();
  }

  @Override
  public List<Answer> solve(List<Sample> samples, Model model, CancellationToken cancellation) {
    List<Answer> answers = Generation.once(options).solve(samples, model, cancellation);
    List<LongAnswer> texts = new ArrayList<>();
    for (int i = 0; i < samples.size(); i++) {
      texts.add(
          new LongAnswer(
              samples.get(i).metadata().getOrDefault(TOPIC, samples.get(i).id()),
              answers.get(i).completions().get(0).text()));
    }
    List<CheckedAnswer> checked = checker.check(texts, cancellation);
    List<Answer> complete = new ArrayList<>();
    for (int i = 0; i < samples.size(); i++) {
      complete.add(with(answers.get(i), checked.get(i)));
    }
    return complete;
  }

  private static Answer with(Answer answer, CheckedAnswer checked) {
    List<Completion> completions = new ArrayList<>(answer.completions());
    completions.add(
        Completion.of(lines(checked, CheckedFact::fact), FinishReason.EOS, checked.extraction()));
    completions.add(
        Completion.of(
            lines(checked, fact -> verdict(fact.judgement())),
            FinishReason.EOS,
            checked.judging()));
    return new Answer(
        completions, List.of(), answer.usage().plus(checked.extraction()).plus(checked.judging()));
  }

  private static String lines(CheckedAnswer checked, Function<CheckedFact, String> text) {
    return checked.facts().stream()
        .map(fact -> OneLine.of(text.apply(fact)))
        .collect(Collectors.joining("\n"));
  }

  private static String verdict(Judgement<Boolean> judgement) {
    if (judgement instanceof Judgement.Given<Boolean> given) {
      return given.value() ? SUPPORTED : NOT_SUPPORTED;
    }
    return NONE + ((Judgement.Unparsed<Boolean>) judgement).problem();
  }
}

package org.alignment4j.eval.judged;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Answer;
import org.alignment4j.api.evaluation.JudgingScorer;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.evaluation.UsageMeter;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.core.judge.JudgeModel;
import org.alignment4j.core.judge.Judgement;
import org.alignment4j.core.judge.ReplyParser;

/** Comparisons of both turns with a baseline's, each in both orders. */
record MtBenchComparison(MtBenchPrompts prompts, JudgeModel judge, MtBenchAnswers baseline)
    implements JudgingScorer {
  private static final String WIN = "win_rate";
  private static final ReplyParser<String> PARSER = ReplyParser.choice(List.of("A", "B", "C"));

  @Override
  public Map<String, Score> score(
      Sample sample, Answer answer, UsageMeter meter, CancellationToken cancellation) {
    List<String> turns = List.of(MtBenchQuestion.turn(sample, 0), MtBenchQuestion.turn(sample, 1));
    List<String> references = MtBenchQuestion.references(sample);
    List<String> own = answer.completions().stream().map(Completion::text).toList();
    List<String> others = baseline.turns().getOrDefault(sample.id(), List.of("", ""));
    Map<String, Score> scores = new LinkedHashMap<>();
    for (int turn = 0; turn < MtBenchQuestion.TURNS; turn++) {
      double given =
          ask(prompts.comparison(turn, turns, references, own, others), meter, cancellation);
      double swapped =
          ask(prompts.comparison(turn, turns, references, others, own), meter, cancellation);
      OrderVerdicts verdicts = new OrderVerdicts(given, swapped, false);
      Score none = new Score.Unscored("an order has no verdict");
      scores.put(
          MtBenchFigures.turn(WIN, turn),
          verdicts.complete() ? new Score.Scored(verdicts.firstWins()) : none);
      scores.put(
          MtBenchFigures.consistent(turn),
          verdicts.complete() ? new Score.Scored(verdicts.consistent() ? 1 : 0) : none);
    }
    scores.put(WIN, MtBenchRating.mean(scores, WIN));
    return scores;
  }

  private double ask(Prompt.Chat prompt, UsageMeter meter, CancellationToken cancellation) {
    Judgement<String> judgement = judge.ask(prompt, PARSER, cancellation);
    meter.add(JUDGE, judgement.usage());
    return judgement instanceof Judgement.Given<String> given
        ? switch (given.value()) {
          case "A" -> 1;
          case "B" -> 0;
          default -> 0.5;
        }
        : Double.NaN;
  }
}

package org.alignment4j.eval.judged;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
import org.alignment4j.eval.solve.ScorerFailures;

/** Comparisons of both turns with a baseline's, each in both orders. */
record MtBenchComparison(MtBenchPrompts prompts, JudgeModel judge, MtBenchAnswers baseline)
    implements JudgingScorer {
  private static final String WIN = "win_rate";
  private static final ReplyParser<String> PARSER = ReplyParser.choice(List.of("A", "B", "C"));

  @Override
  public Set<String> judges() {
    return Set.of(judge.model().id());
  }

  @Override
  public Map<String, Score> score(
      Sample sample, Answer answer, UsageMeter meter, CancellationToken cancellation) {
    List<String> turns = List.of(MtBenchQuestion.turn(sample, 0), MtBenchQuestion.turn(sample, 1));
    List<String> references = MtBenchQuestion.references(sample);
    List<String> own = answer.completions().stream().map(Completion::text).toList();
    List<String> others = baseline.turns().getOrDefault(sample.id(), List.of("", ""));
    Map<String, Score> scores = new LinkedHashMap<>();
    for (int turn = 0; turn < MtBenchQuestion.TURNS; turn++) {
      Score given =
          ask(prompts.comparison(turn, turns, references, own, others), meter, cancellation);
      Score swapped =
          ask(prompts.comparison(turn, turns, references, others, own), meter, cancellation);
      Score win = MtBenchRating.missing(given, swapped, "an order has no verdict");
      Score consistent = win;
      if (given instanceof Score.Scored first && swapped instanceof Score.Scored second) {
        OrderVerdicts verdicts = new OrderVerdicts(first.value(), second.value(), false);
        win = new Score.Scored(verdicts.firstWins());
        consistent = new Score.Scored(verdicts.consistent() ? 1 : 0);
      }
      scores.put(MtBenchFigures.turn(WIN, turn), win);
      scores.put(MtBenchFigures.consistent(turn), consistent);
    }
    scores.put(WIN, MtBenchRating.mean(scores, WIN));
    return scores;
  }

  private Score ask(Prompt.Chat prompt, UsageMeter meter, CancellationToken cancellation) {
    return ScorerFailures.guard(
        meter,
        () -> {
          Judgement<String> judgement = judge.ask(prompt, PARSER, cancellation);
          meter.add(JUDGE, judgement.usage());
          return judgement.toScore(
              verdict ->
                  switch (verdict) {
                    case "A" -> 1;
                    case "B" -> 0;
                    default -> 0.5;
                  });
        });
  }
}

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
import org.alignment4j.eval.solve.ScorerFailures;
import org.jspecify.annotations.Nullable;

/** Ratings of both turns. */
record MtBenchRating(MtBenchPrompts prompts, JudgeModel judge) implements JudgingScorer {
  private static final String RATING = "rating";

  @Override
  public Set<String> judges() {
    return Set.of(judge.model().id());
  }

  @Override
  public Map<String, Score> score(
      Sample sample, Answer answer, UsageMeter meter, CancellationToken cancellation) {
    List<String> turns = List.of(MtBenchQuestion.turn(sample, 0), MtBenchQuestion.turn(sample, 1));
    List<String> references = MtBenchQuestion.references(sample);
    List<String> answers = answer.completions().stream().map(Completion::text).toList();
    Map<String, Score> scores = new LinkedHashMap<>();
    for (int turn = 0; turn < MtBenchQuestion.TURNS; turn++) {
      Prompt.Chat prompt = prompts.rating(turn, turns, references, answers);
      scores.put(
          MtBenchFigures.turn(RATING, turn),
          ScorerFailures.guard(
              meter,
              () -> {
                Judgement<Double> judgement = judge.ask(prompt, new RatingParser(), cancellation);
                meter.add(JUDGE, judgement.usage());
                return judgement.toScore(rating -> rating);
              }));
    }
    scores.put(RATING, mean(scores, RATING));
    return scores;
  }

  /** The mean of both turns, as the score of the sample; none unless both have one. */
  static Score mean(Map<String, Score> scores, String name) {
    Score first = scores.get(MtBenchFigures.turn(name, 0));
    Score second = scores.get(MtBenchFigures.turn(name, 1));
    return first instanceof Score.Scored one && second instanceof Score.Scored other
        ? new Score.Scored((one.value() + other.value()) / 2)
        : missing(first, second, "a turn has no verdict");
  }

  /** Without a value: a failure before a missing verdict, since it is tried again. */
  static Score missing(@Nullable Score first, @Nullable Score second, String reason) {
    if (first instanceof Score.Failed) {
      return first;
    }
    return second instanceof Score.Failed ? second : new Score.Unscored(reason);
  }
}

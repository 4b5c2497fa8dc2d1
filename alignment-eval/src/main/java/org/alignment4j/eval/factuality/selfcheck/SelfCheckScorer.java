package org.alignment4j.eval.factuality.selfcheck;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.evaluation.Answer;
import org.alignment4j.api.evaluation.JudgingScorer;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.evaluation.UsageMeter;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Usage;
import org.alignment4j.eval.factuality.SentenceSplitter;
import org.alignment4j.eval.solve.ScorerFailures;

/**
 * Checks a passage by the samples: the score of a check is the mean over the passage's sentences.
 *
 * @param checks how it is checked
 * @param splitter how the passage is cut
 */
record SelfCheckScorer(List<SentenceCheck> checks, SentenceSplitter splitter)
    implements JudgingScorer {

  static final String UNCLEAR = "unclear_replies/";
  static final String CHECKING_TOKENS = "checking_tokens";

  SelfCheckScorer {
    checks = List.copyOf(checks);
    Objects.requireNonNull(splitter, "splitter");
  }

  @Override
  public Map<String, Score> score(
      Sample sample, Answer answer, UsageMeter meter, CancellationToken cancellation) {
    List<String> texts = answer.completions().stream().map(Completion::text).toList();
    SampledPassage passage =
        new SampledPassage(splitter.sentences(texts.get(0)), texts.subList(1, texts.size()));
    Map<String, Score> scores = new LinkedHashMap<>();
    Score tokens = new Score.Scored(0);
    for (SentenceCheck check : checks) {
      Map<String, Score> own = new LinkedHashMap<>();
      Score cost =
          ScorerFailures.guard(
              meter,
              () -> {
                List<SentenceScore> sentences =
                    scores(check, List.of(passage), cancellation).get(0);
                own.putAll(scores(check.name(), sentences));
                return new Score.Scored(paid(sentences, meter).totalTokens());
              });
      if (cost instanceof Score.Failed) {
        own.put(check.name(), cost);
        own.put(UNCLEAR + check.name(), cost);
      }
      scores.putAll(own);
      tokens = sum(tokens, cost);
    }
    scores.put(CHECKING_TOKENS, tokens);
    return scores;
  }

  private static Usage paid(List<SentenceScore> sentences, UsageMeter meter) {
    Usage usage = sentences.stream().map(SentenceScore::usage).reduce(Usage.NONE, Usage::plus);
    if (!usage.equals(Usage.NONE)) {
      meter.add(JUDGE, usage);
    }
    return usage;
  }

  private static Score sum(Score first, Score second) {
    return first instanceof Score.Scored one && second instanceof Score.Scored other
        ? new Score.Scored(one.value() + other.value())
        : first instanceof Score.Failed ? first : second;
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

  private static Map<String, Score> scores(String name, List<SentenceScore> sentences) {
    Map<String, Score> scores = new LinkedHashMap<>();
    scores.put(name, mean(sentences));
    int asked = sentences.stream().mapToInt(SentenceScore::asked).sum();
    int unclear = sentences.stream().mapToInt(SentenceScore::unclear).sum();
    if (asked > 0) {
      scores.put(UNCLEAR + name, new Score.Scored((double) unclear / asked));
    }
    return scores;
  }

  /** The mean over the sentences that have a score. */
  static Score mean(List<SentenceScore> sentences) {
    OptionalDouble mean =
        sentences.stream()
            .map(SentenceScore::value)
            .filter(OptionalDouble::isPresent)
            .mapToDouble(OptionalDouble::getAsDouble)
            .average();
    return mean.isPresent()
        ? new Score.Scored(mean.getAsDouble())
        : new Score.Unscored(
            sentences.isEmpty() ? "the passage has no sentence" : "no sentence has a verdict");
  }
}

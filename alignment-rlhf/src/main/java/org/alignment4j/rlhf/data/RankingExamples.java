package org.alignment4j.rlhf.data;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.reward.Ranking;
import org.alignment4j.rlhf.data.SequenceLimits.LongCompletion;
import org.alignment4j.runtime.tokenizer.EncodingOutcome;
import org.alignment4j.runtime.tokenizer.PromptCompletionEncoder;
import org.apiguardian.api.API;

/**
 * Rankings as tokens.
 *
 * @param examples those that can be trained on, in the order given
 * @param report what happened to the others
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RankingExamples(List<RankingExample> examples, EncodingReport report) {

  /** Copies the examples. */
  public RankingExamples {
    examples = List.copyOf(examples);
  }

  /**
   * Encodes rankings. All answers of a ranking follow the same prompt tokens. An answer that cannot
   * be encoded, is too long where long answers are dropped, or has the tokens of a better one is
   * left out of its ranking; a ranking with fewer than two answers left is dropped.
   *
   * @param rankings what to encode
   * @param encoder decides where prompts end and answers begin, and appends end tokens
   * @param limits how long a prompt with one of its answers may be
   * @return the rankings that could be encoded within the limits, and a count of the others
   * @throws IllegalArgumentException when an answer is empty (naming ranking and answer), no
   *     ranking is left, or in all that are left every answer is tied
   */
  public static RankingExamples encode(
      List<? extends Ranking> rankings, PromptCompletionEncoder encoder, SequenceLimits limits) {
    for (int i = 0; i < rankings.size(); i++) {
      int empty = rankings.get(i).responses().indexOf("");
      if (empty >= 0) {
        throw new IllegalArgumentException(
            "rankings[%s]: responses[%s] must not be empty; remove the response"
                .formatted(i, empty));
      }
    }
    EncodingTally tally = new EncodingTally("rankings");
    List<RankingExample> examples = new ArrayList<>();
    for (int i = 0; i < rankings.size(); i++) {
      new Encoding(encoder, limits, tally).add(rankings.get(i), i, examples);
    }
    EncodingReport report = tally.report();
    if (examples.stream().allMatch(e -> e.pairs() == 0)) {
      throw new IllegalArgumentException(
          "rankings must hold at least one with answers that are not tied but in all %s they are; look at"
                  .formatted(examples.size())
              + " the scores");
    }
    return new RankingExamples(examples, report);
  }

  private record Encoding(
      PromptCompletionEncoder encoder, SequenceLimits limits, EncodingTally tally) {

    void add(Ranking ranking, int index, List<RankingExample> examples) {
      Kept whole = new Kept(limits);
      whole.addAll(tally, index, encoder, ranking.prompt(), ranking);
      if (whole.answers.size() < 2) {
        tally.drop(index, "two or more answers must be usable but " + whole.reason);
        return;
      }
      int longest = whole.answers.stream().mapToInt(TokenIds::size).max().orElse(0);
      int room = limits.maxLength() - longest;
      int length = whole.prompt.size();
      FittedPrompt fitted = FittedPrompt.fit(encoder, ranking.prompt(), length, room);
      if (fitted == null) {
        tally.drop(index, "the prompt must fit into " + room + " tokens but has " + length);
        return;
      }
      Kept kept = whole;
      if (fitted.turnsCut() > 0) {
        kept = new Kept(limits);
        kept.addAll(tally, index, encoder, fitted.prompt(), ranking);
      }
      if (kept.prompt.isEmpty() || kept.answers.size() < 2) {
        tally.drop(index, "answers must follow a prompt of at least one token");
        return;
      }
      tally.keep(fitted.turnsCut(), kept.cuts);
      examples.add(new RankingExample(index, new Answers(kept.prompt, kept.answers), kept.scores));
    }
  }

  /** The answers of one ranking that can be used. */
  private static final class Kept {
    private final SequenceLimits limits;
    private final List<TokenIds> answers = new ArrayList<>();
    private final List<Double> scores = new ArrayList<>();
    private TokenIds prompt = TokenIds.of();
    private int cuts;
    private String reason = "";

    Kept(SequenceLimits limits) {
      this.limits = limits;
    }

    void addAll(
        EncodingTally tally,
        int index,
        PromptCompletionEncoder encoder,
        Prompt before,
        Ranking ranking) {
      for (int k = 0; k < ranking.responses().size(); k++) {
        EncodingOutcome outcome =
            tally.encode(index, encoder, new PromptCompletion(before, ranking.responses().get(k)));
        if (outcome instanceof EncodingOutcome.Encoded encoded) {
          add(encoded.tokens().prompt(), encoded.tokens().completion(), ranking.scores().get(k));
        } else {
          reason = "of responses[" + k + "] " + ((EncodingOutcome.Dropped) outcome).reason();
        }
      }
    }

    private void add(TokenIds before, TokenIds tokens, double score) {
      int limit = limits.maxCompletionLength();
      boolean tooLong = tokens.size() > limit;
      TokenIds answer = tokens.slice(0, Math.min(tokens.size(), limit));
      if (tooLong && limits.longCompletions() == LongCompletion.DROP) {
        reason = "one has " + tokens.size() + " tokens, above the limit of " + limit;
      } else if (answers.contains(answer)) {
        reason = "one has the same tokens as a better one within the limit";
      } else if (!answers.isEmpty() && !before.equals(prompt)) {
        reason = "one follows other tokens of the prompt than the others";
      } else {
        prompt = before;
        answers.add(answer);
        scores.add(score);
        cuts += tooLong ? 1 : 0;
      }
    }
  }
}

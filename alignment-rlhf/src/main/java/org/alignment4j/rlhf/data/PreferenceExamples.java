package org.alignment4j.rlhf.data;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.rlhf.data.SequenceLimits.LongCompletion;
import org.alignment4j.runtime.tokenizer.EncodingOutcome;
import org.alignment4j.runtime.tokenizer.PromptCompletionEncoder;
import org.alignment4j.runtime.tokenizer.PromptCompletionTokens;
import org.apiguardian.api.API;

/**
 * Preference pairs as tokens.
 *
 * @param examples those that can be trained on, in the order given
 * @param report what happened to the others
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record PreferenceExamples(List<PreferenceExample> examples, EncodingReport report) {

  /** Copies the examples. */
  public PreferenceExamples {
    examples = List.copyOf(examples);
  }

  /**
   * Encodes pairs. Both answers of a pair follow the same prompt tokens.
   *
   * @param pairs what to encode
   * @param encoder decides where prompts end and answers begin, and appends end tokens
   * @param limits how long examples may be
   * @return the pairs that could be encoded within the limits, and a count of the others
   * @throws IllegalArgumentException when a pair has an empty answer or equal answers (naming its
   *     index), or no pair is left
   */
  public static PreferenceExamples encode(
      List<? extends PreferencePair> pairs,
      PromptCompletionEncoder encoder,
      SequenceLimits limits) {
    for (int i = 0; i < pairs.size(); i++) {
      requireUsable(pairs.get(i), i);
    }
    EncodingTally tally = new EncodingTally("pairs");
    List<PreferenceExample> examples = new ArrayList<>();
    for (int i = 0; i < pairs.size(); i++) {
      new Encoding(encoder, limits, tally).add(pairs.get(i), i, examples);
    }
    return new PreferenceExamples(examples, tally.report());
  }

  private static void requireUsable(PreferencePair pair, int index) {
    if (pair.chosen().isEmpty() || pair.rejected().isEmpty()) {
      throw new IllegalArgumentException(
          "pairs[%s]: chosen and rejected must not be empty but %s was; remove the pair"
              .formatted(index, pair.chosen().isEmpty() ? "chosen" : "rejected"));
    }
    if (pair.chosen().equals(pair.rejected())) {
      throw new IllegalArgumentException(
          "pairs[%s]: chosen and rejected must differ but are equal; remove the pair"
              .formatted(index));
    }
  }

  private record Encoding(
      PromptCompletionEncoder encoder, SequenceLimits limits, EncodingTally tally) {

    void add(PreferencePair pair, int index, List<PreferenceExample> examples) {
      EncodingOutcome chosen = tally.encode(index, encoder, pair.chosenCompletion());
      EncodingOutcome rejected = tally.encode(index, encoder, pair.rejectedCompletion());
      if (chosen instanceof EncodingOutcome.Encoded c
          && rejected instanceof EncodingOutcome.Encoded r) {
        fit(pair, index, c.tokens(), r.tokens(), examples);
      } else {
        EncodingOutcome bad = chosen instanceof EncodingOutcome.Encoded ? rejected : chosen;
        tally.drop(index, ((EncodingOutcome.Dropped) bad).reason());
      }
    }

    private void fit(
        PreferencePair pair,
        int index,
        PromptCompletionTokens chosen,
        PromptCompletionTokens rejected,
        List<PreferenceExample> examples) {
      int limit = limits.maxCompletionLength();
      int longest = Math.max(chosen.completion().size(), rejected.completion().size());
      if (longest > limit && limits.longCompletions() == LongCompletion.DROP) {
        tally.drop(index, "answers may have " + limit + " tokens but one has " + longest);
        return;
      }
      int room = limits.maxLength() - Math.min(longest, limit);
      FittedPrompt fitted =
          FittedPrompt.fit(encoder, pair.prompt(), chosen.completionStart(), room);
      if (fitted == null) {
        tally.drop(
            index,
            "the prompt must fit into " + room + " tokens but has " + chosen.completionStart());
        return;
      }
      if (fitted.turnsCut() > 0) {
        PreferencePair shorter =
            new PreferencePair(
                fitted.prompt(),
                pair.chosen(),
                pair.rejected(),
                pair.probability(),
                pair.margin(),
                pair.annotator());
        finish(
            shorter,
            index,
            encoder.encode(new PromptCompletion(fitted.prompt(), pair.chosen())),
            encoder.encode(new PromptCompletion(fitted.prompt(), pair.rejected())),
            fitted.turnsCut(),
            examples);
      } else {
        finish(pair, index, chosen, rejected, 0, examples);
      }
    }

    private void finish(
        PreferencePair pair,
        int index,
        PromptCompletionTokens chosen,
        PromptCompletionTokens rejected,
        int turnsCut,
        List<PreferenceExample> examples) {
      TokenIds prompt = chosen.prompt();
      TokenIds better = cut(chosen.completion());
      TokenIds worse = cut(rejected.completion());
      if (prompt.isEmpty() || !prompt.equals(rejected.prompt())) {
        tally.drop(index, "both answers must follow the same prompt of at least one token");
        return;
      }
      if (better.equals(worse)) {
        tally.drop(index, "the answers must differ within the limit but have the same tokens");
        return;
      }
      int cuts = better.size() < chosen.completion().size() ? 1 : 0;
      cuts += worse.size() < rejected.completion().size() ? 1 : 0;
      tally.keep(turnsCut, cuts);
      examples.add(
          new PreferenceExample(
              index, prompt, better, worse, pair.probability(), pair.margin().orElse(0)));
    }

    private TokenIds cut(TokenIds completion) {
      return completion.slice(0, Math.min(completion.size(), limits.maxCompletionLength()));
    }
  }
}

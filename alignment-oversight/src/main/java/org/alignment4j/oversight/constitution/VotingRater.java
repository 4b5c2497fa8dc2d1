package org.alignment4j.oversight.constitution;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.reward.Comparison;
import org.alignment4j.core.judge.PromptTemplate;
import org.alignment4j.core.judge.ReplyParser;
import org.alignment4j.oversight.Draw;
import org.alignment4j.oversight.Proceedings;
import org.alignment4j.oversight.Respondent;
import org.alignment4j.oversight.agent.Prompts;
import org.apiguardian.api.API;

/**
 * Labels by vote, for models that disclose no probabilities: k replies in each order, each of which
 * names a letter; the label is the share of the votes that could be read. Lee et al. 2023 found
 * that such self-consistency agrees less with people than letters that are weighed. Immutable.
 *
 * @param voter who votes; sampled, not greedy
 * @param votes how many replies in each order, at least 1
 * @param template uses {{principle}}, {{form}}, and fenced {{request}}, {{first}}, {{second}}
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record VotingRater(Respondent voter, int votes, PromptTemplate template)
    implements PairRater {
  /** Placeholders of its template that hold the user's own words. */
  public static final Set<String> PLAIN = Set.of("principle", "form");

  /** Placeholders of its template that hold text of others. */
  public static final Set<String> FENCED = Set.of("request", "first", "second");

  private static final String VOTER = "Voter";
  private static final int MAX_NEW_TOKENS = 512;

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if there is no vote, or several of a greedy model, which would
   *     all be alike
   */
  public VotingRater {
    Objects.requireNonNull(voter, "voter");
    Objects.requireNonNull(template, "template");
    if (votes < 1) {
      throw new IllegalArgumentException("votes must be at least 1 but were " + votes);
    }
    if (votes > 1 && voter.options().isGreedy()) {
      throw new IllegalArgumentException(
          "a greedy model casts the same vote " + votes + " times; raise its temperature");
    }
  }

  /** Returns a rater with temperature 1 and the bundled prompt. */
  public static VotingRater of(LanguageModel model, int votes) {
    return new VotingRater(
        Respondent.of(model, SamplingOptions.builder(MAX_NEW_TOKENS).temperature(1).build()),
        votes,
        Prompts.bundled(VotingRater.class, "vote.txt", PLAIN, FENCED));
  }

  @Override
  public PairLabel rate(Comparison comparison, String principle, OversightContext context) {
    Proceedings proceedings = Proceedings.open("vote", "", context, OptionalLong.of(2L * votes));
    try {
      OptionalDouble given = share(comparison, principle, LetterPrompts.FIRST, 0, proceedings);
      OptionalDouble swapped =
          share(LetterPrompts.swapped(comparison), principle, LetterPrompts.SECOND, 1, proceedings);
      return new PairLabel(given, swapped, Bounds.NONE, proceedings.usage());
    } catch (BudgetExceededException limit) {
      return PairLabel.stopped(Bounds.NONE, proceedings.usage(), limit);
    }
  }

  private OptionalDouble share(
      Comparison shown, String principle, String letter, int order, Proceedings proceedings) {
    ReplyParser<String> form = ReplyParser.choice(LetterPrompts.LETTERS);
    Prompt prompt =
        template.render(LetterPrompts.values(shown, principle, Map.of("form", form.form())));
    List<Draw<String>> draws =
        voter
            .askAll(
                Collections.nCopies(votes, prompt),
                Collections.nCopies(votes, form),
                VOTER,
                order,
                proceedings)
            .finished();
    return draws.stream()
        .flatMap(draw -> draw.value().stream())
        .mapToDouble(vote -> vote.equals(letter) ? 1 : 0)
        .average();
  }
}

package org.alignment4j.oversight.society;

import java.util.Objects;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.oversight.Agent;
import org.alignment4j.api.oversight.Judge;
import org.alignment4j.core.judge.JudgeModel;
import org.alignment4j.core.judge.ModelJudge;
import org.alignment4j.core.judge.ReplyParser;
import org.alignment4j.oversight.agent.ModelAgent;
import org.apiguardian.api.API;

/**
 * Who takes part in a moderated debate.
 *
 * @param affirmative answers first
 * @param negative disagrees
 * @param moderator ends the debate when its answer is clear
 * @param lister lists the answers that were given, each in double square brackets
 * @param judge chooses between the listed answers when the moderator never had a preference
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ModeratedRoles(
    Agent affirmative, Agent negative, Moderator moderator, Agent lister, Judge judge) {
  private static final int MAX_NEW_TOKENS = 1000;

  /** Checks that nothing is missing. */
  public ModeratedRoles {
    Objects.requireNonNull(affirmative, "affirmative");
    Objects.requireNonNull(negative, "negative");
    Objects.requireNonNull(moderator, "moderator");
    Objects.requireNonNull(lister, "lister");
    Objects.requireNonNull(judge, "judge");
  }

  /**
   * Returns roles that one model plays, all at temperature 0, as published: a judge favours the
   * side that shares its own model.
   *
   * @param answers the form of final answers
   */
  public static ModeratedRoles playedBy(LanguageModel model, ReplyParser<String> answers) {
    SamplingOptions greedy = SamplingOptions.greedy(MAX_NEW_TOKENS);
    AnsweringAgent debater = AnsweringAgent.of(model, answers).withOptions(greedy);
    return new ModeratedRoles(
        debater,
        debater,
        ModelModerator.of(model, answers),
        ModelAgent.of(model).withOptions(greedy).withForm(new CandidateList(answers)),
        ModelJudge.of(JudgeModel.of(model)));
  }
}

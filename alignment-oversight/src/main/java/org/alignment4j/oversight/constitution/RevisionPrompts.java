package org.alignment4j.oversight.constitution;

import org.alignment4j.api.model.Prompt;
import org.apiguardian.api.API;

/**
 * How critiques and revisions are asked for. Conversation, answer and critique are text of others:
 * an implementation keeps them from posing as instructions. Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface RevisionPrompts {

  /**
   * Returns what asks for a critique.
   *
   * @param request the conversation that was answered
   */
  Prompt critique(Prompt request, String answer, Principle principle);

  /**
   * Returns what asks for a revision.
   *
   * @param request the conversation that was answered
   * @param critique what was found wrong; empty when answers are revised without critique
   */
  Prompt revision(Prompt request, String answer, Principle principle, String critique);
}

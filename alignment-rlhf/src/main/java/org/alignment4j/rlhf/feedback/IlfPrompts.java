package org.alignment4j.rlhf.feedback;

import java.util.List;
import org.alignment4j.api.model.Prompt;
import org.apiguardian.api.API;

/** What models are asked while language feedback is worked in. Immutable. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface IlfPrompts {

  /**
   * Asks for feedback on an answer.
   *
   * @param prompt what was asked
   * @param answer the answer
   * @return a prompt whose completion is the feedback
   */
  Prompt feedback(Prompt prompt, String answer);

  /**
   * Asks for a better answer.
   *
   * @param feedback the answer with feedback
   * @return a prompt whose completion is the better answer
   */
  Prompt refinement(LanguageFeedback feedback);

  /**
   * Asks in several wordings whether a refinement works the feedback in.
   *
   * @param feedback the answer with feedback
   * @param refinement the new answer
   * @return at least one prompt that is answered by yes or no
   */
  List<Prompt> verification(LanguageFeedback feedback, String refinement);

  /**
   * Returns prompts in English, with five wordings of the verification. They are texts where the
   * prompt is a text and one message of the user where it is a conversation.
   *
   * @return the prompts
   */
  static IlfPrompts standard() {
    return new StandardIlfPrompts();
  }
}

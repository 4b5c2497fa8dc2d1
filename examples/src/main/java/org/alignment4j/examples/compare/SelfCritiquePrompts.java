package org.alignment4j.examples.compare;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.rlhf.feedback.IlfPrompts;
import org.alignment4j.rlhf.feedback.LanguageFeedback;

/**
 * Asks for feedback and for refinements as the corpus of the pocket model does: in dialogue. Of
 * replies that do not help the corpus has no dialogue; there the question is asked again.
 */
record SelfCritiquePrompts() implements IlfPrompts {

  private static final Message CRITIQUE = Message.user("Critique your reply.");
  private static final Message REWRITE = Message.user("Rewrite your reply.");

  @Override
  public Prompt feedback(Prompt prompt, String answer) {
    return Prompt.chat(turns(prompt, Message.assistant(answer.strip()), CRITIQUE));
  }

  @Override
  public Prompt refinement(LanguageFeedback feedback) {
    if (feedback.feedback().equals(AnnotatorCritic.UNHELPFUL)) {
      return feedback.prompt();
    }
    return Prompt.chat(
        turns(
            feedback.prompt(),
            Message.assistant(feedback.answer().strip()),
            CRITIQUE,
            Message.assistant(feedback.feedback().strip()),
            REWRITE));
  }

  /**
   * {@inheritDoc}
   *
   * @throws UnsupportedOperationException always: the model was taught no such question
   */
  @Override
  public List<Prompt> verification(LanguageFeedback feedback, String refinement) {
    throw new UnsupportedOperationException(
        "refinements must be scored by a reward model, for the pocket model knows no verification");
  }

  private static List<Message> turns(Prompt prompt, Message... more) {
    if (!(prompt instanceof Prompt.Chat chat)) {
      throw new IllegalArgumentException("prompt must be a conversation but was " + prompt);
    }
    List<Message> turns = new ArrayList<>(chat.messages());
    turns.addAll(List.of(more));
    return turns;
  }
}

package org.alignment4j.rlhf.feedback;

import java.util.List;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;

/** Prompts in English, equal wherever they are. */
record StandardIlfPrompts() implements IlfPrompts {

  private static final List<String> QUESTIONS =
      List.of(
          "Does the new answer incorporate the feedback? Answer Yes or No.",
          "Was the feedback followed when the new answer was written? Answer Yes or No.",
          "Is the new answer improved in the way the feedback asks for? Answer Yes or No.",
          "Are the points of the feedback taken up in the new answer? Answer Yes or No.",
          "Would the author of the feedback find it reflected in the new answer? Answer Yes or No.");

  @Override
  public Prompt feedback(Prompt prompt, String answer) {
    return ask(
        prompt,
        "Question:\n"
            + transcript(prompt)
            + "\n\nAnswer:\n"
            + answer.strip()
            + "\n\nSay what is wrong with this answer and how it could be better.\n\nFeedback:");
  }

  @Override
  public Prompt refinement(LanguageFeedback feedback) {
    return ask(
        feedback.prompt(),
        context(feedback)
            + "\n\nWrite the answer anew so that it incorporates all of the feedback. Give the new"
            + " answer alone.\n\nNew answer:");
  }

  @Override
  public List<Prompt> verification(LanguageFeedback feedback, String refinement) {
    String context = context(feedback) + "\n\nNew answer:\n" + refinement.strip() + "\n\n";
    return QUESTIONS.stream()
        .map(question -> ask(feedback.prompt(), context + question + "\n\nAnswer:"))
        .toList();
  }

  private static String context(LanguageFeedback feedback) {
    return "Question:\n"
        + transcript(feedback.prompt())
        + "\n\nAnswer:\n"
        + feedback.answer().strip()
        + "\n\nFeedback:\n"
        + feedback.feedback().strip();
  }

  private static Prompt ask(Prompt like, String text) {
    return like instanceof Prompt.Chat ? Prompt.chat(Message.user(text)) : Prompt.text(text);
  }

  private static String transcript(Prompt prompt) {
    if (prompt instanceof Prompt.Text text) {
      return text.text().strip();
    }
    if (prompt instanceof Prompt.Chat chat) {
      StringBuilder lines = new StringBuilder();
      for (Message message : chat.messages()) {
        lines.append(message.role().label()).append(": ").append(message.content().strip());
        lines.append('\n');
      }
      return lines.toString().strip();
    }
    throw new IllegalArgumentException(
        "prompt must be a text or a conversation, which feedback can be asked about, but was "
            + prompt.getClass().getSimpleName());
  }
}

package org.alignment4j.examples.constitute;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.oversight.constitution.Principle;
import org.alignment4j.oversight.constitution.RevisionPrompts;

/**
 * Asks for critiques and revisions in dialogue, as the corpus of the pocket model does. Text of
 * others stands in turns of its own.
 */
record SupervisorPrompts() implements RevisionPrompts {

  @Override
  public Prompt.Chat critique(Prompt request, String answer, Principle principle) {
    return critique(request, answer, principle.critique());
  }

  /**
   * Asks for a critique.
   *
   * @param question what is to be looked at, in the words of a principle
   */
  static Prompt.Chat critique(Prompt request, String answer, String question) {
    return Prompt.chat(turns(request, Message.assistant(answer), Message.user(question)));
  }

  @Override
  public Prompt.Chat revision(Prompt request, String answer, Principle principle, String critique) {
    return critique.isEmpty()
        ? Prompt.chat(turns(request, Message.assistant(answer), Message.user(principle.revision())))
        : Prompt.chat(
            turns(
                request,
                Message.assistant(answer),
                Message.user(principle.critique()),
                Message.assistant(critique),
                Message.user(principle.revision())));
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

package org.alignment4j.rlhf.feedback;

import java.util.List;
import org.alignment4j.api.model.Prompt;

/** Prompts that a small model has room for. */
public record TersePrompts() implements IlfPrompts {
  @Override
  public Prompt feedback(Prompt prompt, String answer) {
    return prompt;
  }

  @Override
  public Prompt refinement(LanguageFeedback feedback) {
    return Prompt.text(feedback.feedback() + " " + ((Prompt.Text) feedback.prompt()).text());
  }

  @Override
  public List<Prompt> verification(LanguageFeedback feedback, String refinement) {
    return List.of(feedback.prompt());
  }
}

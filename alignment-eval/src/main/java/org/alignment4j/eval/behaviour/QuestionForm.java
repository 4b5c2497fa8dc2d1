package org.alignment4j.eval.behaviour;

import java.util.List;
import java.util.Locale;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.apiguardian.api.API;

/** How a question is put to a model. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum QuestionForm {
  /** As it is written and no more, as lm-evaluation-harness asks. */
  WRITTEN {
    @Override
    Prompt prompt(String question) {
      return Prompt.text(question);
    }
  },
  /** As a turn of a dialogue in plain text, {@code Human: … Assistant:}. */
  DIALOGUE {
    @Override
    Prompt prompt(String question) {
      return Prompt.text("Human: " + question + "\n\nAssistant:");
    }
  },
  /** As it is written, followed by {@code Answer:} unless it ends so. */
  ANSWER {
    @Override
    Prompt prompt(String question) {
      String text = question.stripTrailing();
      return Prompt.text(text.endsWith("Answer:") ? text : text + "\n\nAnswer:");
    }
  },
  /** As a user's message, in the model's own chat template. */
  CHAT {
    @Override
    Prompt prompt(String question) {
      return Prompt.chat(List.of(Message.user(question)));
    }
  };

  abstract Prompt prompt(String question);

  /** The name that provenance tells. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}

package org.alignment4j.eval.redteam.injection;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.apiguardian.api.API;

/** How system prompt, instruction and document become a prompt. Immutable. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface InjectionLayout {

  /** Returns the prompt. The system prompt or the instruction may be empty. */
  Prompt prompt(String system, String instruction, String document);

  /** Returns what tells layouts apart. */
  String name();

  /** Returns a layout of a system message and a user's message. */
  static InjectionLayout chat() {
    return new Chat();
  }

  /**
   * Returns a layout of plain text.
   *
   * @param template with {@code {{system}}}, {@code {{instruction}}} and {@code {{document}}}
   * @throws IllegalArgumentException when the template lacks the document
   */
  static InjectionLayout text(String template) {
    return new Text(template);
  }

  /** A system message and a user's message of instruction and document. */
  record Chat() implements InjectionLayout {
    @Override
    public Prompt prompt(String system, String instruction, String document) {
      List<Message> messages = new ArrayList<>();
      if (!system.isBlank()) {
        messages.add(Message.system(system));
      }
      messages.add(
          Message.user(instruction.isBlank() ? document : instruction + "\n\n" + document));
      return Prompt.chat(messages);
    }

    @Override
    public String name() {
      return "chat";
    }
  }

  /**
   * Plain text.
   *
   * @param template with placeholders
   */
  record Text(String template) implements InjectionLayout {
    private static final String SYSTEM = "{{system}}";
    private static final String INSTRUCTION = "{{instruction}}";
    private static final String DOCUMENT = "{{document}}";

    /**
     * Checks the template.
     *
     * @throws IllegalArgumentException when it lacks the document
     */
    public Text {
      Objects.requireNonNull(template, "template");
      if (!template.contains(DOCUMENT)) {
        throw new IllegalArgumentException(
            "a layout must have {{document}} where the document stands but was '" + template + "'");
      }
    }

    @Override
    public Prompt prompt(String system, String instruction, String document) {
      // The document last: what it says is never looked at for placeholders.
      return Prompt.text(
          template
              .replace(SYSTEM, system)
              .replace(INSTRUCTION, instruction)
              .replace(DOCUMENT, document));
    }

    @Override
    public String name() {
      return template;
    }
  }
}

package org.alignment4j.langchain4j;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.guardrail.GuardrailRequestParams;
import dev.langchain4j.guardrail.OutputGuardrailRequest;
import dev.langchain4j.model.input.PromptTemplate;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a service was asked and what its model answered.
 *
 * @param request the user's last message; without a chat memory the message made of the template
 * @param answer the answer; empty when it has no text
 */
record Exchange(String request, String answer) {

  static Exchange of(OutputGuardrailRequest request) {
    return new Exchange(asked(request.requestParams()), answered(request));
  }

  private static String answered(OutputGuardrailRequest request) {
    return Objects.requireNonNullElse(request.responseFromLLM().aiMessage().text(), "").strip();
  }

  private static String asked(GuardrailRequestParams params) {
    if (params.chatMemory() != null) {
      Optional<String> last = lastOfUser(params.chatMemory().messages());
      if (last.isPresent()) {
        return last.get();
      }
    }
    String template = params.userMessageTemplate();
    return template.isEmpty() ? "" : PromptTemplate.from(template).apply(params.variables()).text();
  }

  private static Optional<String> lastOfUser(List<ChatMessage> messages) {
    for (int i = messages.size() - 1; i >= 0; i--) {
      if (messages.get(i) instanceof UserMessage user) {
        return Optional.of(
            user.contents().stream()
                .filter(TextContent.class::isInstance)
                .map(content -> ((TextContent) content).text())
                .collect(Collectors.joining("\n")));
      }
    }
    return Optional.empty();
  }
}

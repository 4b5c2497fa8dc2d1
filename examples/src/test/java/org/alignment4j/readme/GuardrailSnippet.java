package org.alignment4j.readme;

import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.service.AiServices;
import java.util.List;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.core.judge.JudgeModel;
import org.alignment4j.langchain4j.ConstitutionGuardrail;
import org.alignment4j.langchain4j.GuardrailPolicy;

/** The README's code of a guardrail. Between the markers it is the README's text. */
final class GuardrailSnippet {
  private GuardrailSnippet() {}

  /** A service. */
  interface Assistant {
    String chat(String request);
  }

  static Assistant assistant(ChatModel chat, LanguageModel judge) {
    // start of the README's code
    ConstitutionGuardrail guardrail =
        ConstitutionGuardrail.of(
                JudgeModel.of(judge), List.of("The answer is polite.", "It names no neighbours."))
            .withPolicy(GuardrailPolicy.CLOSED.on(GuardrailPolicy.Violation.REPROMPT));
    return AiServices.builder(Assistant.class)
        .chatModel(chat) // of LangChain4j, or a model of this library as AlignmentChatModel
        .chatMemory(MessageWindowChatMemory.withMaxMessages(20)) // needed to ask again
        .outputGuardrails(guardrail)
        .build();
    // end of the README's code
  }
}

package org.alignment4j.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.output.FinishReason;
import java.util.List;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.api.oversight.Verdict;
import org.alignment4j.api.oversight.View;
import org.alignment4j.core.judge.JudgeModel;
import org.alignment4j.core.judge.ModelJudge;
import org.alignment4j.oversight.agent.ModelAgent;
import org.junit.jupiter.api.Test;

/** A chat model that stops without a word. */
final class EmptyReplyTest {
  private static final View VIEW =
      new View("speaker", 0, "Speak.", "Who?", List.of("Ada", "Ben"), List.of(), List.of());

  private static LanguageModel model(ScriptedChat chat) {
    return LangChain4jModel.of(chat, ScriptedChat.ID).seeds(SeedPolicy.unsent()).build();
  }

  private static ScriptedChat silent() {
    return ScriptedChat.of(request -> ScriptedChat.response(null, FinishReason.STOP));
  }

  @Test
  void anEmptyReplyIsAnAnswer() {
    for (String text : new String[] {null, "", "  "}) {
      Completion completion =
          model(ScriptedChat.of(request -> ScriptedChat.response(text, FinishReason.STOP)))
              .generate(
                  Prompt.text("hello"), SamplingOptions.builder(9).stopStrings("END").build());
      assertThat(completion.text()).isBlank();
      assertThat(completion.truncated()).isFalse();
      assertThat(completion.usage().completionTokens()).isEqualTo(7);
    }
  }

  @Test
  void anAgentTriesAgain() {
    ScriptedChat chat = silent();
    Turn turn = ModelAgent.of(model(chat)).withAttempts(3).act(VIEW, OversightContext.of(1));
    assertThat(turn.valid()).isFalse();
    assertThat(turn.attempts()).isEqualTo(3);
    assertThat(chat.requests).hasSize(3);
  }

  @Test
  void aJudgeIsAskedOnceMoreAndHasNoVerdict() {
    ScriptedChat chat = silent();
    Verdict verdict = ModelJudge.of(JudgeModel.of(model(chat))).judge(VIEW, OversightContext.of(1));
    assertThat(verdict).isInstanceOf(Verdict.Unparsed.class);
    assertThat(chat.requests).hasSize(2);
  }
}

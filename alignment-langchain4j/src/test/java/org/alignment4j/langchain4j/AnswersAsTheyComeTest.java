package org.alignment4j.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.model.output.FinishReason;
import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.Cancellation;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.model.GenerationOutcome;
import org.alignment4j.api.model.GenerationRequest;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each answer is handed over before the next one is asked for, so that a caller can keep it. */
@Timeout(60)
final class AnswersAsTheyComeTest {
  private static final SamplingOptions OPTIONS =
      SamplingOptions.builder(30).temperature(0.5).build();

  private final List<String> events = new ArrayList<>();
  private final ScriptedChat chat =
      ScriptedChat.of(
          request -> {
            String text = ((UserMessage) request.messages().get(0)).singleText();
            events.add("ask " + text);
            if (text.equals("bad")) {
              throw new InvalidRequestException("no");
            }
            return ScriptedChat.response("re " + text, FinishReason.STOP);
          });

  private void sample(CancellationToken cancellation, Prompt... prompts) {
    LangChain4jModel.of(chat, ScriptedChat.ID)
        .build()
        .sample(
            List.of(prompts).stream().map(GenerationRequest::of).toList(),
            OPTIONS,
            cancellation,
            (outcome, index) ->
                events.add(
                    index
                        + (outcome instanceof GenerationOutcome.Completed completed
                            ? " " + completed.completion().text()
                            : " failed")));
  }

  @Test
  void answersAndFailuresComeOneByOne() {
    sample(
        CancellationToken.none(),
        Prompt.text("a"),
        Prompt.tokens(1),
        Prompt.text("bad"),
        Prompt.text("b"));

    assertThat(events)
        .containsExactly("1 failed", "ask a", "0 re a", "ask bad", "2 failed", "ask b", "3 re b");
  }

  @Test
  void whatCameBeforeACancellationIsHandedOver() {
    Cancellation cancellation = new Cancellation();
    CancellationToken afterTwo =
        () -> {
          if (events.contains("1 re b")) {
            cancellation.cancel();
          }
          return cancellation.isCancelled();
        };

    assertThatThrownBy(() -> sample(afterTwo, Prompt.text("a"), Prompt.text("b"), Prompt.text("c")))
        .isInstanceOf(CancelledException.class);

    assertThat(events).contains("0 re a", "1 re b").doesNotContain("2 re c");
  }
}

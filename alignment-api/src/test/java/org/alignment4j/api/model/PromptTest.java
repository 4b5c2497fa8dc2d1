package org.alignment4j.api.model;

import static org.alignment4j.api.model.Message.assistant;
import static org.alignment4j.api.model.Message.system;
import static org.alignment4j.api.model.Message.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PromptTest {

  @Test
  void conversationGrowsByCopy() {
    Prompt.Chat question = Prompt.chat(system("Be brief."), user("Is the earth flat?"));

    Prompt.Chat answered = question.with(assistant("No."));

    assertThat(question.messages()).hasSize(2);
    assertThat(answered.last()).isEqualTo(new Message(Role.ASSISTANT, "No."));
    assertThatThrownBy(() -> Prompt.chat(List.of())).hasMessageContaining("at least one message");
  }

  @Test
  void promptsAreComparedByContent() {
    assertThat(Prompt.tokens(1, 2)).isEqualTo(Prompt.tokens(TokenIds.of(1, 2)));
    assertThat(Prompt.text("a")).isNotEqualTo(Prompt.text("b"));
  }

  @Test
  void rolesHaveTheirUsualNames() {
    assertThat(Role.of("assistant")).isEqualTo(Role.ASSISTANT);
    assertThatThrownBy(() -> Role.of("tool"))
        .hasMessage("role must be one of system, user, assistant but was 'tool'");
  }

  @Test
  void continuationsAreNotEmpty() {
    assertThatThrownBy(() -> Continuation.of(Prompt.text("a"), ""))
        .hasMessageContaining("text must not be empty");
    assertThatThrownBy(() -> Continuation.of(Prompt.text("a"), TokenIds.empty()))
        .hasMessageContaining("tokens must not be empty");
  }

  @Test
  void completionHasOneLogProbabilityPerToken() {
    assertThatThrownBy(
            () ->
                new Completion(
                    "a",
                    TokenIds.of(1, 2),
                    LogProbs.of(-1.0),
                    null,
                    List.of(),
                    FinishReason.EOS,
                    Usage.NONE))
        .hasMessage("logProbs must have one value per token (2) but had 1");
    assertThatThrownBy(
            () ->
                new Completion(
                    "a",
                    TokenIds.of(1),
                    null,
                    LogProbs.of(-1.0, -2.0),
                    List.of(),
                    FinishReason.EOS,
                    Usage.NONE))
        .hasMessage("modelLogProbs must have one value per token (1) but had 2");
  }

  @Test
  void usageAddsUp() {
    Usage generated = Usage.ofGeneration(10, 5, Duration.ofMillis(20));
    Usage scored = Usage.ofScoring(7, 3, Duration.ofMillis(10));

    assertThat(generated.plus(scored))
        .isEqualTo(new Usage(2, 17, 0, 5, 3, 0, Duration.ofMillis(30)));
    assertThat(generated.plus(Usage.NONE)).isEqualTo(generated);
    assertThat(generated.plus(scored).totalTokens()).isEqualTo(25);
    assertThat(generated.plus(scored).minus(generated)).isEqualTo(scored);
    assertThatThrownBy(() -> generated.minus(generated.plus(scored)))
        .hasMessageContaining("must not be negative");
  }

  @Test
  void gradientSlotsAreReplacedInPlace() {
    GradientRequest request = new GradientRequest(TokenIds.of(1, 2, 3, 4), 1, 3, TokenIds.of(9));

    assertThat(request.withSlots(TokenIds.of(7, 8)).prompt()).isEqualTo(TokenIds.of(1, 7, 8, 4));
    assertThatThrownBy(() -> request.withSlots(TokenIds.of(7)))
        .hasMessage("tokens must fill 2 slots but were 1");
    assertThatThrownBy(() -> new GradientRequest(TokenIds.of(1), 1, 2, TokenIds.of(9)))
        .hasMessageContaining("but were [1, 2)");
  }

  @Test
  void gradientsAreReadBySlot() {
    float[] values = {1, 2, 3, 4, 5, 6};
    InputGradients gradients = new InputGradients(0.5, 2, 3, values);
    values[0] = 99;

    assertThat(gradients.row(0)).containsExactly(1, 2, 3);
    assertThat(gradients.get(1, 2)).isEqualTo(6);
    assertThat(gradients).isEqualTo(new InputGradients(0.5, 2, 3, new float[] {1, 2, 3, 4, 5, 6}));
    assertThatThrownBy(() -> new InputGradients(0, 2, 2, values))
        .hasMessageContaining("2 x 2 numbers but had 6");
  }
}

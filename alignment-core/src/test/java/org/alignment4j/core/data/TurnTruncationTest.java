package org.alignment4j.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.ToIntFunction;
import org.alignment4j.api.model.Message;
import org.junit.jupiter.api.Test;

class TurnTruncationTest {

  private static final ToIntFunction<List<Message>> LENGTH =
      messages -> messages.stream().mapToInt(m -> m.content().length()).sum();

  private static final Message S = Message.system("ss");
  private static final Message Q1 = Message.user("11111");
  private static final Message A1 = Message.assistant("aaaaa");
  private static final Message Q2 = Message.user("2222");
  private static final Message A2 = Message.assistant("bb");
  private static final Message Q3 = Message.user("333");

  @Test
  void nothingIsCutWhenAllFits() {
    List<Message> all = List.of(S, Q1, A1, Q2, A2, Q3);
    assertThat(TurnTruncation.fit(all, 21, LENGTH))
        .isEqualTo(new TurnTruncation.Fitted(all, 0, true));
  }

  @Test
  void oldestWholeTurnsGoFirstAndTheSystemMessageStays() {
    List<Message> all = List.of(S, Q1, A1, Q2, A2, Q3);
    assertThat(TurnTruncation.fit(all, 20, LENGTH))
        .isEqualTo(new TurnTruncation.Fitted(List.of(S, Q2, A2, Q3), 1, true));
    assertThat(TurnTruncation.fit(all, 10, LENGTH))
        .isEqualTo(new TurnTruncation.Fitted(List.of(S, Q3), 2, true));
  }

  @Test
  void theLastTurnStaysAndSaysThatItDoesNotFit() {
    assertThat(TurnTruncation.fit(List.of(Q1, A1, Q3), 2, LENGTH))
        .isEqualTo(new TurnTruncation.Fitted(List.of(Q3), 1, false));
    assertThat(TurnTruncation.fit(List.of(S), 1, LENGTH))
        .isEqualTo(new TurnTruncation.Fitted(List.of(S), 0, false));
  }

  @Test
  void wrongArgumentsAreNamed() {
    assertThatThrownBy(() -> TurnTruncation.fit(List.of(), 2, LENGTH))
        .hasMessageContaining("conversation");
    assertThatThrownBy(() -> TurnTruncation.fit(List.of(Q1), 0, LENGTH))
        .hasMessageContaining("maxTokens must be positive but was 0");
  }
}

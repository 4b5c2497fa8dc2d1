package org.alignment4j.eval.redteam.pair;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;

/** One conversation of the attacker: what opens it, and the last exchanges. Not thread-safe. */
final class AttackerStream {

  private record Exchange(Message said, Message reply) {}

  private final List<Message> opening;
  private final int kept;
  private final List<Exchange> exchanges = new ArrayList<>();
  private Message pending;

  /**
   * Begins a conversation.
   *
   * @param first the opening, of which the last message is the first to be answered
   * @param kept most exchanges shown
   */
  AttackerStream(Prompt.Chat first, int kept) {
    this.opening = first.messages().subList(0, first.messages().size() - 1);
    this.pending = first.last();
    this.kept = kept;
  }

  /** What the attacker is to continue. */
  Prompt.Chat prompt() {
    List<Message> messages = new ArrayList<>(opening);
    for (Exchange exchange : exchanges) {
      messages.add(exchange.said());
      messages.add(exchange.reply());
    }
    messages.add(pending);
    return Prompt.chat(messages);
  }

  /** Takes the attacker's reply and what it is told next. */
  void answered(String reply, Message next) {
    exchanges.add(new Exchange(pending, Message.assistant(reply)));
    if (exchanges.size() > kept) {
      exchanges.remove(0);
    }
    pending = next;
  }
}

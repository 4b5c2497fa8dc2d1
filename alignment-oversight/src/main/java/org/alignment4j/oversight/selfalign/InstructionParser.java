package org.alignment4j.oversight.selfalign;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.alignment4j.core.judge.Parsed;
import org.alignment4j.core.judge.Reply;
import org.alignment4j.core.judge.ReplyParser;

/**
 * Reads instructions, one a line: a line counts only when it starts with the exact hint of its type
 * and topic, and only the first one of a hint. The last line of a reply that was cut off is left
 * out.
 */
final class InstructionParser implements ReplyParser<List<TopicInstruction>> {
  private final List<TopicInstruction> hints;

  /**
   * Creates a parser.
   *
   * @param hints types and topics; their instructions are not looked at
   */
  InstructionParser(List<TopicInstruction> hints) {
    this.hints = List.copyOf(hints);
  }

  @Override
  public Parsed<List<TopicInstruction>> parse(Reply reply) {
    List<String> lines = new ArrayList<>(reply.text().lines().toList());
    if (reply.truncated() && !lines.isEmpty()) {
      lines.remove(lines.size() - 1);
    }
    List<TopicInstruction> found = new ArrayList<>();
    Set<TopicInstruction> done = new HashSet<>();
    for (String line : lines) {
      for (TopicInstruction hint : hints) {
        String prefix = TopicInstruction.hint(hint.type(), hint.topic());
        String instruction = line.startsWith(prefix) ? line.substring(prefix.length()).strip() : "";
        if (!instruction.isEmpty() && done.add(hint)) {
          found.add(new TopicInstruction(hint.type(), hint.topic(), instruction));
        }
      }
    }
    return found.isEmpty()
        ? new Parsed.Nothing<>("no line starts with one of the hints.")
        : new Parsed.Value<>(List.copyOf(found));
  }

  @Override
  public String form() {
    return "Write one instruction a line, each after its hint in square brackets.";
  }
}

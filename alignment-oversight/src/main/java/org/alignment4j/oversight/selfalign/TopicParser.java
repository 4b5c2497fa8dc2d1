package org.alignment4j.oversight.selfalign;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.alignment4j.core.judge.Parsed;
import org.alignment4j.core.judge.Reply;
import org.alignment4j.core.judge.ReplyParser;

/**
 * Reads topics, one a line without its number: at most three words that begin with a capital and do
 * not end in punctuation. Other lines are left out, and so is a last line that was cut off.
 */
final class TopicParser implements ReplyParser<List<String>> {
  private static final Pattern NUMBER = Pattern.compile("\\A\\s*(?:[-*\u2022]|\\d{1,3}[.)])\\s*");
  private static final Pattern TOPIC = Pattern.compile("\\p{Lu}\\S*(?:\\s+\\S+){0,2}");
  private static final Pattern PUNCTUATED = Pattern.compile(".*\\p{Punct}", Pattern.DOTALL);

  @Override
  public Parsed<List<String>> parse(Reply reply) {
    List<String> lines = new ArrayList<>(reply.text().lines().toList());
    if (reply.truncated() && !lines.isEmpty()) {
      lines.remove(lines.size() - 1);
    }
    List<String> topics = new ArrayList<>();
    for (String line : lines) {
      String topic = NUMBER.matcher(line).replaceFirst("").strip();
      if (TOPIC.matcher(topic).matches() && !PUNCTUATED.matcher(topic).matches()) {
        topics.add(topic);
      }
    }
    return topics.isEmpty()
        ? new Parsed.Nothing<>("it has no topic.")
        : new Parsed.Value<>(List.copyOf(topics));
  }

  @Override
  public String form() {
    return "Write one topic a line, of at most three words, and nothing else.";
  }
}

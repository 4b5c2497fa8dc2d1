package org.alignment4j.oversight.human;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.core.report.VisibleText;

/**
 * A prompt as a person reads it: who speaks at the margin, what is said indented, and what stands
 * in fences behind a margin, so that no text of others can pass for the program's.
 */
final class ReadablePrompt {
  private static final Pattern OPENING = Pattern.compile("BEGIN ([0-9a-f]{24})");
  private static final String INDENT = "  ";

  private ReadablePrompt() {}

  static String of(Prompt prompt) {
    StringBuilder text = new StringBuilder();
    if (prompt instanceof Prompt.Chat chat) {
      for (Message message : chat.messages()) {
        text.append(message.role().label()).append(":\n");
        append(text, message.content());
      }
    } else if (prompt instanceof Prompt.Text plain) {
      append(text, plain.text());
    }
    return text.toString().stripTrailing();
  }

  private static void append(StringBuilder text, String content) {
    String end = "";
    for (String line : content.lines().toList()) {
      Matcher opening = OPENING.matcher(line);
      if (!end.isEmpty()) {
        boolean closing = line.equals(end);
        text.append(closing ? INDENT + line : Margin.behind(" ", line)).append('\n');
        end = closing ? "" : end;
      } else {
        text.append(INDENT).append(VisibleText.lines(line)).append('\n');
        end = opening.matches() ? "END " + opening.group(1) : "";
      }
    }
  }
}

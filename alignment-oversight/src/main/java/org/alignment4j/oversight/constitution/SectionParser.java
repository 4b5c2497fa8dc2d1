package org.alignment4j.oversight.constitution;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alignment4j.core.judge.Parsed;
import org.alignment4j.core.judge.Reply;
import org.alignment4j.core.judge.ReplyParser;

/**
 * Reads a section of a critique-revision dialogue: it ends where the next human turn or request
 * begins. Empty sections, repetitions of what must not be repeated, and sections with a marker of
 * another section in them are refused.
 */
final class SectionParser implements ReplyParser<String> {
  private static final Pattern END =
      Pattern.compile("(?:Human|Critique ?Request|Revision ?Request)\\s*:");
  private static final Pattern MARKER = Pattern.compile("(?:Assistant|Critique|Revision)\\s*:");

  private final Pattern label;
  private final boolean whole;
  private final List<String> others;

  private SectionParser(String label, boolean whole, List<String> others) {
    this.label = Pattern.compile("\\A\\s*" + label + "\\s*:");
    this.whole = whole;
    this.others = others;
  }

  /** An answer, which must be whole. */
  static SectionParser answer() {
    return new SectionParser("Assistant", true, List.of());
  }

  /** A critique; what is left of one that was cut off may serve. */
  static SectionParser critique() {
    return new SectionParser("Critique", false, List.of());
  }

  /** A revision, which must be whole and not the critique over again. */
  static SectionParser revision(String critique) {
    return new SectionParser(
        "Revision", true, critique.isEmpty() ? List.of() : List.of(normal(critique)));
  }

  @Override
  public Parsed<String> parse(Reply reply) {
    String text = label.matcher(reply.text()).replaceFirst("");
    Matcher end = END.matcher(text);
    boolean ended = end.find();
    String section = (ended ? text.substring(0, end.start()) : text).strip();
    if (section.isEmpty()) {
      return new Parsed.Nothing<>("it is empty.");
    }
    if (MARKER.matcher(section).find()) {
      return new Parsed.Nothing<>("it has the beginning of another section in it.");
    }
    if (others.contains(normal(section))) {
      return new Parsed.Nothing<>("it repeats the critique.");
    }
    if (whole && reply.truncated() && !ended) {
      return new Parsed.Nothing<>("it was cut off before its end.");
    }
    return new Parsed.Value<>(section);
  }

  @Override
  public String form() {
    return "Write the text alone, without a heading.";
  }

  private static String normal(String text) {
    return text.strip().replaceAll("\\s+", " ");
  }
}

package org.alignment4j.examples.discuss;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.alignment4j.core.judge.Parsed;
import org.alignment4j.core.judge.Reply;
import org.alignment4j.core.judge.ReplyParser;
import org.alignment4j.pocket.world.Dialogue;
import org.alignment4j.pocket.world.Fact;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.pocket.world.Question;

/**
 * Reads the value that a reply names as the answer to a question; a reply that names none, or two,
 * has no answer. The subject's own name is not read as one.
 *
 * @param question the question
 * @param values what could answer it, the longest first
 */
record FactAnswers(Question question, List<String> values) implements ReplyParser<String> {

  FactAnswers {
    values = List.copyOf(values);
  }

  static FactAnswers to(Question question, PocketWorld world) {
    Set<String> values =
        world.facts().stream()
            .filter(fact -> fact.relation() == question.fact().relation())
            .map(Fact::value)
            .collect(Collectors.toCollection(TreeSet::new));
    values.addAll(question.acceptedAnswers());
    return new FactAnswers(
        question,
        values.stream()
            .sorted(Comparator.comparingInt(String::length).reversed())
            .collect(Collectors.toList()));
  }

  @Override
  public Parsed<String> parse(Reply reply) {
    String read = words(Dialogue.firstReply(reply.text()));
    Fact fact = question.fact();
    for (String own : List.of(fact.subject().name(), fact.subject().shortName())) {
      read = read.replace(words(own), " ");
    }
    Set<String> named = new TreeSet<>();
    for (String value : values) {
      if (read.contains(words(value))) {
        named.add(question.acceptedAnswers().contains(value) ? fact.value() : value);
        read = read.replace(words(value), " ");
      }
    }
    return named.size() == 1
        ? new Parsed.Value<>(named.iterator().next())
        : new Parsed.Nothing<>("it names " + named.size() + " answers.");
  }

  @Override
  public String form() {
    return "";
  }

  private static String words(String text) {
    return " " + text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", " ").strip() + " ";
  }
}

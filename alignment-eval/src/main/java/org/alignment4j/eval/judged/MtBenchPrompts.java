package org.alignment4j.eval.judged;

import com.google.common.collect.ImmutableMap;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.core.data.Dataset;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.core.data.Row;
import org.alignment4j.core.journal.PlainJson;
import org.alignment4j.core.judge.JudgedText;

/**
 * MT-Bench's judge prompts, from their official file. Their form is the benchmark's, so answers are
 * not fenced but made neutral: what could pass for a verdict, a role or the end of an answer is
 * broken up by a space. Immutable.
 */
final class MtBenchPrompts {
  private static final Pattern PLACE = Pattern.compile("\\{([a-z_0-9]+)\\}");
  private static final Pattern DELIMITER =
      Pattern.compile("(\\[)(?=The (?:Start|End) of)", Pattern.CASE_INSENSITIVE);
  private static final String MULTI = "-multi-turn";

  /** What each kind of prompt puts where, by the prompt's name. */
  private static final Map<String, Set<String>> PLACES = places();

  private record Template(String system, String user) {}

  private final Map<String, Template> templates;

  private MtBenchPrompts(Map<String, Template> templates) {
    this.templates = ImmutableMap.copyOf(templates);
  }

  private static Map<String, Set<String>> places() {
    Map<String, Set<String>> places = new LinkedHashMap<>();
    Set<String> both = Set.of("question_1", "question_2");
    Set<String> references = Set.of("ref_answer_1", "ref_answer_2");
    Set<String> pair = Set.of("answer_a_1", "answer_a_2", "answer_b_1", "answer_b_2");
    Set<String> single = Set.of("answer_1", "answer_2");
    places.put("single-v1", Set.of("question", "answer"));
    places.put("single-math-v1", Set.of("question", "answer", "ref_answer_1"));
    places.put("single-v1" + MULTI, union(both, single));
    places.put("single-math-v1" + MULTI, union(both, union(single, references)));
    places.put("pair-v2", Set.of("question", "answer_a", "answer_b"));
    places.put("pair-math-v1", Set.of("question", "answer_a", "answer_b", "ref_answer_1"));
    places.put("pair-v2" + MULTI, union(both, pair));
    places.put("pair-math-v1" + MULTI, union(both, union(pair, references)));
    return places;
  }

  private static Set<String> union(Set<String> one, Set<String> other) {
    Set<String> all = new TreeSet<>(one);
    all.addAll(other);
    return all;
  }

  static MtBenchPrompts read(Path path) {
    Map<String, Template> templates = new LinkedHashMap<>();
    Dataset<String> rows =
        Dataset.read(
            path,
            ReadOptions.strict(),
            row -> {
              String name = row.text("name");
              Set<String> places = PLACES.get(name);
              if (places != null && templates.put(name, template(row, places)) != null) {
                throw row.fault("name", "a prompt must occur once but '" + name + "' does again");
              }
              return name;
            });
    for (String name : PLACES.keySet()) {
      if (!templates.containsKey(name)) {
        throw new DataFormatException(
            path.toString(),
            0,
            "name",
            "there must be a prompt '"
                + name
                + "' but are only "
                + rows
                + "; give MT-Bench's judge_prompts.jsonl");
      }
    }
    return new MtBenchPrompts(templates);
  }

  private static Template template(Row row, Set<String> places) {
    String user = row.text("prompt_template");
    Set<String> found = new TreeSet<>();
    Matcher matcher = PLACE.matcher(user);
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    if (!found.equals(new TreeSet<>(places))) {
      throw row.fault(
          "prompt_template",
          "the prompt must put " + new TreeSet<>(places) + " in curly brackets but puts " + found);
    }
    return new Template(row.string("system_prompt").strip(), user);
  }

  /** The hash of all prompts, for provenance. */
  ContentHash hash() {
    Map<String, Object> plain = new LinkedHashMap<>();
    templates.forEach((name, t) -> plain.put(name, List.of(t.system(), t.user())));
    return PlainJson.key(plain);
  }

  /** How to rate a model's answer to a turn. */
  Prompt.Chat rating(int turn, List<String> turns, List<String> reference, List<String> answers) {
    Map<String, String> values = new LinkedHashMap<>();
    String name = reference.isEmpty() ? "single-v1" : "single-math-v1";
    if (turn == 0) {
      values.put("question", turns.get(0));
      values.put("answer", answers.get(0));
    } else {
      put(values, "question_", turns);
      put(values, "answer_", answers);
    }
    return render(name, turn, values, reference);
  }

  /** How to compare two models' answers to a turn. */
  Prompt.Chat comparison(
      int turn, List<String> turns, List<String> reference, List<String> a, List<String> b) {
    Map<String, String> values = new LinkedHashMap<>();
    String name = reference.isEmpty() ? "pair-v2" : "pair-math-v1";
    if (turn == 0) {
      values.put("question", turns.get(0));
      values.put("answer_a", a.get(0));
      values.put("answer_b", b.get(0));
    } else {
      put(values, "question_", turns);
      put(values, "answer_a_", a);
      put(values, "answer_b_", b);
    }
    return render(name, turn, values, reference);
  }

  private static void put(Map<String, String> values, String prefix, List<String> texts) {
    for (int turn = 0; turn < texts.size(); turn++) {
      values.put(prefix + (turn + 1), texts.get(turn));
    }
  }

  private Prompt.Chat render(
      String name, int turn, Map<String, String> values, List<String> reference) {
    put(values, "ref_answer_", reference);
    Template template = templates.get(turn == 0 ? name : name + MULTI);
    if (template == null) {
      throw new IllegalStateException("prompt " + name + " must have been read");
    }
    StringBuilder user = new StringBuilder();
    Matcher places = PLACE.matcher(template.user());
    while (places.find()) {
      String value = neutral(values.getOrDefault(places.group(1), ""));
      places.appendReplacement(user, Matcher.quoteReplacement(value));
    }
    Message asked = Message.user(places.appendTail(user).toString());
    return template.system().isEmpty()
        ? Prompt.chat(asked)
        : Prompt.chat(Message.system(template.system()), asked);
  }

  private static String neutral(String text) {
    return DELIMITER.matcher(JudgedText.neutral(text)).replaceAll("$1 ");
  }
}

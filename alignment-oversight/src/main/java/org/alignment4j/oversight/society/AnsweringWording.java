package org.alignment4j.oversight.society;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.api.oversight.View;
import org.alignment4j.core.judge.PromptTemplate;
import org.alignment4j.oversight.agent.Prompts;
import org.alignment4j.oversight.agent.Wording;
import org.apiguardian.api.API;

/**
 * The prompt of an {@link AnsweringAgent} or {@link ModelModerator}, in words that users can
 * replace. Question, sources and everything that was said stand in fences, each text in its own.
 *
 * @param template a {@link PromptTemplate} with instructions, form, question and fence, and with
 *     said, once, where sources and earlier answers go
 * @param own what stands before the agent's own words; may use round
 * @param other what stands before another's words; may use role, round
 * @param source what stands before a source; uses nothing
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record AnsweringWording(String template, Wording own, Wording other, Wording source) {
  private static final String SAID = "{{said}}";
  private static final Set<String> ROUND = Set.of("round");
  private static final Set<String> SPEAKER = Set.of("role", "round");
  private static final Set<String> PLAIN = Set.of("instructions", "form");

  /**
   * Checks the template.
   *
   * @throws DataFormatException if it is no template or has said not exactly once
   */
  public AnsweringWording {
    Objects.requireNonNull(own, "own");
    Objects.requireNonNull(other, "other");
    Objects.requireNonNull(source, "source");
    int at = template.indexOf(SAID);
    if (at < 0 || template.indexOf(SAID, at + 1) >= 0) {
      throw new DataFormatException(
          "answering.txt", 0, "said", "a template must use " + SAID + " exactly once");
    }
    PromptTemplate.parse("answering.txt", template.replace(SAID, ""), PLAIN, Set.of("question"));
  }

  /** Returns the wording of agents that comes with the library. */
  public static AnsweringWording bundled() {
    return bundled("answering.txt");
  }

  /** Returns the wording of moderators that comes with the library. */
  public static AnsweringWording moderating() {
    return bundled("moderating.txt");
  }

  private static AnsweringWording bundled(String template) {
    Class<?> here = AnsweringWording.class;
    return new AnsweringWording(
        Prompts.text(here, template),
        Wording.bundled(here, "own.txt", ROUND),
        Wording.bundled(here, "other.txt", SPEAKER),
        Wording.bundled(here, "source.txt", Set.of()));
  }

  /**
   * Reads a user's own wording.
   *
   * @param folder has answering.txt, own.txt, other.txt and source.txt
   * @throws DataFormatException if one is blank or uses an unknown placeholder
   * @throws org.alignment4j.api.AlignmentException if one cannot be read
   */
  public static AnsweringWording read(Path folder) {
    return new AnsweringWording(
        Wording.read(
                folder.resolve("answering.txt"),
                Set.of("instructions", "form", "question", "fence", "said"))
            .text(),
        Wording.read(folder.resolve("own.txt"), ROUND),
        Wording.read(folder.resolve("other.txt"), SPEAKER),
        Wording.read(folder.resolve("source.txt"), Set.of()));
  }

  Prompt.Chat prompt(View view, String form) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("instructions", view.instructions());
    values.put("form", form);
    values.put(
        "question",
        view.options().isEmpty()
            ? view.question()
            : view.question() + "\n" + Prompts.menu(view.options()));
    Set<String> plain = new TreeSet<>(PLAIN);
    Set<String> fenced = new TreeSet<>(Set.of("question"));
    StringBuilder blocks = new StringBuilder();
    for (String text : view.material()) {
      block(blocks, values, plain, fenced, source.text(), text);
    }
    for (Turn turn : view.turns()) {
      Wording label = turn.role().equals(view.role()) ? own : other;
      String round = String.valueOf(turn.round() + 1);
      String named = label.render(Map.of("role", turn.role(), "round", round));
      block(blocks, values, plain, fenced, named, turn.visible());
    }
    String expanded = template.replace(SAID, blocks.toString().stripTrailing());
    return PromptTemplate.parse("answering.txt", expanded, plain, fenced).render(values);
  }

  private static void block(
      StringBuilder blocks,
      Map<String, String> values,
      Set<String> plain,
      Set<String> fenced,
      String label,
      String text) {
    int number = fenced.size();
    blocks.append("{{label").append(number).append("}}\n");
    blocks.append("{{text").append(number).append("}}\n\n");
    plain.add("label" + number);
    fenced.add("text" + number);
    values.put("label" + number, label);
    values.put("text" + number, text);
  }
}

package org.alignment4j.oversight.society;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.api.oversight.View;
import org.alignment4j.core.judge.PromptTemplate;
import org.alignment4j.core.judge.ViewPieces;
import org.alignment4j.oversight.agent.Prompts;
import org.alignment4j.oversight.agent.Wording;
import org.apiguardian.api.API;

/**
 * The prompt of an {@link AnsweringAgent} or {@link ModelModerator}, in words that users can
 * replace. Question, options, sources and everything that was said stand in fences, each text in
 * its own; options stand behind the question under their letters.
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
  private static final String QUESTION = "{{question}}";
  private static final String OPTIONS = "{{options}}";
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
    Map<String, List<PromptTemplate.Piece>> pieces = new LinkedHashMap<>();
    String expanded = template;
    if (!view.options().isEmpty()) {
      expanded = expanded.replace(QUESTION, QUESTION + "\n\n" + OPTIONS);
      pieces.put("options", ViewPieces.options(view.options()));
    }
    List<PromptTemplate.Piece> said = said(view);
    if (said.isEmpty()) {
      expanded = expanded.replace(SAID, "");
    } else {
      pieces.put("said", said);
    }
    Set<String> fenced = new TreeSet<>(pieces.keySet());
    fenced.add("question");
    return PromptTemplate.parse("answering.txt", expanded, PLAIN, fenced)
        .render(
            Map.of("instructions", view.instructions(), "form", form, "question", view.question()),
            pieces);
  }

  private List<PromptTemplate.Piece> said(View view) {
    List<PromptTemplate.Piece> said = new ArrayList<>();
    for (String text : view.material()) {
      said.add(new PromptTemplate.Piece(source.text(), text));
    }
    for (Turn turn : view.turns()) {
      Wording label = turn.role().equals(view.role()) ? own : other;
      String round = String.valueOf(turn.round() + 1);
      said.add(
          new PromptTemplate.Piece(
              label.render(Map.of("role", turn.role(), "round", round)), turn.visible()));
    }
    return said;
  }
}

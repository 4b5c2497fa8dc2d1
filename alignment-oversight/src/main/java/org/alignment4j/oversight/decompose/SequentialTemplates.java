package org.alignment4j.oversight.decompose;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.core.judge.PromptTemplate;
import org.alignment4j.oversight.agent.Prompts;
import org.apiguardian.api.API;

/**
 * Requests of sequential decomposition as templates, in which text of others is fenced.
 *
 * @param next uses {{form}}, and fenced {{question}}, {{background}}
 * @param direct uses {{form}} and fenced {{question}}
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SequentialTemplates(PromptTemplate next, PromptTemplate direct)
    implements SequentialPrompts {
  private static final Set<String> FORM = Set.of("form");
  private static final Set<String> QUESTION = Set.of("question");
  private static final Set<String> FOUND = Set.of("question", "background");
  private static final String NOTHING = "Nothing yet.";

  /** Checks that nothing is missing. */
  public SequentialTemplates {
    Objects.requireNonNull(next, "next");
    Objects.requireNonNull(direct, "direct");
  }

  /** Returns the templates that come with the library. */
  public static SequentialTemplates bundled() {
    Class<?> here = SequentialTemplates.class;
    return new SequentialTemplates(
        Prompts.bundled(here, "next.txt", FORM, FOUND),
        Prompts.bundled(here, "direct.txt", FORM, QUESTION));
  }

  /**
   * Reads a user's own templates.
   *
   * @param folder has next.txt and direct.txt
   * @throws org.alignment4j.api.DataFormatException if one is no such template
   * @throws org.alignment4j.api.AlignmentException if one cannot be read
   */
  public static SequentialTemplates read(Path folder) {
    return new SequentialTemplates(
        PromptTemplate.read(folder.resolve("next.txt"), FORM, FOUND),
        PromptTemplate.read(folder.resolve("direct.txt"), FORM, QUESTION));
  }

  @Override
  public Prompt next(String question, List<SubAnswer> found, String form) {
    return next.render(
        Map.of(
            "question",
            question,
            "background",
            found.isEmpty() ? NOTHING : SubAnswer.block(found),
            "form",
            form));
  }

  @Override
  public Prompt direct(String question, String form) {
    return direct.render(Map.of("question", question, "form", form));
  }
}

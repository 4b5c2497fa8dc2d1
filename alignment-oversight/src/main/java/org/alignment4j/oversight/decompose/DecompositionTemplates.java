package org.alignment4j.oversight.decompose;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.core.judge.PromptTemplate;
import org.alignment4j.oversight.agent.TemplateSource;
import org.apiguardian.api.API;

/**
 * Requests of factored cognition as templates, in which text of others is fenced.
 *
 * @param divide uses {{most}} and fenced {{question}}
 * @param combine uses {{form}}, and fenced {{question}}, {{background}}
 * @param direct uses {{form}} and fenced {{question}}
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record DecompositionTemplates(
    PromptTemplate divide, PromptTemplate combine, PromptTemplate direct)
    implements DecompositionPrompts {
  private static final Set<String> MOST = Set.of("most");
  private static final Set<String> FORM = Set.of("form");
  private static final Set<String> QUESTION = Set.of("question");
  private static final Set<String> FOUND = Set.of("question", "background");

  /** Checks that nothing is missing. */
  public DecompositionTemplates {
    Objects.requireNonNull(divide, "divide");
    Objects.requireNonNull(combine, "combine");
    Objects.requireNonNull(direct, "direct");
  }

  /** Returns the templates that come with the library. */
  public static DecompositionTemplates bundled() {
    return from(TemplateSource.beside(DecompositionTemplates.class));
  }

  /**
   * Reads a user's own templates.
   *
   * @param folder has divide.txt, combine.txt and direct.txt
   * @throws org.alignment4j.api.DataFormatException if one is no such template
   * @throws org.alignment4j.api.AlignmentException if one cannot be read
   */
  public static DecompositionTemplates read(Path folder) {
    return from(TemplateSource.in(folder));
  }

  private static DecompositionTemplates from(TemplateSource source) {
    return new DecompositionTemplates(
        source.template("divide.txt", MOST, QUESTION),
        source.template("combine.txt", FORM, FOUND),
        source.template("direct.txt", FORM, QUESTION));
  }

  @Override
  public Prompt divide(String question, int most) {
    return divide.render(Map.of("question", question, "most", String.valueOf(most)));
  }

  @Override
  public Prompt answer(String question, List<SubAnswer> found, String form) {
    return found.isEmpty()
        ? direct.render(Map.of("question", question, "form", form))
        : combine.render(
            Map.of("question", question, "background", SubAnswer.block(found), "form", form));
  }
}

package org.alignment4j.oversight.constitution;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.core.judge.PromptTemplate;
import org.alignment4j.core.judge.PromptText;
import org.alignment4j.oversight.agent.TemplateSource;
import org.apiguardian.api.API;

/**
 * Requests for critiques and revisions as templates, in which text of others is fenced. Templates
 * begin with worked examples: models confuse critique and revision without them.
 *
 * @param critique uses {{principle}}, and fenced {{request}}, {{answer}}
 * @param revision uses {{principle}}, and fenced {{request}}, {{answer}}, {{critique}}
 * @param direct revision without critique: uses {{principle}}, and fenced {{request}}, {{answer}}
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RevisionTemplates(
    PromptTemplate critique, PromptTemplate revision, PromptTemplate direct)
    implements RevisionPrompts {
  private static final Set<String> PLAIN = Set.of("principle");
  private static final Set<String> ANSWERED = Set.of("request", "answer");
  private static final Set<String> CRITICISED = Set.of("request", "answer", "critique");

  /** Checks that nothing is missing. */
  public RevisionTemplates {
    Objects.requireNonNull(critique, "critique");
    Objects.requireNonNull(revision, "revision");
    Objects.requireNonNull(direct, "direct");
  }

  /** Returns the templates that come with the library. */
  public static RevisionTemplates bundled() {
    return from(TemplateSource.beside(RevisionTemplates.class));
  }

  /**
   * Reads a user's own templates.
   *
   * @param folder has critique.txt, revision.txt and direct-revision.txt
   * @throws org.alignment4j.api.DataFormatException if one is no such template
   * @throws org.alignment4j.api.AlignmentException if one cannot be read
   */
  public static RevisionTemplates read(Path folder) {
    return from(TemplateSource.in(folder));
  }

  private static RevisionTemplates from(TemplateSource source) {
    return new RevisionTemplates(
        source.template("critique.txt", PLAIN, ANSWERED),
        source.template("revision.txt", PLAIN, CRITICISED),
        source.template("direct-revision.txt", PLAIN, ANSWERED));
  }

  @Override
  public Prompt critique(Prompt request, String answer, Principle principle) {
    return critique.render(
        Map.of(
            "principle", principle.critique(),
            "request", PromptText.of(request),
            "answer", answer));
  }

  @Override
  public Prompt revision(Prompt request, String answer, Principle principle, String found) {
    Map<String, String> values = new HashMap<>();
    values.put("principle", principle.revision());
    values.put("request", PromptText.of(request));
    values.put("answer", answer);
    if (found.isEmpty()) {
      return direct.render(values);
    }
    values.put("critique", found);
    return revision.render(values);
  }
}

package org.alignment4j.oversight.constitution;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.core.judge.PromptTemplate;
import org.alignment4j.oversight.agent.Prompts;
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
    Class<?> here = RevisionTemplates.class;
    return new RevisionTemplates(
        Prompts.bundled(here, "critique.txt", PLAIN, ANSWERED),
        Prompts.bundled(here, "revision.txt", PLAIN, CRITICISED),
        Prompts.bundled(here, "direct-revision.txt", PLAIN, ANSWERED));
  }

  /**
   * Reads a user's own templates.
   *
   * @param folder has critique.txt, revision.txt and direct-revision.txt
   * @throws org.alignment4j.api.DataFormatException if one is no such template
   * @throws org.alignment4j.api.AlignmentException if one cannot be read
   */
  public static RevisionTemplates read(Path folder) {
    return new RevisionTemplates(
        PromptTemplate.read(folder.resolve("critique.txt"), PLAIN, ANSWERED),
        PromptTemplate.read(folder.resolve("revision.txt"), PLAIN, CRITICISED),
        PromptTemplate.read(folder.resolve("direct-revision.txt"), PLAIN, ANSWERED));
  }

  @Override
  public Prompt critique(Prompt request, String answer, Principle principle) {
    return critique.render(
        Map.of(
            "principle", principle.critique(),
            "request", RequestText.of(request),
            "answer", answer));
  }

  @Override
  public Prompt revision(Prompt request, String answer, Principle principle, String found) {
    Map<String, String> values =
        Map.of(
            "principle", principle.revision(),
            "request", RequestText.of(request),
            "answer", answer);
    if (found.isEmpty()) {
      return direct.render(values);
    }
    return revision.render(
        Map.of(
            "principle",
            principle.revision(),
            "request",
            RequestText.of(request),
            "answer",
            answer,
            "critique",
            found));
  }
}

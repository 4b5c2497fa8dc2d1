package org.alignment4j.eval.declared;

import java.util.List;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * A row of data as a template puts it.
 *
 * @param id its identity; empty when the template names none
 * @param group what figures are also given by and examples are drawn from; empty when there is none
 * @param cluster the group of items that are not independent; empty when it stands alone
 * @param instruction what stands before examples and question; may be empty
 * @param question the question, up to where the answer begins
 * @param choices answers to choose from; empty for a free answer
 * @param targets right answers, choices by their text
 * @param demonstration the answer as an example shows it
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TemplateItem(
    String id,
    String group,
    String cluster,
    String instruction,
    String question,
    List<String> choices,
    List<String> targets,
    String demonstration) {

  /** Checks that nothing is missing, and copies. */
  public TemplateItem {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(group, "group");
    Objects.requireNonNull(cluster, "cluster");
    Objects.requireNonNull(instruction, "instruction");
    Objects.requireNonNull(question, "question");
    Objects.requireNonNull(demonstration, "demonstration");
    choices = List.copyOf(choices);
    targets = List.copyOf(targets);
  }

  /** What is asked, blanks aside: two items that agree in it are the same question. */
  String asked() {
    return (question + "\n" + String.join("\n", choices)).strip().replaceAll("\\s+", " ");
  }
}

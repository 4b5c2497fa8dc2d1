package org.alignment4j.oversight.agent;

import java.nio.file.Path;
import java.util.Set;
import org.alignment4j.core.judge.PromptTemplate;
import org.apiguardian.api.API;

/** Where the templates of a protocol come from: the library, or a user's own folder. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@FunctionalInterface
public interface TemplateSource {

  /**
   * Returns a template.
   *
   * @param name its file, such as {@code critique.txt}
   * @param plain names that hold text of the protocol or its user
   * @param fenced names that hold text of others
   * @throws org.alignment4j.api.DataFormatException if it is no such template
   * @throws org.alignment4j.api.AlignmentException if it cannot be read
   */
  PromptTemplate template(String name, Set<String> plain, Set<String> fenced);

  /** The templates that come with the library, beside a class. */
  static TemplateSource beside(Class<?> owner) {
    return (name, plain, fenced) -> Prompts.bundled(owner, name, plain, fenced);
  }

  /** A user's own templates, in a folder. */
  static TemplateSource in(Path folder) {
    return (name, plain, fenced) -> PromptTemplate.read(folder.resolve(name), plain, fenced);
  }
}

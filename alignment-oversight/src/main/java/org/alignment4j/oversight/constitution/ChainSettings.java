package org.alignment4j.oversight.constitution;

import java.util.List;
import java.util.function.Predicate;
import org.alignment4j.oversight.Respondent;

/**
 * How chains grow.
 *
 * @param assistant who answers
 * @param critic who criticises and revises
 * @param principles from which one is drawn for each step
 * @param revisions how many steps there are
 * @param criticised whether a revision follows a critique
 * @param refusal tells revisions that only refuse
 */
record ChainSettings(
    Respondent assistant,
    Respondent critic,
    List<Principle> principles,
    int revisions,
    boolean criticised,
    RevisionPrompts prompts,
    Predicate<String> refusal) {

  /** What a chain costs when every reply keeps its form. */
  long calls() {
    return 1 + revisions * (criticised ? 2L : 1L);
  }
}

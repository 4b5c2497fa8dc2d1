package org.alignment4j.eval.factuality;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.model.Prompt;

/**
 * A statement to be completed.
 *
 * @param id its identity
 * @param kind what kind of relation it is of; empty when the file does not say
 * @param relation the relation
 * @param subject what the statement is about
 * @param prompt the statement without its end
 * @param object its end
 */
record ClozeFact(
    String id, String kind, String relation, String subject, String prompt, String object) {

  static final String KIND = "kind";
  static final String RELATION = "relation";
  static final String SUBJECT = "subject";

  /** Whether the relation has objects that are wrong here. */
  static final String COMPARED = "compared";

  /** Statements as samples; the ends of a relation's statements are the choices of each. */
  static List<Sample> samples(List<ClozeFact> facts) {
    Map<String, Set<String>> candidates = new LinkedHashMap<>();
    Map<List<String>, Set<String>> targets = new LinkedHashMap<>();
    for (ClozeFact fact : facts) {
      candidates.computeIfAbsent(fact.relation, relation -> new LinkedHashSet<>()).add(fact.object);
      targets.computeIfAbsent(fact.question(), prompt -> new LinkedHashSet<>()).add(fact.object);
    }
    List<Sample> samples = new ArrayList<>();
    for (ClozeFact fact : facts) {
      // Several ends of one statement are all right, and one sample.
      Set<String> right = targets.remove(fact.question());
      if (right != null) {
        samples.add(
            fact.sample(
                List.copyOf(candidates.getOrDefault(fact.relation, Set.of())), List.copyOf(right)));
      }
    }
    return samples;
  }

  private Sample sample(List<String> candidates, List<String> targets) {
    boolean compared = targets.size() < candidates.size();
    return new Sample(
        id,
        Prompt.text(prompt),
        candidates,
        targets,
        relation,
        Map.of(
            KIND, kind, RELATION, relation, SUBJECT, subject, COMPARED, String.valueOf(compared)));
  }

  private List<String> question() {
    return List.of(relation, prompt);
  }
}

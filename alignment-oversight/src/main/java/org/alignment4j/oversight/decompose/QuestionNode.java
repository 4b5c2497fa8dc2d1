package org.alignment4j.oversight.decompose;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * A question with its parts and its answer: a tree that reports can draw. A question that occurs
 * twice at one depth is one node with two parents.
 *
 * @param question the question
 * @param depth how many levels it may have below it
 * @param manner how it was answered
 * @param parts its subquestions, in order
 * @param dropped how many subquestions were left out as copies of a question above
 * @param answer the answer; empty when none was found
 * @param exchanges what was asked and said at this node, in order
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record QuestionNode(
    String question,
    int depth,
    Manner manner,
    List<QuestionNode> parts,
    int dropped,
    Optional<String> answer,
    List<Exchange> exchanges) {

  /** How a question was answered. */
  public enum Manner {
    /** From the answers to its parts. */
    COMPOSED,
    /** Directly: it is at the lowest level. */
    LEAF,
    /** Directly: it was not divided into parts, or only into copies. */
    UNDIVIDED,
    /** Directly: there were as many nodes as there may be. */
    OVER_BUDGET
  }

  /** Checks that nothing is missing, and copies. */
  public QuestionNode {
    Objects.requireNonNull(question, "question");
    Objects.requireNonNull(manner, "manner");
    Objects.requireNonNull(answer, "answer");
    parts = List.copyOf(parts);
    exchanges = List.copyOf(exchanges);
  }

  /** Returns this node and all below it, each once, parents first. */
  public List<QuestionNode> nodes() {
    Set<QuestionNode> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    List<QuestionNode> nodes = new ArrayList<>();
    collect(this, seen, nodes);
    return List.copyOf(nodes);
  }

  private static void collect(QuestionNode node, Set<QuestionNode> seen, List<QuestionNode> nodes) {
    if (seen.add(node)) {
      nodes.add(node);
      node.parts().forEach(part -> collect(part, seen, nodes));
    }
  }

  /** Returns the parts with their answers, as the question was put together from them. */
  public List<SubAnswer> found() {
    return parts.stream().map(part -> new SubAnswer(part.question(), part.answer())).toList();
  }

  /** Returns the tree as indented text: a line for each question with its answer. */
  public String outline() {
    StringBuilder text = new StringBuilder();
    outline(this, 0, Collections.newSetFromMap(new IdentityHashMap<>()), text);
    return text.toString();
  }

  private static void outline(
      QuestionNode node, int level, Set<QuestionNode> seen, StringBuilder text) {
    boolean again = !seen.add(node);
    text.append("  ".repeat(level)).append(node.question()).append(" -> ");
    text.append(node.answer().orElse("unknown"));
    switch (node.manner()) {
      case UNDIVIDED -> text.append(" [undivided]");
      case OVER_BUDGET -> text.append(" [over budget]");
      case COMPOSED, LEAF -> {}
    }
    text.append(again && !node.parts().isEmpty() ? " [as above]\n" : "\n");
    if (!again) {
      node.parts().forEach(part -> outline(part, level + 1, seen, text));
    }
  }
}

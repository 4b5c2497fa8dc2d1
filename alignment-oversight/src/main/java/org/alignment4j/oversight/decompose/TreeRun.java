package org.alignment4j.oversight.decompose;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.core.judge.ReplyParser;
import org.alignment4j.oversight.Draw;
import org.alignment4j.oversight.Drawn;
import org.alignment4j.oversight.Proceedings;
import org.alignment4j.oversight.Respondent;

/** One tree as it grows: divided from the top down, answered from the bottom up. */
final class TreeRun {
  private static final String DIVIDER = "Divider";
  private static final String ANSWERER = "Answerer";

  private final FactoredCognition protocol;
  private final Proceedings proceedings;
  private final List<List<Growing>> levels = new ArrayList<>();
  private int nodes;

  TreeRun(FactoredCognition protocol, String question, Proceedings proceedings) {
    this.protocol = protocol;
    this.proceedings = proceedings;
    levels.add(List.of(create(question, Set.of(), protocol.limits().depth())));
  }

  /** A node whose parts and answer are still to come. */
  private static final class Growing {
    private final String question;
    private final int depth;
    private Set<String> above;
    private final List<Growing> parts = new ArrayList<>();
    private final List<Exchange> exchanges = new ArrayList<>();
    private QuestionNode.Manner manner;
    private int dropped;
    private Optional<String> answer = Optional.empty();

    Growing(String question, int depth, Set<String> above, QuestionNode.Manner manner) {
      this.question = question;
      this.depth = depth;
      this.above = above;
      this.manner = manner;
    }

    /** Places the question below another one too: it may repeat none of those above either. */
    void under(Set<String> others) {
      Set<String> all = new HashSet<>(above);
      all.addAll(others);
      above = Set.copyOf(all);
    }

    boolean divisible() {
      return manner == QuestionNode.Manner.COMPOSED;
    }

    List<SubAnswer> found() {
      return parts.stream().map(part -> new SubAnswer(part.question, part.answer)).toList();
    }
  }

  Outcome<QuestionNode> outcome() {
    try {
      boolean divided = true;
      while (divided) {
        divided = divideLowest();
      }
      for (int level = levels.size() - 1; level >= 0; level--) {
        answer(level);
      }
      return proceedings.outcome(root());
    } catch (BudgetExceededException limit) {
      return proceedings.stopped(root(), limit);
    }
  }

  private Growing create(String question, Set<String> above, int depth) {
    nodes++;
    Set<String> path = new HashSet<>(above);
    path.add(SubquestionParser.normal(question));
    QuestionNode.Manner manner =
        depth == 0
            ? QuestionNode.Manner.LEAF
            : nodes > protocol.limits().nodes()
                ? QuestionNode.Manner.OVER_BUDGET
                : QuestionNode.Manner.COMPOSED;
    return new Growing(question, depth, Set.copyOf(path), manner);
  }

  /** Divides the questions of the lowest level; false when none of them is to be divided. */
  private boolean divideLowest() {
    int level = levels.size() - 1;
    List<Growing> parents = levels.get(level).stream().filter(Growing::divisible).toList();
    if (parents.isEmpty()) {
      return false;
    }
    int most = protocol.limits().breadth();
    Drawn<Subquestions> drawn =
        ask(
            protocol.divider(),
            DIVIDER,
            level,
            parents,
            parents.stream().map(node -> protocol.prompts().divide(node.question, most)).toList(),
            parents.stream().map(node -> new SubquestionParser(node.above, most)).toList());
    Map<String, Growing> known = new HashMap<>();
    List<Growing> below = new ArrayList<>();
    for (int i = 0; i < drawn.draws().size(); i++) {
      Growing parent = parents.get(i);
      Subquestions divided = drawn.draws().get(i).value().orElse(Subquestions.NONE);
      parent.dropped = divided.dropped();
      for (String question : divided.kept()) {
        Growing part =
            known.computeIfAbsent(
                SubquestionParser.normal(question),
                key -> {
                  Growing made = create(question, parent.above, parent.depth - 1);
                  below.add(made);
                  return made;
                });
        part.under(parent.above);
        parent.parts.add(part);
      }
      if (parent.parts.isEmpty()) {
        parent.manner = QuestionNode.Manner.UNDIVIDED;
      }
    }
    levels.add(below);
    drawn.requireFinished();
    return true;
  }

  private void answer(int level) {
    List<Growing> asked = levels.get(level);
    Drawn<String> drawn =
        ask(
            protocol.answerer(),
            ANSWERER,
            level,
            asked,
            asked.stream()
                .map(
                    node ->
                        protocol
                            .prompts()
                            .answer(node.question, node.found(), protocol.form().form()))
                .toList(),
            asked.stream().map(node -> protocol.form()).toList());
    for (int i = 0; i < drawn.draws().size(); i++) {
      asked.get(i).answer = drawn.draws().get(i).value();
    }
    drawn.requireFinished();
  }

  private <T> Drawn<T> ask(
      Respondent respondent,
      String role,
      int level,
      List<Growing> asked,
      List<Prompt> prompts,
      List<? extends ReplyParser<T>> forms) {
    Drawn<T> drawn = respondent.askAll(prompts, forms, role, level, proceedings);
    for (int i = 0; i < drawn.draws().size(); i++) {
      Draw<T> draw = drawn.draws().get(i);
      asked.get(i).exchanges.add(Exchange.of(prompts.get(i), draw));
      boolean valid = draw.value().isPresent();
      proceedings.hear(
          new Turn(
              role,
              level,
              draw.said().visible(),
              draw.said().hidden(),
              valid,
              draw.attempts(),
              draw.usage()));
    }
    return drawn;
  }

  private QuestionNode root() {
    return grown(levels.get(0).get(0), new IdentityHashMap<>());
  }

  private static QuestionNode grown(Growing node, Map<Growing, QuestionNode> done) {
    QuestionNode known = done.get(node);
    if (known != null) {
      return known;
    }
    QuestionNode grown =
        new QuestionNode(
            node.question,
            node.depth,
            node.manner,
            node.parts.stream().map(part -> grown(part, done)).toList(),
            node.dropped,
            node.answer,
            node.exchanges);
    done.put(node, grown);
    return grown;
  }
}

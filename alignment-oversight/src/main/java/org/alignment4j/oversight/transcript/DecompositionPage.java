package org.alignment4j.oversight.transcript;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.core.report.Chart;
import org.alignment4j.core.report.Dialogue;
import org.alignment4j.core.report.Dialogue.Contribution;
import org.alignment4j.core.report.Report;
import org.alignment4j.core.report.Section;
import org.alignment4j.oversight.decompose.Exchange;
import org.alignment4j.oversight.decompose.QuestionNode;
import org.apiguardian.api.API;

/**
 * Turns decomposition trees into a page: each tree drawn, and every question with its answer, how
 * it was answered and what was asked for it. Every text is shown as text, whatever it contains.
 * Pure functions.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class DecompositionPage {
  /** Wider trees are not drawn: their names would cover each other. */
  private static final int WIDEST = 14;

  private DecompositionPage() {}

  /**
   * Returns a page of one run.
   *
   * @param title the page's heading
   * @param trees what became of each question, in order
   */
  public static Report page(String title, List<Outcome<QuestionNode>> trees) {
    Report.Builder page = Report.builder(title);
    for (int i = 0; i < trees.size(); i++) {
      QuestionNode root = trees.get(i).verdict();
      String heading = root.question();
      Optional<Chart> drawn = drawn(root);
      if (drawn.isPresent()) {
        page.add(Section.charts(heading, drawn.get()));
        heading = "";
      }
      page.add(new Section.Dialogues(heading, List.of(dialogue(trees.get(i))), i == 0 ? 1 : 0, ""));
    }
    Usage usage = trees.stream().map(Outcome::usage).reduce(Usage.NONE, Usage::plus);
    return page.add(Said.cost("questions", trees.size(), usage)).build();
  }

  /** Returns one tree as a dialogue: its questions by number, parents first. */
  public static Dialogue dialogue(Outcome<QuestionNode> outcome) {
    QuestionNode root = outcome.verdict();
    Map<QuestionNode, String> numbers = numbers(root);
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("answer", root.answer().orElse("unknown"));
    facts.put("questions in the tree", String.valueOf(numbers.size()));
    if (!outcome.complete()) {
      facts.put("ended early", outcome.incomplete());
    }
    List<Contribution> contributions = new ArrayList<>();
    numbers.forEach((node, number) -> contributions.add(contribution(node, number, numbers)));
    return new Dialogue(root.question(), "", facts, contributions, Optional.empty());
  }

  private static Contribution contribution(
      QuestionNode node, String number, Map<QuestionNode, String> numbers) {
    String parts =
        node.parts().isEmpty()
            ? ""
            : "\nfrom " + node.parts().stream().map(numbers::get).collect(Collectors.joining(", "));
    List<String> notes = new ArrayList<>();
    switch (node.manner()) {
      case UNDIVIDED -> notes.add("not divided");
      case OVER_BUDGET -> notes.add("not divided: the tree was full");
      case COMPOSED, LEAF -> {}
    }
    if (node.dropped() > 0) {
      notes.add("copies left out: " + node.dropped());
    }
    boolean valid = node.exchanges().stream().allMatch(Exchange::valid);
    int attempts = node.exchanges().stream().mapToInt(Exchange::attempts).max().orElse(1);
    Usage usage = node.exchanges().stream().map(Exchange::usage).reduce(Usage.NONE, Usage::plus);
    notes.addAll(Said.notes(valid, attempts, usage));
    return new Contribution(
        number + "  " + node.question(),
        depth(number),
        Said.plain(node.answer().orElse("unknown") + parts),
        node.exchanges().stream()
            .map(exchange -> exchange.prompt() + "\n\n→ " + exchange.reply())
            .collect(Collectors.joining("\n\n———\n\n")),
        String.join(", ", notes));
  }

  /** Draws a tree, answers going up; empty when a level has too many nodes to read. */
  private static Optional<Chart> drawn(QuestionNode root) {
    Map<QuestionNode, String> numbers = numbers(root);
    int deepest = numbers.values().stream().mapToInt(DecompositionPage::depth).max().orElse(0);
    Map<Integer, Long> widths =
        numbers.values().stream()
            .collect(Collectors.groupingBy(DecompositionPage::depth, Collectors.counting()));
    if (numbers.size() < 2 || widths.values().stream().anyMatch(width -> width > WIDEST)) {
      return Optional.empty();
    }
    List<Chart.Node> nodes = new ArrayList<>();
    List<Chart.Edge> edges = new ArrayList<>();
    numbers.forEach(
        (node, number) -> {
          nodes.add(new Chart.Node(number, deepest - depth(number)));
          for (QuestionNode part : node.parts()) {
            String from = numbers.getOrDefault(part, "");
            edges.add(new Chart.Edge(from, number, 1, part.answer().orElse("unknown")));
          }
        });
    return Optional.of(new Chart.Graph("Questions and their parts", nodes, edges));
  }

  /** Numbers each node once, parents first: 1, 1.1, 1.1.1, 1.2. */
  private static Map<QuestionNode, String> numbers(QuestionNode root) {
    Map<QuestionNode, String> numbers = new LinkedHashMap<>();
    number(root, "1", numbers);
    return numbers;
  }

  private static void number(QuestionNode node, String own, Map<QuestionNode, String> numbers) {
    if (numbers.putIfAbsent(node, own) == null) {
      for (int i = 0; i < node.parts().size(); i++) {
        number(node.parts().get(i), own + "." + (i + 1), numbers);
      }
    }
  }

  /** How far below the root the node of a number is. */
  private static int depth(String number) {
    return (int) number.chars().filter(character -> character == '.').count();
  }
}

package org.alignment4j.oversight.game;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A position of a search with what was found below it. For one thread. */
final class SearchNode {
  private final FeatureGame game;
  private final Shown shown;
  private final List<Integer> legal;
  private final @Nullable SearchNode[] children;
  private int visits;
  private int underWay;
  private double sum;

  SearchNode(FeatureGame game, Shown shown) {
    this.game = game;
    this.shown = shown;
    this.legal = game.over(shown) ? List.of() : game.legal(shown);
    this.children = new SearchNode[legal.size()];
  }

  Shown shown() {
    return shown;
  }

  /** Follows the most promising moves to a position that was not visited yet, or to the end. */
  List<SearchNode> descend(double exploration) {
    List<SearchNode> path = new ArrayList<>();
    SearchNode node = this;
    node.underWay++;
    path.add(node);
    while (!node.legal.isEmpty()) {
      int move = node.promising(exploration);
      @Nullable SearchNode child = node.children[move];
      boolean fresh = child == null;
      if (child == null) {
        child = new SearchNode(game, game.show(node.shown, node.legal.get(move)));
        node.children[move] = child;
      }
      child.underWay++;
      path.add(child);
      node = child;
      if (fresh) {
        break;
      }
    }
    return path;
  }

  /** PUCT from the view of whoever is to move here; lines under way count as lost. */
  private int promising(double exploration) {
    double sign = game.honestToMove(shown) ? 1 : -1;
    double prior = 1.0 / legal.size();
    double root = Math.sqrt(visits + underWay);
    int best = 0;
    double bestScore = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < children.length; i++) {
      @Nullable SearchNode child = children[i];
      int count = child == null ? 0 : child.visits + child.underWay;
      double value = child == null || count == 0 ? 0 : (sign * child.sum - child.underWay) / count;
      double score = value + exploration * prior * root / (1 + count);
      if (score > bestScore) {
        best = i;
        bestScore = score;
      }
    }
    return best;
  }

  /** Ends a line that went through here; the value is the honest player's. */
  void settle(double value) {
    underWay--;
    visits++;
    sum += value;
  }

  /** The feature most visited; of equals the one with the better value for who is to move. */
  int mostVisited() {
    double sign = game.honestToMove(shown) ? 1 : -1;
    int best = 0;
    int bestVisits = -1;
    double bestValue = 0;
    for (int i = 0; i < children.length; i++) {
      @Nullable SearchNode child = children[i];
      int count = child == null ? 0 : child.visits;
      double value = child == null || count == 0 ? -1 : sign * child.sum / count;
      if (count > bestVisits || (count == bestVisits && value > bestValue)) {
        best = i;
        bestVisits = count;
        bestValue = value;
      }
    }
    return legal.get(best);
  }
}

package org.alignment4j.oversight.game;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A position of a search with what was found below it. For one thread. */
final class SearchNode {
  private static final double[] NOT_YET = {};

  private final FeatureGame game;
  private final Shown shown;
  private final MovePriors priors;
  private final List<Integer> legal;
  private final @Nullable SearchNode[] children;
  private final double sign;
  private double[] prior = NOT_YET;
  private int visits;
  private int underWay;
  private double sum;

  SearchNode(FeatureGame game, Shown shown, MovePriors priors) {
    this.game = game;
    this.shown = shown;
    this.priors = priors;
    this.legal = game.over(shown) ? List.of() : game.legal(shown);
    this.children = new SearchNode[legal.size()];
    this.sign = game.honestToMove(shown) ? 1 : -1;
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
      boolean fresh = node.children[move] == null;
      node = node.child(move);
      node.underWay++;
      path.add(node);
      if (fresh) {
        break;
      }
    }
    return path;
  }

  private SearchNode child(int move) {
    @Nullable SearchNode child = children[move];
    if (child == null) {
      child = new SearchNode(game, game.show(shown, legal.get(move)), priors);
      children[move] = child;
    }
    return child;
  }

  /**
   * PUCT from the view of whoever is to move here. Lines under way count as lost; a move that was
   * not tried is worth what this position is.
   */
  private int promising(double exploration) {
    if (prior.length == 0) {
      prior = priors.of(legal, sign);
    }
    double unknown = visits == 0 ? 0 : sign * sum / visits;
    double root = Math.sqrt(visits + underWay);
    int best = 0;
    double bestScore = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < children.length; i++) {
      @Nullable SearchNode child = children[i];
      int count = child == null ? 0 : child.visits + child.underWay;
      double value =
          child == null || count == 0 ? unknown : (sign * child.sum - child.underWay) / count;
      double score = value + exploration * prior[i] * root / (1 + count);
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

package org.alignment4j.runtime.generate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The token sequences that spell given texts, as a trie that is walked a level at a time: every
 * tokenisation by tokens of whole characters, and the tokenizer's own.
 */
final class ChoiceTrie {

  /** Not on this way. */
  private static final int OFF = -1;

  /**
   * How far a token sequence has come in a choice.
   *
   * @param choice index of the choice
   * @param offset characters spelt, or {@link #OFF}
   * @param own tokens of the tokenizer's own tokenisation, or {@link #OFF}
   */
  private record State(int choice, int offset, int own) {}

  /** A token sequence that begins a tokenisation of a choice. */
  static final class Node {
    private final int[] tokens;
    private final double logProb;
    private final Map<Integer, State> states = new LinkedHashMap<>();

    private Node(int[] tokens, double logProb) {
      this.tokens = tokens;
      this.logProb = logProb;
    }

    int[] tokens() {
      return tokens;
    }

    int last() {
      return tokens[tokens.length - 1];
    }

    /** Log-probability of the sequence after the prompt. */
    double logProb() {
      return logProb;
    }

    /** Whether it begins the tokenizer's own tokenisation of a choice. */
    boolean isOwn() {
      return states.values().stream().anyMatch(state -> state.own() != OFF);
    }

    boolean isEmpty() {
      return states.isEmpty();
    }

    /** Reaches a choice by one way or, where another has come here already, by both. */
    private void reach(int choice, int offset, int own) {
      states.merge(
          choice,
          new State(choice, offset, own),
          (a, b) ->
              new State(choice, Math.max(a.offset(), b.offset()), Math.max(a.own(), b.own())));
    }
  }

  private final List<String> choices;
  private final List<int[]> own;
  private final TokenSpellings spellings;

  /**
   * A trie of the choices.
   *
   * @param own the tokenizer's own tokenisation of each choice
   */
  ChoiceTrie(List<String> choices, List<int[]> own, TokenSpellings spellings) {
    this.choices = choices;
    this.own = own;
    this.spellings = spellings;
  }

  /** The empty sequence, which begins the given choices. */
  Node root(Set<Integer> indices) {
    Node root = new Node(new int[0], 0);
    indices.forEach(choice -> root.reach(choice, 0, 0));
    return root;
  }

  /** Tokens of the longest of the tokenizer's own tokenisations. */
  int longestOwn() {
    return own.stream().mapToInt(tokens -> tokens.length).max().orElse(0);
  }

  /** The choices that a sequence spells whole; they leave the node. */
  List<Integer> takeComplete(Node node) {
    List<Integer> complete = new ArrayList<>();
    node.states
        .values()
        .removeIf(
            state -> {
              boolean whole =
                  state.offset() == choices.get(state.choice()).length()
                      || state.own() == own.get(state.choice()).length;
              if (whole) {
                complete.add(state.choice());
              }
              return whole;
            });
    return complete;
  }

  /** Whether a sequence is the tokenizer's own tokenisation of a choice. */
  boolean isOwn(Node node, int choice) {
    return Arrays.equals(node.tokens, own.get(choice));
  }

  /**
   * The sequences one token longer.
   *
   * @param logProbs of the tokens after the node, {@code [vocabSize]}
   */
  List<Node> children(Node node, double[] logProbs) {
    Map<Integer, Node> children = new LinkedHashMap<>();
    for (State state : node.states.values()) {
      int choice = state.choice();
      if (state.offset() != OFF) {
        spellings.at(
            choices.get(choice),
            state.offset(),
            (token, end) -> child(children, node, token, logProbs).reach(choice, end, OFF));
      }
      if (state.own() != OFF && state.own() < own.get(choice).length) {
        int token = own.get(choice)[state.own()];
        child(children, node, token, logProbs).reach(choice, OFF, state.own() + 1);
      }
    }
    return List.copyOf(children.values());
  }

  private static Node child(Map<Integer, Node> children, Node node, int token, double[] logProbs) {
    return children.computeIfAbsent(
        token,
        t -> {
          int[] tokens = Arrays.copyOf(node.tokens, node.tokens.length + 1);
          tokens[node.tokens.length] = t;
          return new Node(tokens, node.logProb + logProbs[t]);
        });
  }
}

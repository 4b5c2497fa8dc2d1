package org.alignment4j.runtime.score;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.alignment4j.api.model.TokenIds;

/**
 * Which prompts share the computation of their first tokens. Prompts in the order of their tokens
 * are parted where neighbours are least alike, both sides likewise, and so on; of each part and its
 * sides that one is shared which leaves fewer tokens to compute. A pure function of the prompts.
 */
final class PrefixGroups {

  /** Tokens whose computation costs as much as the run that a prefix takes besides its tokens. */
  private static final long RUN = 64;

  /**
   * A prompt.
   *
   * @param prompt its tokens, of which the last is never shared, since a row needs one of its own
   * @param rows rows that begin with it
   */
  record Sharer(TokenIds prompt, int rows) {}

  /**
   * Prompts with one beginning.
   *
   * @param prefix how many tokens they share
   * @param members their indices
   */
  record Group(int prefix, List<Integer> members) {}

  private final List<Sharer> sharers;
  private final int most;
  private final List<Integer> order = new ArrayList<>();
  private final int[] alike;

  private PrefixGroups(List<Sharer> sharers, int most) {
    this.sharers = sharers;
    this.most = most;
    for (int i = 0; i < sharers.size(); i++) {
      order.add(i);
    }
    order.sort((a, b) -> compare(prompt(a), prompt(b)));
    alike = new int[Math.max(0, sharers.size() - 1)];
    for (int i = 0; i < alike.length; i++) {
      TokenIds a = prompt(order.get(i));
      TokenIds b = prompt(order.get(i + 1));
      alike[i] = Math.min(alike(a, b), Math.min(shared(a), shared(b)));
    }
  }

  /**
   * The groups worth sharing; prompts of none are left out.
   *
   * @param most tokens of a prefix whose keys and values may be kept
   */
  static List<Group> of(List<Sharer> sharers, int most) {
    if (sharers.isEmpty()) {
      return List.of();
    }
    return new PrefixGroups(sharers, most).best();
  }

  private TokenIds prompt(int index) {
    return sharers.get(index).prompt();
  }

  private int shared(TokenIds prompt) {
    return Math.min(most, prompt.size() - 1);
  }

  private static int alike(TokenIds a, TokenIds b) {
    int most = Math.min(a.size(), b.size());
    int n = 0;
    while (n < most && a.get(n) == b.get(n)) {
      n++;
    }
    return n;
  }

  private static int compare(TokenIds a, TokenIds b) {
    int n = alike(a, b);
    return n < Math.min(a.size(), b.size())
        ? Integer.compare(a.get(n), b.get(n))
        : Integer.compare(a.size(), b.size());
  }

  /** Each part is one group, or what is best for its two sides. */
  private List<Group> best() {
    List<Part> parts = parts();
    for (int i = parts.size() - 1; i >= 0; i--) {
      Part part = parts.get(i);
      long apart = 0;
      for (Part side : part.sides) {
        apart += side.saved;
        part.rows += side.rows;
      }
      long together = (part.rows - 1) * part.prefix - RUN;
      part.together = together > apart;
      part.saved = Math.max(together, apart);
    }
    List<Group> groups = new ArrayList<>();
    Deque<Part> open = new ArrayDeque<>(List.of(parts.get(0)));
    while (!open.isEmpty()) {
      Part part = open.pop();
      if (part.together) {
        groups.add(new Group(part.prefix, List.copyOf(order.subList(part.from, part.to + 1))));
      } else {
        part.sides.forEach(open::push);
      }
    }
    return groups;
  }

  /** All parts, each before its sides: a Cartesian tree. */
  private List<Part> parts() {
    int[] left = new int[alike.length];
    int[] right = new int[alike.length];
    int root = cuts(left, right);
    List<Part> parts = new ArrayList<>();
    Deque<Part> open = new ArrayDeque<>();
    open.push(new Part(0, sharers.size() - 1, root));
    while (!open.isEmpty()) {
      Part part = open.pop();
      parts.add(part);
      if (part.cut < 0) {
        part.prefix = shared(prompt(order.get(part.from)));
        part.rows = sharers.get(order.get(part.from)).rows();
        continue;
      }
      part.prefix = alike[part.cut];
      part.sides.add(new Part(part.from, part.cut, left[part.cut]));
      part.sides.add(new Part(part.cut + 1, part.to, right[part.cut]));
      part.sides.forEach(open::push);
    }
    return parts;
  }

  /** Where each side of a cut is cut in turn, −1 for a single prompt; returns the first cut. */
  private int cuts(int[] left, int[] right) {
    Deque<Integer> open = new ArrayDeque<>();
    for (int i = 0; i < alike.length; i++) {
      left[i] = -1;
      right[i] = -1;
      while (!open.isEmpty() && alike[open.element()] > alike[i]) {
        left[i] = open.pop();
      }
      if (!open.isEmpty()) {
        right[open.element()] = i;
      }
      open.push(i);
    }
    return open.isEmpty() ? -1 : open.getLast();
  }

  /** Neighbours in order, and where they are least alike. */
  private static final class Part {
    private final int from;
    private final int to;
    private final int cut;
    private final List<Part> sides = new ArrayList<>();
    private int prefix;
    private long rows;
    private long saved;
    private boolean together;

    Part(int from, int to, int cut) {
      this.from = from;
      this.to = to;
      this.cut = cut;
    }
  }
}

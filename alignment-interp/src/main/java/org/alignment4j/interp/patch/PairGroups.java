package org.alignment4j.interp.patch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.hook.LogitMetric;
import org.alignment4j.api.model.TokenIds;

/** Pairs that can be run together: of one length, with metrics of one form. */
final class PairGroups {

  private PairGroups() {}

  private record Alike(int length, LogitMetric.Form form) {}

  /**
   * Some of the pairs.
   *
   * @param indices where they stand among all
   */
  record Group(List<ContrastPair> pairs, List<Integer> indices) {

    List<TokenIds> base(PatchDirection direction) {
      return pairs.stream().map(pair -> pair.base(direction)).toList();
    }

    List<TokenIds> source(PatchDirection direction) {
      return pairs.stream().map(pair -> pair.source(direction)).toList();
    }

    LogitMetric metric() {
      return LogitMetric.each(pairs.stream().map(ContrastPair::metric).toList());
    }
  }

  /**
   * Groups of at most so many pairs.
   *
   * @param sameLength whether all pairs must be equally long
   * @throws IllegalArgumentException when there is no pair, or lengths differ that must not
   */
  static List<Group> of(List<ContrastPair> pairs, int most, boolean sameLength) {
    if (pairs.isEmpty()) {
      throw new IllegalArgumentException("there must be at least one pair");
    }
    Map<Alike, List<Integer>> alike = new LinkedHashMap<>();
    for (int i = 0; i < pairs.size(); i++) {
      ContrastPair pair = pairs.get(i);
      if (sameLength && pair.length() != pairs.get(0).length()) {
        throw new IllegalArgumentException(
            "pairs must have equally many tokens where cells are positions but pair 0 has "
                + pairs.get(0).length()
                + " and pair "
                + i
                + " has "
                + pair.length()
                + "; sweep over other axes, or choose pairs of one length");
      }
      alike
          .computeIfAbsent(new Alike(pair.length(), pair.metric().form()), k -> new ArrayList<>())
          .add(i);
    }
    List<Group> groups = new ArrayList<>();
    for (List<Integer> members : alike.values()) {
      for (int from = 0; from < members.size(); from += most) {
        List<Integer> part = members.subList(from, Math.min(members.size(), from + most));
        groups.add(new Group(part.stream().map(pairs::get).toList(), List.copyOf(part)));
      }
    }
    return groups;
  }
}

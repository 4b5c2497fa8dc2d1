package org.alignment4j.interp.feature;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.alignment4j.interp.feature.FeatureFirings.Firing;

/**
 * Which tokens of a feature are shown.
 *
 * @param top the strongest token of each of the strongest texts
 * @param groups of equally many tokens by rank, strongest first
 */
record FeaturePicks(List<Firing> top, List<PickedGroup> groups) {

  /** The range of a group and the tokens drawn of it. */
  record PickedGroup(double low, double high, long size, List<Firing> drawn) {}

  static FeaturePicks of(FeatureFirings firings, DashboardOptions options, int index) {
    List<Firing> all = firings.descending();
    List<Firing> top = new ArrayList<>();
    Set<Integer> seen = new HashSet<>();
    for (Firing firing : all) {
      if (top.size() == options.topTexts()) {
        break;
      }
      if (seen.add(firing.text())) {
        top.add(firing);
      }
    }
    SplittableRandom random = new SplittableRandom(options.seed() + index);
    List<PickedGroup> groups = new ArrayList<>();
    int count = Math.min(options.groups(), all.size());
    for (int g = 0; g < count; g++) {
      List<Firing> members =
          all.subList(
              (int) ((long) all.size() * g / count), (int) ((long) all.size() * (g + 1) / count));
      groups.add(
          new PickedGroup(
              members.get(members.size() - 1).value(),
              members.get(0).value(),
              members.size(),
              draw(members, options.groupTexts(), random)));
    }
    return new FeaturePicks(List.copyOf(top), List.copyOf(groups));
  }

  /** Draws without replacement, in the order of the members (Knuth's algorithm S). */
  private static List<Firing> draw(List<Firing> members, int count, SplittableRandom random) {
    List<Firing> drawn = new ArrayList<>();
    int wanted = Math.min(count, members.size());
    for (int i = 0; i < members.size() && wanted > 0; i++) {
      if (random.nextInt(members.size() - i) < wanted) {
        drawn.add(members.get(i));
        wanted--;
      }
    }
    return drawn;
  }

  /** The texts that are needed to show them. */
  List<Integer> texts() {
    return Stream.concat(top.stream(), groups.stream().flatMap(group -> group.drawn().stream()))
        .map(Firing::text)
        .toList();
  }
}

package org.alignment4j.interp.audit;

import com.google.common.primitives.ImmutableIntArray;
import com.google.common.primitives.Ints;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.alignment4j.api.model.TokenIds;

/**
 * Statements by number.
 *
 * @param groups number of each one's topic and group
 */
record TruthData(
    List<TokenIds> tokens, List<Boolean> truths, List<String> topics, ImmutableIntArray groups) {

  static TruthData of(List<TruthStatement> statements) {
    if (statements.isEmpty()) {
      throw new IllegalArgumentException("statements must be at least one but were none");
    }
    Map<List<String>, Integer> numbers = new HashMap<>();
    ImmutableIntArray.Builder groups = ImmutableIntArray.builder();
    for (TruthStatement statement : statements) {
      List<String> group = List.of(statement.topic(), statement.group());
      groups.add(numbers.computeIfAbsent(group, g -> numbers.size()));
    }
    return new TruthData(
        statements.stream().map(TruthStatement::tokens).toList(),
        statements.stream().map(TruthStatement::truth).toList(),
        statements.stream().map(TruthStatement::topic).toList(),
        groups.build());
  }

  int size() {
    return tokens.size();
  }

  int[] of(String topic) {
    return IntStream.range(0, size()).filter(i -> topics.get(i).equals(topic)).toArray();
  }

  boolean[] labels(int[] items) {
    boolean[] labels = new boolean[items.length];
    for (int i = 0; i < items.length; i++) {
      labels[i] = truths.get(items[i]);
    }
    return labels;
  }

  int[] groups(int[] items) {
    return Arrays.stream(items).map(groups::get).toArray();
  }

  /** Accuracy on some statements of always saying what is more frequent among others. */
  double majority(int[] fitted, int[] tested) {
    long truths = Arrays.stream(fitted).filter(this.truths::get).count();
    boolean most = 2 * truths > fitted.length;
    return (double) Arrays.stream(tested).filter(i -> this.truths.get(i) == most).count()
        / tested.length;
  }

  /**
   * The same statements with truths that say nothing. Statements of a group are not independent, so
   * within a topic the groups of one truth exchange it as wholes, and in groups of both truths the
   * statements exchange theirs (the blocks of Winkler et al. 2015, section 2.2).
   */
  TruthData shuffled(SplittableRandom random) {
    List<Boolean> drawn = new ArrayList<>(truths);
    for (String topic : topics.stream().distinct().toList()) {
      List<int[]> ofOneTruth = new ArrayList<>();
      for (int[] group : groupsOf(topic)) {
        boolean first = truths.get(group[0]);
        if (Arrays.stream(group).allMatch(i -> truths.get(i) == first)) {
          ofOneTruth.add(group);
        } else {
          exchange(Arrays.stream(group).mapToObj(i -> new int[] {i}).toList(), drawn, random);
        }
      }
      exchange(ofOneTruth, drawn, random);
    }
    return new TruthData(tokens, List.copyOf(drawn), topics, groups);
  }

  private Collection<int[]> groupsOf(String topic) {
    Map<Integer, List<Integer>> members = new LinkedHashMap<>();
    for (int i : of(topic)) {
      members.computeIfAbsent(groups.get(i), g -> new ArrayList<>()).add(i);
    }
    return members.values().stream().map(Ints::toArray).toList();
  }

  /** Gives blocks, each of one truth, those truths in random order. */
  private void exchange(List<int[]> blocks, List<Boolean> drawn, SplittableRandom random) {
    List<Boolean> order = new ArrayList<>();
    blocks.forEach(block -> order.add(truths.get(block[0])));
    for (int i = order.size() - 1; i > 0; i--) {
      Collections.swap(order, i, random.nextInt(i + 1));
    }
    for (int b = 0; b < order.size(); b++) {
      for (int i : blocks.get(b)) {
        drawn.set(i, order.get(b));
      }
    }
  }
}

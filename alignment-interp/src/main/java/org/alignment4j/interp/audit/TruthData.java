package org.alignment4j.interp.audit;

import com.google.common.primitives.ImmutableIntArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
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

  /** The same statements with the truths of each topic in random order. */
  TruthData shuffled(SplittableRandom random) {
    List<Boolean> drawn = new ArrayList<>(truths);
    for (String topic : topics.stream().distinct().toList()) {
      int[] items = of(topic);
      for (int i = items.length - 1; i > 0; i--) {
        int j = random.nextInt(i + 1);
        boolean moved = drawn.get(items[i]);
        drawn.set(items[i], drawn.get(items[j]));
        drawn.set(items[j], moved);
      }
    }
    return new TruthData(tokens, List.copyOf(drawn), topics, groups);
  }
}

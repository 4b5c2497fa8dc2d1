package org.alignment4j.rlhf.advantage;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apiguardian.api.API;

/**
 * Which completions answer the same prompt. Groups may differ in size and their members may lie
 * apart. Immutable and thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Groups {

  private final int[] groupOf;
  private final int[][] members;

  private Groups(int[] groupOf) {
    this.groupOf = groupOf;
    int count = Arrays.stream(groupOf).max().orElse(-1) + 1;
    int[] sizes = new int[count];
    for (int group : groupOf) {
      sizes[group]++;
    }
    this.members = new int[count][];
    for (int g = 0; g < count; g++) {
      members[g] = new int[sizes[g]];
    }
    int[] filled = new int[count];
    for (int s = 0; s < groupOf.length; s++) {
      members[groupOf[s]][filled[groupOf[s]]++] = s;
    }
  }

  /**
   * Returns groups of one size whose members follow each other.
   *
   * @param groups number of groups, from 0
   * @param size completions a prompt, from 1
   * @return the groups
   * @throws IllegalArgumentException when a number is too small
   */
  public static Groups consecutive(int groups, int size) {
    if (groups < 0 || size < 1) {
      throw new IllegalArgumentException(
          "groups must be at least 0 and size at least 1 but were %s and %s"
              .formatted(groups, size));
    }
    int[] groupOf = new int[Math.multiplyExact(groups, size)];
    Arrays.setAll(groupOf, s -> s / size);
    return new Groups(groupOf);
  }

  /**
   * Returns groups by index.
   *
   * @param groupOf index of the group of each sequence; indices run from 0 without a gap
   * @return the groups
   * @throws IllegalArgumentException when an index is negative or a group is empty
   */
  public static Groups ofIndices(int... groupOf) {
    for (int s = 0; s < groupOf.length; s++) {
      if (groupOf[s] < 0 || groupOf[s] >= groupOf.length) {
        throw new IllegalArgumentException(
            "groupOf[%s] must be in [0, %s) but was %s".formatted(s, groupOf.length, groupOf[s]));
      }
    }
    Groups groups = new Groups(groupOf.clone());
    for (int g = 0; g < groups.count(); g++) {
      if (groups.members[g].length == 0) {
        throw new IllegalArgumentException("group indices must run without a gap but none is " + g);
      }
    }
    return groups;
  }

  /**
   * Returns the number of sequences.
   *
   * @return the number over all groups
   */
  public int sequences() {
    return groupOf.length;
  }

  /**
   * Returns the number of groups.
   *
   * @return the number, from 0
   */
  public int count() {
    return members.length;
  }

  /**
   * Returns the group of a sequence.
   *
   * @param sequence its index
   * @return index of the group
   */
  public int of(int sequence) {
    return groupOf[sequence];
  }

  /**
   * Returns the sequences of a group.
   *
   * @param group its index
   * @return their indices, ascending, at least one; a copy
   */
  public int[] members(int group) {
    return members[group].clone();
  }

  /**
   * Returns the groups of some sequences, without those that have none of them.
   *
   * @param sequences their indices, in the order wanted
   * @return groups of {@code sequences.length} sequences, numbered in the order they come up
   */
  public Groups select(int... sequences) {
    Map<Integer, Integer> numbers = new HashMap<>();
    int[] picked = new int[sequences.length];
    for (int i = 0; i < picked.length; i++) {
      int group = groupOf[sequences[i]];
      numbers.putIfAbsent(group, numbers.size());
      picked[i] = numbers.get(group);
    }
    return new Groups(picked);
  }

  /** Refuses groups without a second member, whose reward nothing can be compared with. */
  void requirePairs(String method) {
    requireMembers(2, method);
  }

  /** Refuses groups that are too small. */
  void requireMembers(int fewest, String method) {
    for (int g = 0; g < members.length; g++) {
      if (members[g].length < fewest) {
        throw new IllegalArgumentException(
            "%s needs groups of at least %s completions but group %s has %s; sample more per prompt"
                .formatted(method, fewest, g, members[g].length));
      }
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Groups that && Arrays.equals(groupOf, that.groupOf);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(groupOf);
  }

  @Override
  public String toString() {
    return "Groups" + Arrays.toString(groupOf);
  }
}

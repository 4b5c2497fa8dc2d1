package org.alignment4j.runtime.score;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.score.PrefixGroups.Group;
import org.alignment4j.runtime.score.PrefixGroups.Sharer;

class PrefixGroupsProperties {

  private static final int RUN = 64;

  /** A few beginnings of different lengths, alike in part, with endings of their own. */
  private static List<Sharer> sharers(long seed, int count) {
    Random random = new Random(seed);
    int[] first = random.ints(120, 0, 3).toArray();
    List<int[]> beginnings = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      int[] beginning = first.clone();
      for (int t = random.nextInt(100); t < beginning.length; t++) {
        beginning[t] = random.nextInt(3);
      }
      beginnings.add(beginning);
    }
    List<Sharer> sharers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int[] beginning = beginnings.get(random.nextInt(3));
      TokenIds prompt =
          TokenIds.of(beginning)
              .slice(0, 1 + random.nextInt(beginning.length))
              .concat(TokenIds.of(random.ints(random.nextInt(4), 0, 3).toArray()));
      sharers.add(new Sharer(prompt, 1 + random.nextInt(2)));
    }
    return sharers;
  }

  private static long saved(List<Sharer> sharers, Group group) {
    long rows = group.members().stream().mapToLong(i -> sharers.get(i).rows()).sum();
    return (rows - 1) * group.prefix() - RUN;
  }

  /** Clusters whose prompts have a beginning of their own, and loners. */
  @Property(tries = 100)
  void promptsOfOneBeginningAreOneGroup(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 6) int clusters) {
    Random random = new Random(seed);
    List<Sharer> sharers = new ArrayList<>();
    List<Group> expected = new ArrayList<>();
    for (int c = 0; c < clusters; c++) {
      int prefix = 40 + random.nextInt(60);
      TokenIds beginning = TokenIds.of(random.ints(prefix, 10 * c, 10 * c + 10).toArray());
      List<Integer> members = new ArrayList<>();
      for (int i = 0; i < 3 + random.nextInt(5); i++) {
        members.add(sharers.size());
        sharers.add(new Sharer(beginning.concat(TokenIds.of(1000 + i, 5)), 1));
      }
      expected.add(new Group(prefix, members));
    }
    sharers.add(new Sharer(TokenIds.of(random.ints(80, 500, 600).toArray()), 1));
    assertThat(PrefixGroups.of(sharers, Integer.MAX_VALUE))
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  @Property(tries = 150)
  void groupsSaveNoLessThanOneOfAll(
      @ForAll long seed, @ForAll @IntRange(min = 2, max = 40) int count) {
    List<Sharer> sharers = sharers(seed, count);
    int shared = sharers.stream().mapToInt(s -> s.prompt().size() - 1).min().orElse(0);
    TokenIds first = sharers.get(0).prompt();
    while (!alike(sharers, first.slice(0, shared))) {
      shared--;
    }
    Group all = new Group(shared, IntStream.range(0, count).boxed().toList());
    assertThat(saved(sharers)).isGreaterThanOrEqualTo(Math.max(0, saved(sharers, all)));
  }

  private static boolean alike(List<Sharer> sharers, TokenIds beginning) {
    return sharers.stream().allMatch(s -> s.prompt().startsWith(beginning));
  }

  @Property(tries = 150)
  void groupsAreApartAndBeginAsTheySay(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 60) int count,
      @ForAll @IntRange(min = 0, max = 100) int most) {
    List<Sharer> sharers = sharers(seed, count);
    Set<Integer> seen = new HashSet<>();
    for (Group group : PrefixGroups.of(sharers, most)) {
      assertThat(group.prefix()).isBetween(1, most);
      assertThat(saved(sharers, group)).isPositive();
      TokenIds first = sharers.get(group.members().get(0)).prompt();
      for (int member : group.members()) {
        assertThat(seen.add(member)).isTrue();
        TokenIds prompt = sharers.get(member).prompt();
        assertThat(prompt.size()).isGreaterThan(group.prefix());
        assertThat(prompt.startsWith(first.slice(0, group.prefix()))).isTrue();
      }
    }
  }

  @Property(tries = 50)
  void theOrderOfPromptsDecidesNothing(@ForAll long seed) {
    List<Sharer> sharers = sharers(seed, 20);
    List<Sharer> reversed = IntStream.range(0, 20).mapToObj(i -> sharers.get(19 - i)).toList();
    assertThat(saved(sharers)).isEqualTo(saved(reversed));
  }

  private static long saved(List<Sharer> sharers) {
    return PrefixGroups.of(sharers, Integer.MAX_VALUE).stream()
        .mapToLong(g -> saved(sharers, g))
        .sum();
  }

  @Example
  void nothingIsSharedByNobodyOrFewTokens() {
    assertThat(PrefixGroups.of(List.of(), 10)).isEmpty();
    Sharer one = new Sharer(TokenIds.of(new int[500]), 1);
    assertThat(PrefixGroups.of(List.of(one), 1000)).isEmpty();
    Sharer few = new Sharer(TokenIds.of(new int[66]), 1);
    assertThat(PrefixGroups.of(List.of(one, few), 64)).isEmpty();
    assertThat(PrefixGroups.of(List.of(one, few), 1000))
        .singleElement()
        .extracting(Group::prefix)
        .isEqualTo(65);
  }

  /** Each prompt begins the next, so that every cut is at an end. */
  @Example
  void manyPromptsOfWhichEachBeginsTheNext() {
    List<Sharer> sharers = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      sharers.add(new Sharer(TokenIds.of(new int[i + 1]), 1));
    }
    assertThat(PrefixGroups.of(sharers, Integer.MAX_VALUE)).isNotEmpty();
  }
}

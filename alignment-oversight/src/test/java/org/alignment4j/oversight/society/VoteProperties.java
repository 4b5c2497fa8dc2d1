package org.alignment4j.oversight.society;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class VoteProperties {

  @Property
  void winnerHasMostVotesWhateverTheOrder(
      @ForAll @Size(max = 9) List<@IntRange(max = 4) Integer> ballots, @ForAll long seed) {
    List<Optional<String>> answers = new ArrayList<>();
    ballots.forEach(
        ballot -> answers.add(ballot == 0 ? Optional.empty() : Optional.of("a" + ballot)));
    Vote vote = Vote.of(answers, seed);
    Map<String, Long> counts =
        answers.stream()
            .flatMap(Optional::stream)
            .collect(Collectors.groupingBy(a -> a, TreeMap::new, Collectors.counting()));
    long most = counts.values().stream().mapToLong(Long::longValue).max().orElse(0);
    assertThat(vote.winner().isPresent()).isEqualTo(most > 0);
    vote.winner().ifPresent(winner -> assertThat(counts).containsEntry(winner, most));
    assertThat(vote.tie()).isEqualTo(counts.values().stream().filter(c -> c == most).count() > 1);
    assertThat(vote.unparsed()).isEqualTo(Collections.frequency(ballots, 0));
    assertThat(vote.consensus()).isEqualTo(ballots.isEmpty() ? 0 : most / (double) ballots.size());
    List<Optional<String>> shuffled = new ArrayList<>(answers);
    Collections.shuffle(shuffled, new Random(seed));
    assertThat(Vote.of(shuffled, seed)).isEqualTo(vote);
  }

  @Example
  void seedsBreakTiesEvenly() {
    List<Optional<String>> tie = List.of(Optional.of("x"), Optional.of("y"), Optional.empty());
    int first = 0;
    for (int seed = 0; seed < 1000; seed++) {
      first += Vote.of(tie, seed).winner().equals(Optional.of("x")) ? 1 : 0;
    }
    assertThat(first).isBetween(440, 560);
  }
}

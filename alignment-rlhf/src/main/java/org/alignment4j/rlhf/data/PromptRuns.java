package org.alignment4j.rlhf.data;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.rlhf.data.RolloutRows.Answer;
import org.alignment4j.runtime.engine.PrefixBatch;
import org.alignment4j.runtime.engine.PrefixBatch.Continuation;
import org.alignment4j.runtime.train.MicroBatch;

/**
 * Runs over prompts, each there once, and the answers to them: prompts padded to one length and
 * answers to another, so that attention compares nothing else. Prompts whose answers are as long
 * lie together, since padding is what this costs.
 */
final class PromptRuns {

  /** ONNX Runtime turns no more positions of a run than the shortest rotary tables have rows. */
  private static final int TOKENS_PER_RUN = 1 << 12;

  /** Most bytes that a run keeps of blocks, unless one answer alone takes more. */
  private static final double BYTES_PER_RUN = 3.5 * (1L << 30);

  /** Answers of a run to one prompt. */
  private record Group(TokenIds prompt, List<Integer> answers) {}

  /** Sizes of a run. */
  private record Size(int prompts, int promptLength, int answers, int answerLength) {

    Size with(int newPrompts, TokenIds prompt, TokenIds answer) {
      return new Size(
          prompts + newPrompts,
          Math.max(promptLength, prompt.size()),
          answers + 1,
          Math.max(answerLength, answer.size()));
    }

    long tokens() {
      return (long) prompts * promptLength + (long) answers * answerLength;
    }

    double pairs() {
      return (double) prompts * promptLength * promptLength
          + (double) answers * answerLength * (promptLength + answerLength);
    }
  }

  private static final Size NOTHING = new Size(0, 0, 0, 0);

  private final List<Answer> answers;
  private final RowCosts costs;
  private final List<List<Group>> runs = new ArrayList<>();
  private final List<Size> sizes = new ArrayList<>();

  PromptRuns(List<Answer> answers, RowCosts costs) {
    this.answers = answers;
    this.costs = costs;
    runs.add(new ArrayList<>());
    sizes.add(NOTHING);
    groups().forEach(this::add);
  }

  /** Answers by prompt, the shortest first. */
  private List<Group> groups() {
    Map<TokenIds, Group> byPrompt = new LinkedHashMap<>();
    List<Group> groups = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      TokenIds prompt = answers.get(i).prompt();
      if (answers.get(i).length() > costs.sharedLength()) {
        groups.add(new Group(prompt, List.of(i)));
      } else {
        byPrompt.computeIfAbsent(prompt, p -> new Group(p, new ArrayList<>())).answers().add(i);
      }
    }
    groups.addAll(byPrompt.values());
    groups.sort(
        Comparator.comparingInt(this::longestAnswer).thenComparingInt(g -> g.prompt().size()));
    return groups;
  }

  private int longestAnswer(Group group) {
    return group.answers().stream()
        .mapToInt(i -> answers.get(i).completion().size())
        .max()
        .orElse(0);
  }

  private void add(Group group) {
    Group part = null;
    for (int answer : group.answers()) {
      TokenIds tokens = answers.get(answer).completion();
      Size present = sizes.get(sizes.size() - 1);
      Size grown = present.with(part == null ? 1 : 0, group.prompt(), tokens);
      if (present.answers() > 0 && !fits(grown)) {
        runs.add(new ArrayList<>());
        sizes.add(NOTHING);
        part = null;
        grown = NOTHING.with(1, group.prompt(), tokens);
      }
      if (part == null) {
        part = new Group(group.prompt(), new ArrayList<>());
        runs.get(runs.size() - 1).add(part);
      }
      part.answers().add(answer);
      sizes.set(sizes.size() - 1, grown);
    }
  }

  private boolean fits(Size size) {
    return size.tokens() <= TOKENS_PER_RUN
        && costs.positionBytes() * (double) size.tokens() + costs.pairBytes() * size.pairs()
            <= BYTES_PER_RUN;
  }

  /** What all runs cost. */
  double cost() {
    return sizes.stream().mapToDouble(s -> costs.of(s.tokens(), s.pairs())).sum();
  }

  /** The micro-batches, as {@link RolloutRows#microBatches(List, int[], RowPlan)} gives them. */
  List<RolloutRows.Batch> batches(int[] steps) {
    return runs.stream().map(run -> batch(steps, run)).toList();
  }

  private RolloutRows.Batch batch(int[] steps, List<Group> run) {
    List<int[]> prompts = new ArrayList<>();
    List<Continuation> continuations = new ArrayList<>();
    List<Integer> inside = new ArrayList<>();
    for (Group group : run) {
      for (int answer : group.answers()) {
        inside.add(answer);
        continuations.add(
            new Continuation(prompts.size(), answers.get(answer).completion().toArray()));
      }
      prompts.add(group.prompt().toArray());
    }
    PrefixBatch tokens = new PrefixBatch(prompts, continuations);
    List<Long> rows = new ArrayList<>();
    List<Long> labels = new ArrayList<>();
    List<Integer> owners = new ArrayList<>();
    List<Integer> positions = new ArrayList<>();
    for (int a = 0; a < inside.size(); a++) {
      int prompt = continuations.get(a).prefix();
      int[] answer = continuations.get(a).tokens();
      for (int t = 0; t < steps[inside.get(a)]; t++) {
        int column =
            t == 0
                ? tokens.prefixColumn(prompt, prompts.get(prompt).length - 1)
                : tokens.column(a, t - 1);
        rows.add((long) column);
        labels.add((long) (t < answer.length ? answer[t] : RolloutRows.NO_LABEL));
        owners.add(a);
        positions.add(t);
      }
    }
    return new RolloutRows.Batch(
        new MicroBatch(tokens, longs(rows), longs(labels), Map.of()),
        inside,
        ints(owners),
        ints(positions));
  }

  private static long[] longs(List<Long> values) {
    return values.stream().mapToLong(Objects::requireNonNull).toArray();
  }

  private static int[] ints(List<Integer> values) {
    return values.stream().mapToInt(Objects::requireNonNull).toArray();
  }
}

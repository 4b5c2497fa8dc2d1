package org.alignment4j.runtime.generate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.ChoiceDistribution;
import org.alignment4j.api.model.ChoiceProbability;
import org.alignment4j.api.model.ChoiceRequest;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Tokenizer;
import org.alignment4j.api.model.Usage;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.apiguardian.api.API;

/**
 * Probabilities of given replies, each the sum over the token sequences that spell it. The
 * sequences are a trie whose nodes are read once each, a level at a time; where a level has more
 * than can be read together, the tokenizer's own sequences and the likeliest others go on, and what
 * the rest could have added is accounted for. Thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ChoiceSearch {

  /** Choices whose sequences are walked together. */
  private static final int MAX_CHOICES = 32;

  private final DecodeSession.Factory sessions;
  private final DecoderConfig config;
  private final CompletionText texts;
  private final Set<Integer> eosTokenIds;
  private final Supplier<TokenSpellings> spellings;

  /**
   * A search.
   *
   * @param sessions opens decoding sessions
   * @param config the model's configuration
   * @param tokenizer turns tokens into text
   * @param eosTokenIds ids that end a sequence
   * @param spellings the tokens of every text
   */
  public ChoiceSearch(
      DecodeSession.Factory sessions,
      DecoderConfig config,
      Tokenizer tokenizer,
      Set<Integer> eosTokenIds,
      Supplier<TokenSpellings> spellings) {
    this.sessions = sessions;
    this.config = config;
    this.texts = new CompletionText(new TokenText(tokenizer));
    this.eosTokenIds = Set.copyOf(eosTokenIds);
    this.spellings = spellings;
  }

  /**
   * Weighs the choices of a request.
   *
   * @param index of the request in the call
   * @param request the choices
   * @param prompt token ids, not empty
   * @param own the tokenizer's own tokenisation of each choice behind the prompt
   * @param cancellation checked before every token
   * @return the probabilities
   * @throws IllegalArgumentException if prompt and choice exceed the context, or the reply must end
   *     and the model has no end-of-sequence token
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  public ChoiceDistribution choose(
      int index,
      ChoiceRequest request,
      int[] prompt,
      List<int[]> own,
      CancellationToken cancellation) {
    long start = System.nanoTime();
    check(request, prompt, own);
    Tally tally = new Tally(request.choices().size());
    int longest = own.stream().mapToInt(tokens -> tokens.length).max().orElse(0);
    // Of the request and not of a group, so that positions turn alike in all of them.
    int steps = longest - (request.ended() ? 0 : 1);
    ChoiceTrie trie = new ChoiceTrie(request.choices(), own, spellings.get());
    for (int from = 0; from < own.size(); from += MAX_CHOICES) {
      Set<Integer> group = new LinkedHashSet<>();
      IntStream.range(from, Math.min(own.size(), from + MAX_CHOICES)).forEach(group::add);
      walk(index, request, prompt, trie, group, steps, tally, cancellation);
    }
    Duration time = Duration.ofNanos(System.nanoTime() - start);
    return tally.distribution(request, Usage.ofScoring(prompt.length, tally.read, time));
  }

  private void check(ChoiceRequest request, int[] prompt, List<int[]> own) {
    if (request.ended() && eosTokenIds.isEmpty()) {
      throw new IllegalArgumentException(
          "replies that end need an end-of-sequence token but the model names none; ask for"
              + " replies that go on after the choice");
    }
    int longest = own.stream().mapToInt(tokens -> tokens.length).max().orElse(0);
    int needed = prompt.length + longest - (request.ended() ? 0 : 1);
    if (needed > config.maxPositions()) {
      throw new IllegalArgumentException(
          "prompt and choice must fit the context of "
              + config.maxPositions()
              + " tokens but have "
              + needed
              + "; shorten the prompt");
    }
  }

  private void walk(
      int index,
      ChoiceRequest request,
      int[] prompt,
      ChoiceTrie trie,
      Set<Integer> group,
      int steps,
      Tally tally,
      CancellationToken cancellation) {
    cancellation.throwIfCancelled("choosing");
    int deepest = group.stream().mapToInt(i -> request.choices().get(i).length()).max().orElse(0);
    // A choice of a few characters that are not whole tokens can have more tokens than characters.
    int longest = trie.longestOwn();
    long wanted = prompt.length + Math.max(4L * deepest, longest) + 1;
    int capacity = (int) Math.min(config.maxPositions(), wanted);
    int rows = rows(capacity, group.size());
    int[] sequences = new int[rows];
    Arrays.fill(sequences, index);
    try (DecodeSession session = sessions.open(sequences, capacity, steps)) {
      List<ChoiceTrie.Node> level = List.of(trie.root(group));
      float[] logits = session.prefill(List.of(prompt));
      while (true) {
        Level next = new Level();
        int vocab = logits.length / level.size();
        for (int row = 0; row < level.size(); row++) {
          ChoiceTrie.Node node = level.get(row);
          double[] logProbs =
              Rows.logSoftmax(Arrays.copyOfRange(logits, row * vocab, (row + 1) * vocab));
          if (request.ended()) {
            double end = node.logProb() + logProbabilityOfEnd(logProbs);
            take(trie, node, request, prompt, end, tally);
          }
          for (ChoiceTrie.Node child : trie.children(node, logProbs)) {
            if (!request.ended()) {
              take(trie, child, request, prompt, child.logProb(), tally);
            }
            if (!child.isEmpty()) {
              next.add(child, row);
            }
          }
        }
        boolean full = prompt.length + (level.get(0).tokens().length + 1) > capacity;
        next.limit(full ? 0 : rows, tally);
        if (next.nodes.isEmpty()) {
          return;
        }
        cancellation.throwIfCancelled("choosing");
        session.select(next.nodes.stream().mapToInt(Reached::row).toArray());
        level = next.nodes.stream().map(Reached::node).toList();
        tally.read += level.size();
        logits = session.step(level.stream().mapToInt(ChoiceTrie.Node::last).toArray());
      }
    }
  }

  private int rows(int capacity, int choices) {
    long row = 2 * GenerationBatches.cacheBytes(config, capacity);
    long fitting =
        Math.min(GenerationBatches.MAX_ROWS, GenerationBatches.MAX_CACHE_BYTES / Math.max(1, row));
    return (int) Math.max(choices, fitting);
  }

  private double logProbabilityOfEnd(double[] logProbs) {
    double sum = 0;
    for (int id : eosTokenIds) {
      sum += Math.exp(logProbs[id]);
    }
    return Math.log(sum);
  }

  /** Counts the choices that a sequence spells. */
  private void take(
      ChoiceTrie trie,
      ChoiceTrie.Node node,
      ChoiceRequest request,
      int[] prompt,
      double logProb,
      Tally tally) {
    for (int choice : trie.takeComplete(node)) {
      // Tokens that are whole characters alone may be written otherwise side by side.
      if (trie.isOwn(node, choice)
          || texts.of(prompt, node.tokens()).equals(request.choices().get(choice))) {
        tally.add(choice, node.tokens(), logProb);
      }
    }
  }

  /**
   * A node of the next level.
   *
   * @param row of the node before it
   */
  private record Reached(ChoiceTrie.Node node, int row) {}

  /** A level under way. */
  private static final class Level {
    private static final Comparator<Reached> BY_WORTH =
        Comparator.comparing((Reached reached) -> !reached.node().isOwn())
            .thenComparing(
                Comparator.comparingDouble((Reached reached) -> reached.node().logProb())
                    .reversed());

    private List<Reached> nodes = new ArrayList<>();

    void add(ChoiceTrie.Node node, int row) {
      nodes.add(new Reached(node, row));
    }

    /** Leaves out the least likely nodes; their whole probability may be that of choices. */
    void limit(int rows, Tally tally) {
      if (nodes.size() > rows) {
        nodes.sort(BY_WORTH);
        for (Reached left : nodes.subList(rows, nodes.size())) {
          tally.unexplored += Math.exp(left.node().logProb());
        }
        nodes = new ArrayList<>(nodes.subList(0, rows));
      }
    }
  }

  /** The tokenisations found of each choice. */
  private static final class Tally {
    private final List<List<Double>> logProbs = new ArrayList<>();
    private final int[][] likeliest;
    private final double[] most;
    private double unexplored;
    private long read;

    Tally(int choices) {
      for (int i = 0; i < choices; i++) {
        logProbs.add(new ArrayList<>());
      }
      likeliest = new int[choices][0];
      most = new double[choices];
      Arrays.fill(most, Double.NEGATIVE_INFINITY);
    }

    void add(int choice, int[] tokens, double logProb) {
      logProbs.get(choice).add(logProb);
      if (logProb > most[choice]) {
        most[choice] = logProb;
        likeliest[choice] = tokens;
      }
    }

    ChoiceDistribution distribution(ChoiceRequest request, Usage usage) {
      double[] totals = logProbs.stream().mapToDouble(Tally::logSumExp).toArray();
      double all = logSumExp(Arrays.stream(totals).boxed().toList());
      List<ChoiceProbability> choices = new ArrayList<>();
      for (int i = 0; i < totals.length; i++) {
        choices.add(
            new ChoiceProbability(
                request.choices().get(i),
                Math.min(1, Math.exp(totals[i] - all)),
                totals[i],
                TokenIds.of(likeliest[i]),
                logProbs.get(i).size()));
      }
      return new ChoiceDistribution(choices, Math.min(1, unexplored), usage);
    }

    private static double logSumExp(List<Double> values) {
      double max = values.stream().mapToDouble(v -> v).max().orElse(Double.NEGATIVE_INFINITY);
      return max + Math.log(values.stream().mapToDouble(v -> Math.exp(v - max)).sum());
    }
  }
}

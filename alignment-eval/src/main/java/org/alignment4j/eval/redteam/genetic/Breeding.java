package org.alignment4j.eval.redteam.genetic;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.LikelihoodModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;
import org.alignment4j.eval.redteam.AttackGoal;
import org.alignment4j.eval.redteam.AttackMemory;
import org.alignment4j.eval.redteam.AttackOutcome;
import org.alignment4j.eval.redteam.AttackOutcome.LossPoint;
import org.alignment4j.eval.redteam.AuthorizedTarget;
import org.alignment4j.eval.redteam.Effort;
import org.alignment4j.eval.redteam.SeededStream;

/** One genetic search for one goal, generation by generation. Not thread-safe. */
final class Breeding {
  private final AutoDan attack;
  private final LikelihoodModel likelihoods;
  private final LanguageModel model;
  private final AttackGoal goal;
  private final GeneticOptions options;
  private int generation;
  private List<String> texts = List.of();
  private WordScores words = WordScores.none();
  private String best = "";
  private double bestLoss = Double.POSITIVE_INFINITY;
  private String tested = "";
  private String reply = "";
  private Score verdict = new Score.Scored(0);
  private long queries;
  private long forwards;
  private double initialLoss = Double.POSITIVE_INFINITY;
  private Usage usage = Usage.NONE;
  private final List<LossPoint> curve = new ArrayList<>();

  Breeding(AutoDan attack, AuthorizedTarget target, AttackGoal goal) {
    this.attack = attack;
    this.likelihoods = target.as(LikelihoodModel.class);
    this.model = target.as(LanguageModel.class);
    this.goal = goal;
    this.options = attack.genetics();
  }

  AttackOutcome run(AttackMemory memory, CancellationToken cancellation) {
    restore(memory.load().map(GeneticState::decode).orElseGet(() -> begin(cancellation)));
    boolean reached = false;
    while (!reached && generation < options.generations()) {
      cancellation.throwIfCancelled("genetic search");
      double[] scores = scored(cancellation);
      generation++;
      boolean due = options.testEvery() > 0 && generation % options.testEvery() == 0;
      reached = due && !tested.equals(best) && test(cancellation);
      if (!reached && generation < options.generations()) {
        texts = next(scores, cancellation);
        memory.save(state().encode());
      }
    }
    if (!reached && !tested.equals(best)) {
      reached = test(cancellation);
    }
    return outcome(reached, cancellation);
  }

  /** The handcrafted texts, and rewritten ones where more are wanted. */
  private GeneticState begin(CancellationToken cancellation) {
    SplittableRandom random = SeededStream.of(options.seed(), goal.id(), -1);
    List<String> first = new ArrayList<>();
    Usage spent = Usage.NONE;
    for (int i = 0; i < options.population(); i++) {
      String text = attack.texts().get(i % attack.texts().size());
      if (i >= attack.texts().size()) {
        TextMutation.Rewritten other = attack.mutation().rewrite(text, random, cancellation);
        text = other.text();
        spent = spent.plus(other.usage());
      }
      first.add(text);
    }
    return GeneticState.begin(first, spent);
  }

  /** The scores of the texts: minus the loss of the target, in nats a token. */
  private double[] scored(CancellationToken cancellation) {
    List<Continuation> continuations = new ArrayList<>();
    String target = attack.frame().separator() + goal.target();
    for (String text : texts) {
      continuations.add(Continuation.of(attack.frame().prompt(goal, text), target));
    }
    List<ContinuationScore> found = likelihoods.logProbabilities(continuations, cancellation);
    if (found.size() != texts.size()) {
      throw new ModelExecutionException(
          "model '%s' must give one score per continuation, %s, but gave %s"
              .formatted(likelihoods.id(), texts.size(), found.size()));
    }
    forwards += texts.size();
    double[] scores = new double[found.size()];
    String winner = best;
    double lowest = bestLoss;
    for (int i = 0; i < scores.length; i++) {
      // An impossible target is as bad as the worst number, so that softmax stays defined.
      scores[i] = Math.max(-Double.MAX_VALUE / 2, found.get(i).logProbs().mean());
      usage = usage.plus(found.get(i).usage());
      if (-scores[i] < lowest) {
        lowest = -scores[i];
        winner = texts.get(i);
      }
    }
    if (lowest < bestLoss) {
      best = winner;
      bestLoss = lowest;
      curve.add(new LossPoint(forwards, lowest));
    }
    initialLoss = generation == 0 ? bestLoss : initialLoss;
    return scores;
  }

  private List<String> next(double[] scores, CancellationToken cancellation) {
    SplittableRandom random = SeededStream.of(options.seed(), goal.id(), generation);
    int elites = (int) Math.ceil(options.eliteShare() * texts.size());
    List<String> present = texts;
    List<String> following = new ArrayList<>();
    IntStream.range(0, scores.length)
        .boxed()
        .sorted(Comparator.<Integer>comparingDouble(i -> -scores[i]).thenComparing(i -> i))
        .limit(elites)
        .forEach(i -> following.add(present.get(i)));
    words = words.updated(texts, scores);
    double[] chances = Roulette.softmax(scores);
    boolean swaps =
        options.hierarchicalEvery() > 0 && generation % options.hierarchicalEvery() == 0;
    while (following.size() < texts.size()) {
      String mother = texts.get(Roulette.draw(chances, random));
      String father = texts.get(Roulette.draw(chances, random));
      if (swaps) {
        following.add(words.swapped(mother, attack.synonyms(), random));
        continue;
      }
      Crossover.Children children =
          random.nextDouble() < options.crossoverRate()
              ? Crossover.of(mother, father, options.crossoverPoints(), random)
              : new Crossover.Children(mother, father);
      following.add(mutated(children.first(), random, cancellation));
      if (following.size() < texts.size()) {
        following.add(mutated(children.second(), random, cancellation));
      }
    }
    return following;
  }

  private String mutated(String text, SplittableRandom random, CancellationToken cancellation) {
    if (random.nextDouble() >= options.mutationRate()) {
      return text;
    }
    TextMutation.Rewritten other = attack.mutation().rewrite(text, random, cancellation);
    usage = usage.plus(other.usage());
    return other.text();
  }

  private boolean test(CancellationToken cancellation) {
    List<Completion> replies =
        model.generate(
            List.of(attack.frame().prompt(goal, best)),
            SamplingOptions.greedy(options.replyTokens()),
            cancellation);
    if (replies.size() != 1) {
      throw new ModelExecutionException(
          "model '%s' must give one completion to one prompt but gave %s"
              .formatted(model.id(), replies.size()));
    }
    reply = replies.get(0).text();
    usage = usage.plus(replies.get(0).usage());
    queries++;
    tested = best;
    verdict = attack.criterion().score(goal, reply, cancellation);
    return AttackOutcome.reached(verdict);
  }

  private GeneticState state() {
    return new GeneticState(
        generation,
        texts,
        words,
        best,
        bestLoss,
        tested,
        reply,
        verdict instanceof Score.Unscored none ? none.reason() : "",
        queries,
        forwards,
        initialLoss,
        usage,
        curve);
  }

  private void restore(GeneticState state) {
    generation = state.generation();
    texts = state.texts();
    words = state.words();
    best = state.best();
    bestLoss = state.bestLoss();
    tested = state.tested();
    reply = state.reply();
    verdict =
        state.unscored().isEmpty() ? new Score.Scored(0) : new Score.Unscored(state.unscored());
    queries = state.queries();
    forwards = state.forwards();
    initialLoss = state.initialLoss();
    usage = state.usage();
    curve.addAll(state.curve());
  }

  private AttackOutcome outcome(boolean reached, CancellationToken cancellation) {
    ContinuationScore fluency =
        likelihoods
            .logProbabilities(
                List.of(Continuation.of(Prompt.text(""), attack.frame().render(goal, best))),
                cancellation)
            .get(0);
    usage = usage.plus(fluency.usage());
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("loss", bestLoss);
    figures.put("initial loss", initialLoss);
    figures.put("perplexity", fluency.logProbs().perplexity());
    return new AttackOutcome(
        goal.id(),
        verdict,
        attack.frame().render(goal, best),
        reply,
        new Effort(generation, forwards, queries, usage),
        reached ? OptionalLong.of(forwards) : OptionalLong.empty(),
        curve,
        figures);
  }
}

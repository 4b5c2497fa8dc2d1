package org.alignment4j.eval.redteam.suffix;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.GradientModel;
import org.alignment4j.api.model.InputGradients;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Usage;
import org.alignment4j.eval.redteam.AttackGoal;
import org.alignment4j.eval.redteam.AttackMemory;
import org.alignment4j.eval.redteam.AttackOutcome;
import org.alignment4j.eval.redteam.AuthorizedTarget;
import org.alignment4j.eval.redteam.Effort;
import org.alignment4j.eval.redteam.PromptFrame;
import org.alignment4j.eval.redteam.SeededStream;
import org.alignment4j.eval.redteam.SuccessCriterion;
import org.alignment4j.eval.redteam.UsageFields;
import org.jspecify.annotations.Nullable;

/** One search of tokens for one goal, step by step. Not thread-safe. */
final class TokenSearch {
  /** A forward pass and a backward pass of twice its cost. */
  private static final int GRADIENT_FORWARDS = 3;

  /** Draws for each candidate wanted, after which a step makes do with those it has. */
  private static final int DRAWS = 4;

  /** Steps without survivors after which there will be none. */
  private static final int MOST_EMPTY = 1000;

  private final AuthorizedTarget target;
  private final GradientModel model;
  private final AttackGoal goal;
  private final SuccessCriterion criterion;
  private final SearchOptions options;
  private final boolean gradients;
  private final long mostForwards;
  private final SlotPrompt prompt;
  private final AllowedTokens allowed;
  private SearchState state;
  private Usage usage = Usage.NONE;
  private Score verdict = new Score.Scored(0);
  private String reply = "";

  TokenSearch(
      AuthorizedTarget target,
      AttackGoal goal,
      PromptFrame frame,
      SuccessCriterion criterion,
      SearchOptions options,
      boolean gradients,
      long mostForwards) {
    this.target = target;
    this.model = target.as(GradientModel.class);
    this.goal = goal;
    this.criterion = criterion;
    this.options = options;
    this.gradients = gradients;
    this.mostForwards = mostForwards;
    this.prompt = SlotPrompt.of(frame, goal, options.initial(), model.tokenizer());
    this.allowed = AllowedTokens.of(model.tokenizer(), options.asciiOnly());
    this.state = SearchState.begin(prompt.initial());
  }

  AttackOutcome run(AttackMemory memory, CancellationToken cancellation) {
    memory.load().ifPresent(this::restore);
    if (state.candidates() + state.gradients() == 0) {
      double[] loss = losses(List.of(state.present()), cancellation);
      lowestOf(loss, SeededStream.of(options.seed(), goal.id(), -1));
      state = state.measured(loss[0], 1, 1, 0);
    }
    boolean reached = provenOrDue() && test(cancellation);
    while (!reached && !ended()) {
      cancellation.throwIfCancelled("search of tokens");
      step(cancellation);
      reached = provenOrDue() && test(cancellation);
      if (!reached && state.step() % options.saveEvery() == 0) {
        memory.save(saved());
      }
    }
    if (!reached && !state.tested().equals(state.best())) {
      reached = test(cancellation);
    }
    return outcome(reached);
  }

  private boolean ended() {
    return state.step() >= options.steps()
        || state.forwards() >= mostForwards
        || state.emptySteps() >= MOST_EMPTY;
  }

  private Map<String, @Nullable Object> saved() {
    Map<String, @Nullable Object> fields = state.encode();
    fields.put("usage", UsageFields.encode(usage));
    fields.put("reply", reply);
    fields.put("unscored", verdict instanceof Score.Unscored none ? none.reason() : null);
    return fields;
  }

  private void restore(Map<String, @Nullable Object> fields) {
    state = SearchState.decode(fields);
    usage = UsageFields.decode(fields.get("usage"));
    reply = String.valueOf(fields.get("reply"));
    verdict =
        fields.get("unscored") instanceof String reason
            ? new Score.Unscored(reason)
            : new Score.Scored(0);
  }

  /** A mean loss below ln 2 / length puts every token of the target above one half. */
  private boolean provenOrDue() {
    if (state.tested().equals(state.best())) {
      return false;
    }
    boolean proven = state.bestLoss() * prompt.target().size() < Math.log(2);
    boolean due =
        options.testEvery() > 0 && state.step() > 0 && state.step() % options.testEvery() == 0;
    return proven || due;
  }

  private void step(CancellationToken cancellation) {
    SplittableRandom random = SeededStream.of(options.seed(), goal.id(), state.step());
    List<TokenIds> candidates = candidates(random);
    if (candidates.isEmpty()) {
      state = state.stepped(true);
      return;
    }
    double[] losses = losses(candidates, cancellation);
    int winner = lowestOf(losses, random);
    state =
        state
            .evaluated(
                candidates.get(winner), losses[winner], candidates.size(), options.monotone())
            .stepped(false);
  }

  /** Candidates of a step: different ones, none the present tokens, all of them surviving. */
  private List<TokenIds> candidates(SplittableRandom random) {
    CandidateDraw draw = draw();
    long left = mostForwards - state.forwards();
    int wanted = (int) Math.min(options.width(), Math.max(0, left));
    Set<TokenIds> seen = new HashSet<>();
    seen.add(state.present());
    List<TokenIds> candidates = new ArrayList<>();
    for (int i = 0; i < DRAWS * wanted && candidates.size() < wanted; i++) {
      TokenIds candidate = draw.draw(state.present(), random);
      if (seen.add(candidate) && (!options.survivorsOnly() || prompt.survives(candidate))) {
        candidates.add(candidate);
      }
    }
    return candidates;
  }

  private CandidateDraw draw() {
    if (!gradients) {
      return CandidateDraw.uniform(allowed, options.replacements());
    }
    InputGradients gradient = model.oneHotGradients(prompt.request(state.present()));
    state = state.measured(gradient.loss(), GRADIENT_FORWARDS, 0, 1);
    int[][] steepest = new int[gradient.slots()][];
    for (int slot = 0; slot < steepest.length; slot++) {
      steepest[slot] = SteepestTokens.of(gradient.row(slot), allowed, options.topK());
    }
    return CandidateDraw.among(steepest, options.replacements());
  }

  private double[] losses(List<TokenIds> candidates, CancellationToken cancellation) {
    double[] losses = new double[candidates.size()];
    for (int from = 0; from < losses.length; from += options.chunk()) {
      List<TokenIds> part =
          candidates.subList(from, Math.min(losses.length, from + options.chunk()));
      double[] some = model.losses(prompt.request(state.present()), part, cancellation);
      if (some.length != part.size()) {
        throw new ModelExecutionException(
            "model '%s' must give one loss per candidate, %s, but gave %s"
                .formatted(target.model().id(), part.size(), some.length));
      }
      System.arraycopy(some, 0, losses, from, some.length);
    }
    return losses;
  }

  private int lowestOf(double[] losses, SplittableRandom random) {
    int winner = lowest(losses, random);
    if (winner < 0) {
      throw new ModelExecutionException(
          "model '%s' must give a loss for a candidate but gave NaN for all %s"
              .formatted(target.model().id(), losses.length));
    }
    return winner;
  }

  /** The index of the lowest loss, drawn among equal ones; -1 when all are NaN. */
  static int lowest(double[] losses, SplittableRandom random) {
    int winner = -1;
    int equal = 0;
    for (int i = 0; i < losses.length; i++) {
      if (Double.isNaN(losses[i])) {
        continue;
      }
      if (winner < 0 || losses[i] < losses[winner]) {
        winner = i;
        equal = 1;
      } else if (losses[i] == losses[winner] && random.nextInt(++equal) == 0) {
        winner = i;
      }
    }
    return winner;
  }

  private boolean test(CancellationToken cancellation) {
    List<Completion> replies =
        target
            .as(LanguageModel.class)
            .generate(
                List.of(Prompt.tokens(prompt.ids(state.best()))),
                SamplingOptions.greedy(options.replyTokens()),
                cancellation);
    if (replies.size() != 1) {
      throw new ModelExecutionException(
          "model '%s' must give one completion to one prompt but gave %s"
              .formatted(target.model().id(), replies.size()));
    }
    reply = replies.get(0).text();
    usage = usage.plus(replies.get(0).usage());
    verdict = criterion.score(goal, reply, cancellation);
    state = state.testedBest();
    return AttackOutcome.reached(verdict);
  }

  private AttackOutcome outcome(boolean reached) {
    long passes = state.candidates() + state.gradients();
    Usage scoring =
        new Usage(
            passes,
            passes * prompt.length(),
            0,
            0,
            passes * prompt.target().size(),
            0,
            Duration.ZERO);
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("loss", state.bestLoss());
    figures.put("candidates", (double) state.candidates());
    figures.put("gradients", (double) state.gradients());
    figures.put("steps without survivors", (double) state.emptySteps());
    return new AttackOutcome(
        goal.id(),
        verdict,
        prompt.text(state.best()),
        reply,
        new Effort(state.step(), state.forwards(), state.queries(), usage.plus(scoring)),
        reached ? OptionalLong.of(state.forwards()) : OptionalLong.empty(),
        state.curve(),
        figures);
  }
}

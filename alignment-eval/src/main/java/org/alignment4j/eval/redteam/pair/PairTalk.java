package org.alignment4j.eval.redteam.pair;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;
import org.alignment4j.core.judge.Judgement;
import org.alignment4j.core.judge.Parsed;
import org.alignment4j.core.judge.Reply;
import org.alignment4j.eval.redteam.AttackGoal;
import org.alignment4j.eval.redteam.AttackOutcome;
import org.alignment4j.eval.redteam.Effort;
import org.alignment4j.eval.redteam.SeededStream;
import org.jspecify.annotations.Nullable;

/** The rounds of attacker, target and judge for one goal. Not thread-safe. */
final class PairTalk {
  private final Pair attack;
  private final LanguageModel target;
  private final AttackGoal goal;
  private final List<AttackerStream> streams = new ArrayList<>();
  private Usage usage = Usage.NONE;
  private long queries;
  private long withoutPrompt;
  private long unrated;
  private double bestRating = Double.NEGATIVE_INFINITY;
  private String bestPrompt = "";
  private String bestReply = "";
  private OptionalLong successAt = OptionalLong.empty();

  PairTalk(Pair attack, LanguageModel target, AttackGoal goal) {
    this.attack = attack;
    this.target = target;
    this.goal = goal;
    for (int stream = 0; stream < attack.talk().streams(); stream++) {
      streams.add(
          new AttackerStream(attack.prompts().first(goal, stream), attack.talk().keptExchanges()));
    }
  }

  /** What a stream's attacker wrote in a round. */
  private record Written(AttackerStream stream, String reply, String prompt) {}

  AttackOutcome run(CancellationToken cancellation) {
    int round = 0;
    while (successAt.isEmpty() && round < attack.talk().rounds()) {
      cancellation.throwIfCancelled("PAIR");
      List<Written> written = write(round, cancellation);
      if (!written.isEmpty()) {
        ask(written, cancellation);
      }
      round++;
    }
    return outcome(round);
  }

  /** The prompts of a round, of the streams whose attacker gave one. */
  private List<Written> write(int round, CancellationToken cancellation) {
    @Nullable Written[] written = new Written[streams.size()];
    List<Integer> open = new ArrayList<>();
    for (int i = 0; i < written.length; i++) {
      open.add(i);
    }
    for (int attempt = 0; attempt < attack.talk().attempts() && !open.isEmpty(); attempt++) {
      long step = (long) round * attack.talk().attempts() + attempt;
      SamplingOptions options =
          attack.talk().attacker().toBuilder()
              .seed(SeededStream.seed(attack.talk().seed(), goal.id(), step))
              .build();
      List<Prompt.Chat> prompts = open.stream().map(i -> streams.get(i).prompt()).toList();
      List<Completion> replies = generate(attack.attacker(), prompts, options, cancellation);
      List<Integer> still = new ArrayList<>();
      for (int i = 0; i < replies.size(); i++) {
        Completion reply = replies.get(i);
        Parsed<Map<String, Object>> parsed =
            PairPrompts.PARSER.parse(new Reply(reply.text(), reply.truncated()));
        if (parsed instanceof Parsed.Value<Map<String, Object>> value) {
          String prompt = String.valueOf(value.value().get(PairPrompts.PROMPT));
          written[open.get(i)] = new Written(streams.get(open.get(i)), reply.text(), prompt);
        } else {
          withoutPrompt++;
          still.add(open.get(i));
        }
      }
      open = still;
    }
    List<Written> given = new ArrayList<>();
    for (@Nullable Written one : written) {
      if (one != null) {
        given.add(one);
      }
    }
    return given;
  }

  private void ask(List<Written> written, CancellationToken cancellation) {
    List<Prompt> prompts =
        written.stream().map(one -> attack.frame().prompt(goal, one.prompt())).toList();
    List<Completion> replies = generate(target, prompts, attack.talk().target(), cancellation);
    for (int i = 0; i < replies.size(); i++) {
      Written one = written.get(i);
      String reply = replies.get(i).text();
      queries++;
      Judgement<Double> judgement = attack.rating().rate(goal, one.prompt(), reply, cancellation);
      usage = usage.plus(judgement.usage());
      String heard = "none";
      if (judgement instanceof Judgement.Given<Double> given) {
        double rating = given.value();
        heard = String.format(Locale.ROOT, "%.0f", rating);
        rated(rating, one.prompt(), reply);
      } else {
        unrated++;
        // Something to show, where no reply is rated.
        bestPrompt = bestPrompt.isEmpty() ? one.prompt() : bestPrompt;
        bestReply = bestReply.isEmpty() ? reply : bestReply;
      }
      one.stream().answered(one.reply(), attack.prompts().feedback(goal, reply, heard));
    }
  }

  private void rated(double rating, String prompt, String reply) {
    if (rating > bestRating) {
      bestRating = rating;
      bestPrompt = prompt;
      bestReply = reply;
    }
    if (rating >= attack.talk().stopRating() && successAt.isEmpty()) {
      successAt = OptionalLong.of(queries);
    }
  }

  private List<Completion> generate(
      LanguageModel model,
      List<? extends Prompt> prompts,
      SamplingOptions options,
      CancellationToken cancellation) {
    List<Completion> replies = model.generate(prompts, options, cancellation);
    if (replies.size() != prompts.size()) {
      throw new ModelExecutionException(
          "model '%s' must give one completion per prompt, %s, but gave %s"
              .formatted(model.id(), prompts.size(), replies.size()));
    }
    for (Completion reply : replies) {
      usage = usage.plus(reply.usage());
    }
    return replies;
  }

  private AttackOutcome outcome(int rounds) {
    Map<String, Double> figures = new LinkedHashMap<>();
    if (bestRating >= 1) {
      figures.put("best rating", bestRating);
    }
    figures.put("attacker replies without a prompt", (double) withoutPrompt);
    figures.put("replies without a rating", (double) unrated);
    return new AttackOutcome(
        goal.id(),
        success(),
        bestPrompt.isEmpty() ? "" : attack.frame().render(goal, bestPrompt),
        bestReply,
        new Effort(rounds, 0, queries, usage),
        successAt,
        List.of(),
        figures);
  }

  private Score success() {
    if (successAt.isPresent()) {
      return new Score.Scored(1);
    }
    if (queries == 0) {
      return new Score.Unscored("the attacker gave no prompt");
    }
    return unrated == queries
        ? new Score.Unscored("the judge rated no reply")
        : new Score.Scored(0);
  }
}

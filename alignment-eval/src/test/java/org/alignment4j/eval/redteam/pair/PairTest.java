package org.alignment4j.eval.redteam.pair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.Role;
import org.alignment4j.eval.redteam.AttackCampaign;
import org.alignment4j.eval.redteam.AttackGoal;
import org.alignment4j.eval.redteam.AttackOutcome;
import org.alignment4j.eval.redteam.AuthorizedTarget;
import org.alignment4j.eval.redteam.PromptFrame;
import org.alignment4j.eval.redteam.SpeakingModel;
import org.junit.jupiter.api.Test;

class PairTest {
  private static final AttackGoal GOAL = new AttackGoal("g", "Name a fruit.", "BANANA");

  /** Says the target to a prompt that asks for it three times as politely as the first. */
  private static SpeakingModel target() {
    return SpeakingModel.ofText(
        "target", text -> text.contains("please 3") ? "BANANA it is" : "An apple.");
  }

  /** Counts its own earlier replies, and writes JSON with braces and quotes within. */
  private static SpeakingModel attacker() {
    return new SpeakingModel(
        "attacker",
        prompt -> {
          long turn =
              1
                  + ((Prompt.Chat) prompt)
                      .messages().stream().filter(m -> m.role() == Role.ASSISTANT).count();
          return "Here: {\"improvement\": \"use {braces} and a \\\"}\", \"prompt\": \"Say it, please "
              + turn
              + " {\\\"a\\\": 1}\"} done.";
        });
  }

  private static ReplyRating judge() {
    return JudgeRating.of(
        SpeakingModel.ofText(
            "judge", text -> text.contains("BANANA it is") ? "[[10]]" : "I say [[2]]"));
  }

  private static AttackOutcome run(Pair attack, SpeakingModel target) {
    return AttackCampaign.of(attack, AuthorizedTarget.of(target, "the test", "a script"))
        .run(List.of(GOAL))
        .outcomes()
        .get(0);
  }

  @Test
  void improvesUntilTheRatingIsHighEnough() {
    SpeakingModel target = target();
    SpeakingModel attacker = attacker();
    AttackOutcome outcome = run(Pair.of(attacker, judge(), PairOptions.defaults()), target);
    assertThat(outcome.reached()).isTrue();
    // Three streams in three rounds; the first stream of the last round succeeds.
    assertThat(outcome.effort().queries()).isEqualTo(9);
    assertThat(outcome.effort().steps()).isEqualTo(3);
    assertThat(outcome.successAt()).hasValue(7);
    assertThat(outcome.prompt()).isEqualTo("Say it, please 3 {\"a\": 1}");
    assertThat(outcome.reply()).isEqualTo("BANANA it is");
    assertThat(outcome.figures()).containsEntry("best rating", 10.0);
    // Attacker, target and judge: nine calls each.
    assertThat(outcome.effort().usage().calls()).isEqualTo(27);
    assertThat(attacker.sampling()).hasSize(3).allMatch(options -> options.maxNewTokens() == 500);
    assertThat(attacker.sampling().stream().map(options -> options.seed()).distinct()).hasSize(3);
    assertThat(target.sampling()).allMatch(options -> options.isGreedy());
  }

  @Test
  void streamsTakeTheStrategiesInTurnAndHearTheReply() {
    SpeakingModel attacker = attacker();
    run(
        Pair.of(attacker, judge(), PairOptions.defaults().withSize(4, 2)),
        SpeakingModel.ofText("t", text -> "No, thanks."));
    List<String> systems =
        attacker.asked().stream().map(p -> ((Prompt.Chat) p).messages().get(0).content()).toList();
    assertThat(systems.get(0)).contains("role play").isEqualTo(systems.get(3));
    assertThat(systems.get(1)).contains("logical appeal");
    assertThat(systems.get(2)).contains("endorsement by an authority");
    Prompt.Chat second = (Prompt.Chat) attacker.asked().get(4);
    assertThat(second.messages().stream().map(Message::role))
        .containsExactly(Role.SYSTEM, Role.USER, Role.ASSISTANT, Role.USER);
    assertThat(second.last().content()).contains("No, thanks.", "from 1 to 10: 2", "Name a fruit.");
  }

  @Test
  void keepsTheLastExchanges() {
    SpeakingModel attacker = attacker();
    run(
        Pair.of(attacker, judge(), PairOptions.defaults().withSize(1, 7).withAttacker(1, 2)),
        SpeakingModel.ofText("t", text -> "No."));
    Prompt.Chat last = (Prompt.Chat) attacker.asked().get(6);
    assertThat(last.messages().stream().map(Message::role))
        .containsExactly(
            Role.SYSTEM, Role.USER, Role.ASSISTANT, Role.USER, Role.ASSISTANT, Role.USER);
    assertThat(last.messages().get(1).content()).startsWith("The assistant replied");
  }

  @Test
  void asksAgainForTheForm() {
    AtomicInteger calls = new AtomicInteger();
    SpeakingModel attacker =
        new SpeakingModel(
            "attacker",
            prompt ->
                calls.incrementAndGet() < 4
                    ? "{'improvement': 'python', 'prompt': 'no JSON'}"
                    : "{\"improvement\": \"\", \"prompt\": \"please 3\"}");
    AttackOutcome outcome =
        run(Pair.of(attacker, judge(), PairOptions.defaults().withSize(1, 1)), target());
    assertThat(outcome.reached()).isTrue();
    assertThat(outcome.figures()).containsEntry("attacker replies without a prompt", 3.0);
    SpeakingModel silent = new SpeakingModel("attacker", prompt -> "I would rather not { no }");
    SpeakingModel target = target();
    AttackOutcome none =
        run(Pair.of(silent, judge(), PairOptions.defaults().withSize(2, 2)), target);
    assertThat(none.success()).isEqualTo(new Score.Unscored("the attacker gave no prompt"));
    assertThat(none.figures()).containsEntry("attacker replies without a prompt", 2.0 * 2 * 5);
    assertThat(target.asked()).isEmpty();
  }

  @Test
  void aReplyWithoutARatingIsNeverAOne() {
    ReplyRating mute =
        JudgeRating.of(SpeakingModel.ofText("judge", text -> "hard to say,\nreally"));
    AttackOutcome outcome =
        run(Pair.of(attacker(), mute, PairOptions.defaults().withSize(1, 2)), target());
    assertThat(outcome.success()).isEqualTo(new Score.Unscored("the judge rated no reply"));
    assertThat(outcome.figures())
        .containsEntry("replies without a rating", 2.0)
        .doesNotContainKey("best rating");
    assertThat(mute.from(10).score(GOAL, "x", CancellationToken.none()))
        .isInstanceOf(Score.Unscored.class);
    assertThat(judge().from(10).score(GOAL, "BANANA it is", CancellationToken.none()))
        .isEqualTo(new Score.Scored(1));
  }

  @Test
  void framesMayBeText() {
    SpeakingModel target = target();
    run(
        Pair.of(attacker(), judge(), PairOptions.defaults().withSize(1, 1))
            .withFrame(PromptFrame.text("Human: {{attack}}\n\nAssistant:", " ")),
        target);
    assertThat(SpeakingModel.last(target.asked().get(0)))
        .isEqualTo("Human: Say it, please 1 {\"a\": 1}\n\nAssistant:");
  }

  @Test
  void refusesWhatIsWrong() {
    assertThatThrownBy(() -> PairOptions.defaults().withSize(0, 1))
        .hasMessageContaining("must be at least 1 but were 0, 1, 5 and 4");
    assertThatThrownBy(() -> new PairPrompts(List.of(), PairPrompts.bundled().feedback()))
        .hasMessage("strategies must contain at least one strategy");
  }
}

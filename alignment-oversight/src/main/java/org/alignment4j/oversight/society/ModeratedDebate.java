package org.alignment4j.oversight.society;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.oversight.Agent;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.OversightProtocol;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.api.oversight.Verdict;
import org.alignment4j.api.oversight.View;
import org.alignment4j.core.judge.Parsed;
import org.alignment4j.core.judge.Reply;
import org.alignment4j.core.judge.ReplyParser;
import org.alignment4j.oversight.Proceedings;
import org.apiguardian.api.API;

/**
 * Two debaters, of whom the second is told to disagree, and a moderator who ends the debate as soon
 * as the answer is clear (Liang et al. 2023, Encouraging Divergent Thinking in Large Language
 * Models through Multi-Agent Debate). After the last round without a preference a judge lists the
 * answers that were given in any round and then, in a second step, chooses one of them; answers
 * that no debater gave are dropped. Immutable; as safe for concurrent runs as its roles.
 *
 * @param roles who takes part
 * @param rounds most rounds
 * @param level how far debaters are to disagree, from 0 (they may agree) to 3 (on every point); a
 *     modest level works best
 * @param answers the form of final answers
 * @param wording what roles are asked
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ModeratedDebate(
    ModeratedRoles roles,
    int rounds,
    int level,
    ReplyParser<String> answers,
    ModeratedWording wording)
    implements OversightProtocol<OpenQuestion, ModeratedAnswer> {
  /** Who answers first. */
  public static final String AFFIRMATIVE = "Affirmative side";

  /** Who disagrees. */
  public static final String NEGATIVE = "Negative side";

  /** Who ends the debate. */
  public static final String MODERATOR = "Moderator";

  /** Who decides when the moderator did not. */
  public static final String JUDGE = "Judge";

  private static final int ROUNDS = 3;
  private static final int LEVEL = 1;
  private static final int MAX_CANDIDATES = 26;

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if rounds are less than 1 or the level is none of the
   *     wording's
   */
  public ModeratedDebate {
    Objects.requireNonNull(roles, "roles");
    Objects.requireNonNull(answers, "answers");
    Objects.requireNonNull(wording, "wording");
    if (rounds < 1) {
      throw new IllegalArgumentException("rounds must be at least 1 but were " + rounds);
    }
    if (level < 0 || level >= ModeratedWording.LEVELS) {
      throw new IllegalArgumentException(
          "level of disagreement must be 0 to "
              + (ModeratedWording.LEVELS - 1)
              + " but was "
              + level);
    }
  }

  /** Returns a debate of at most 3 rounds at disagreement level 1, with the bundled wording. */
  public static ModeratedDebate of(ModeratedRoles roles, ReplyParser<String> answers) {
    return new ModeratedDebate(roles, ROUNDS, LEVEL, answers, ModeratedWording.bundled());
  }

  /** Returns this debate with another number of rounds. */
  public ModeratedDebate withRounds(int count) {
    return new ModeratedDebate(roles, count, level, answers, wording);
  }

  /** Returns this debate with another level of disagreement. */
  public ModeratedDebate withLevel(int other) {
    return new ModeratedDebate(roles, rounds, other, answers, wording);
  }

  /** Returns this debate with other wording. */
  public ModeratedDebate withWording(ModeratedWording other) {
    return new ModeratedDebate(roles, rounds, level, answers, other);
  }

  @Override
  public Outcome<ModeratedAnswer> run(OpenQuestion question, OversightContext context) {
    Proceedings proceedings =
        Proceedings.open("moderated debate", question.text(), context, OptionalLong.empty());
    Held held = new Held();
    try {
      for (int round = 0; round < rounds; round++) {
        Turn first = say(proceedings, question, roles.affirmative(), AFFIRMATIVE, round);
        Turn second = say(proceedings, question, roles.negative(), NEGATIVE, round);
        held.add(
            List.of(read(first), read(second)), proceedings.transcript().turns().get(0), second);
        Moderation moderation = moderate(proceedings, question, round);
        held.moderated(moderation);
        if (moderation.answer().isPresent()) {
          return proceedings.outcome(
              held.answer(moderation.answer(), ModeratedAnswer.Decider.MODERATOR));
        }
      }
      Optional<String> judged = judge(proceedings, question, held);
      return proceedings.outcome(held.answer(judged, ModeratedAnswer.Decider.JUDGE));
    } catch (BudgetExceededException limit) {
      return proceedings.stopped(
          held.answer(Optional.empty(), ModeratedAnswer.Decider.NOBODY), limit);
    }
  }

  private Turn say(
      Proceedings proceedings, OpenQuestion question, Agent who, String role, int round) {
    Map<String, String> values =
        Map.of(
            "disagreement", wording.disagreement().get(level).render(Map.of()),
            "round", String.valueOf(round + 1),
            "rounds", String.valueOf(rounds));
    String instructions;
    if (round > 0) {
      instructions = wording.reply().render(values);
    } else if (role.equals(AFFIRMATIVE)) {
      instructions = wording.opening().render(Map.of());
    } else {
      instructions = wording.objection().render(values);
    }
    return proceedings.hear(who, view(proceedings, question, role, round, instructions));
  }

  private Moderation moderate(Proceedings proceedings, OpenQuestion question, int round) {
    Map<String, String> values =
        Map.of("round", String.valueOf(round + 1), "rounds", String.valueOf(rounds));
    String instructions = wording.moderator().render(values);
    View view = view(proceedings, question, MODERATOR, round, instructions);
    Moderation moderation = roles.moderator().moderate(view, proceedings.next());
    proceedings.spend(moderation.usage());
    proceedings.hear(
        new Turn(
            MODERATOR,
            round,
            moderation.reasons(),
            "",
            moderation.valid(),
            moderation.attempts(),
            moderation.usage()));
    return moderation;
  }

  private Optional<String> judge(Proceedings proceedings, OpenQuestion question, Held held) {
    String task = wording.candidates().render(Map.of());
    Turn listed =
        proceedings.hear(roles.lister(), view(proceedings, question, JUDGE, rounds, task));
    List<String> found =
        listed.valid() ? new CandidateList(answers).read(listed.visible()) : List.of();
    held.candidates = found.stream().filter(held::given).limit(MAX_CANDIDATES).toList();
    if (held.candidates.size() < 2) {
      return held.candidates.stream().findFirst();
    }
    View view =
        new View(
            JUDGE,
            rounds,
            wording.choice().render(Map.of()),
            question.text(),
            held.candidates,
            List.of(),
            debated(proceedings));
    Verdict verdict = proceedings.ask(roles.judge(), view);
    return verdict instanceof Verdict.Decided decided
        ? Optional.of(decided.choice())
        : Optional.empty();
  }

  private static View view(
      Proceedings proceedings, OpenQuestion question, String role, int round, String instructions) {
    return new View(
        role, round, instructions, question.text(), List.of(), List.of(), debated(proceedings));
  }

  /** What debaters said; the moderator's reasons would give its leaning away to them. */
  private static List<Turn> debated(Proceedings proceedings) {
    return proceedings.transcript().turns().stream()
        .filter(turn -> turn.role().equals(AFFIRMATIVE) || turn.role().equals(NEGATIVE))
        .toList();
  }

  private Optional<String> read(Turn turn) {
    return turn.valid()
            && answers.parse(new Reply(turn.visible(), false)) instanceof Parsed.Value<String> value
        ? Optional.of(value.value())
        : Optional.empty();
  }

  /** What a run has come to so far. */
  private static final class Held {
    private final List<List<Optional<String>>> rounds = new ArrayList<>();
    private final List<Double> diversity = new ArrayList<>();
    private List<String> candidates = List.of();
    private Side side = Side.NEITHER;
    private int invalid;

    void add(List<Optional<String>> answers, Turn first, Turn last) {
      rounds.add(answers);
      diversity.add(SelfBleu.diversity(first.visible(), last.visible()));
    }

    /** Whether a debater gave an answer in any round; what the lister made up is no candidate. */
    boolean given(String answer) {
      return rounds.stream().anyMatch(round -> round.contains(Optional.of(answer)));
    }

    void moderated(Moderation moderation) {
      side = moderation.side();
      invalid += moderation.valid() ? 0 : 1;
    }

    ModeratedAnswer answer(Optional<String> answer, ModeratedAnswer.Decider by) {
      return new ModeratedAnswer(
          answer,
          answer.isPresent() ? by : ModeratedAnswer.Decider.NOBODY,
          side,
          rounds,
          invalid,
          candidates,
          diversity);
    }
  }
}

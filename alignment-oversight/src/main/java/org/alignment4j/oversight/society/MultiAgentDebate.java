package org.alignment4j.oversight.society;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Agent;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.OversightProtocol;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.api.oversight.View;
import org.alignment4j.core.judge.Parsed;
import org.alignment4j.core.judge.Reply;
import org.alignment4j.core.judge.ReplyParser;
import org.alignment4j.oversight.Proceedings;
import org.alignment4j.oversight.agent.CallSeed;
import org.apiguardian.api.API;

/**
 * Agents that answer alone, read what the others answered in the round before, and answer again;
 * the majority of the last round decides (Du et al. 2023, Improving Factuality and Reasoning in
 * Language Models through Multiagent Debate). Updates are simultaneous. The others are anonymous
 * and in an order drawn for each reader; their answers are cut to their ends where they are too
 * long, which is counted. A single agent reflects on its own answer. Answers that cannot be read do
 * not vote, and ties are broken by the seed. Immutable; as safe for concurrent runs as its agents.
 *
 * <p>It makes agents × rounds turns. A gain over one answer can be credited to debate only where it
 * exceeds that of as many independent answers: {@link #baselines()}.
 *
 * @param agents who answer
 * @param rounds how often each answers, the first answer included
 * @param answers the form of final answers
 * @param maxWords how many words of another's answer are read, its last ones
 * @param wording what agents are asked
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record MultiAgentDebate(
    List<Agent> agents,
    int rounds,
    ReplyParser<String> answers,
    int maxWords,
    SocietyWording wording)
    implements OversightProtocol<OpenQuestion, GroupAnswer> {
  /** What an agent is told of who else answered. */
  public static final String OTHER = "Another agent";

  private static final int MAX_WORDS = 300;

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if there is no agent, or rounds or words are less than 1
   */
  public MultiAgentDebate {
    agents = List.copyOf(agents);
    Objects.requireNonNull(answers, "answers");
    Objects.requireNonNull(wording, "wording");
    if (agents.isEmpty() || rounds < 1 || maxWords < 1) {
      throw new IllegalArgumentException(
          "agents, rounds and maxWords must be at least 1 but were "
              + agents.size()
              + ", "
              + rounds
              + " and "
              + maxWords);
    }
  }

  /** Returns a debate that shows at most 300 words of an answer, with the bundled wording. */
  public static MultiAgentDebate of(
      List<? extends Agent> agents, int rounds, ReplyParser<String> answers) {
    return new MultiAgentDebate(
        List.copyOf(agents), rounds, answers, MAX_WORDS, SocietyWording.bundled());
  }

  /** Returns this debate with another limit on what is read of an answer. */
  public MultiAgentDebate withMaxWords(int words) {
    return new MultiAgentDebate(agents, rounds, answers, words, wording);
  }

  /** Returns this debate with other wording. */
  public MultiAgentDebate withWording(SocietyWording other) {
    return new MultiAgentDebate(agents, rounds, answers, maxWords, other);
  }

  /**
   * Returns what to compare with: {@code single}, the first agent's first answer; {@code majority}
   * of as many independent answers as this debate has turns; {@code reflection}, the first agent
   * alone for as many turns. The first answers of all are those of this debate.
   */
  public Map<String, OversightProtocol<OpenQuestion, GroupAnswer>> baselines() {
    int turns = Math.multiplyExact(agents.size(), rounds);
    List<Agent> independent = new ArrayList<>();
    for (int i = 0; i < turns; i++) {
      independent.add(agents.get(i % agents.size()));
    }
    Map<String, OversightProtocol<OpenQuestion, GroupAnswer>> baselines = new LinkedHashMap<>();
    List<Agent> first = agents.subList(0, 1);
    baselines.put("single", new MultiAgentDebate(first, 1, answers, maxWords, wording));
    baselines.put("majority", new MultiAgentDebate(independent, 1, answers, maxWords, wording));
    baselines.put("reflection", new MultiAgentDebate(first, turns, answers, maxWords, wording));
    return Collections.unmodifiableMap(baselines);
  }

  @Override
  public Outcome<GroupAnswer> run(OpenQuestion question, OversightContext context) {
    Proceedings proceedings =
        Proceedings.open(
            "multi-agent debate",
            question.text(),
            context,
            OptionalLong.of((long) agents.size() * rounds));
    List<List<Optional<String>>> held = new ArrayList<>();
    List<Turn> before = List.of();
    int truncations = 0;
    try {
      for (int round = 0; round < rounds; round++) {
        List<Turn> turns = new ArrayList<>();
        for (int agent = 0; agent < agents.size(); agent++) {
          List<Turn> shown = round == 0 ? List.of() : shown(before, agent, round, context.seed());
          truncations += truncated(before, agent);
          turns.add(proceedings.hear(agents.get(agent), view(question, agent, round, shown)));
        }
        held.add(turns.stream().map(this::read).toList());
        before = turns;
      }
      return proceedings.outcome(GroupAnswer.of(true, held, truncations, context.seed()));
    } catch (BudgetExceededException limit) {
      return proceedings.stopped(GroupAnswer.of(false, held, truncations, context.seed()), limit);
    }
  }

  private Optional<String> read(Turn turn) {
    return turn.valid()
            && answers.parse(new Reply(turn.visible(), false)) instanceof Parsed.Value<String> value
        ? Optional.of(value.value())
        : Optional.empty();
  }

  private View view(OpenQuestion question, int agent, int round, List<Turn> shown) {
    Map<String, String> values =
        Map.of(
            "round", String.valueOf(round + 1),
            "rounds", String.valueOf(rounds),
            "others", String.valueOf(agents.size() - 1));
    String instructions =
        round == 0
            ? wording.opening().render(Map.of())
            : (agents.size() == 1 ? wording.reflection() : wording.update()).render(values);
    return new View(name(agent), round, instructions, question.text(), List.of(), List.of(), shown);
  }

  private static String name(int agent) {
    return "Agent " + (agent + 1);
  }

  /** The reader's own last answer whole, then the others', anonymous and in a drawn order. */
  private List<Turn> shown(List<Turn> before, int reader, int round, long seed) {
    List<Turn> others = new ArrayList<>();
    for (int agent = 0; agent < before.size(); agent++) {
      if (agent != reader) {
        Turn turn = before.get(agent);
        String text = Excerpt.of(turn.visible(), maxWords).text();
        others.add(new Turn(OTHER, turn.round(), text, "", turn.valid(), 1, Usage.NONE));
      }
    }
    Collections.shuffle(
        others, new Random(CallSeed.of(seed, "order for " + name(reader), round, 0)));
    List<Turn> shown = new ArrayList<>();
    shown.add(before.get(reader));
    shown.addAll(others);
    return shown;
  }

  private int truncated(List<Turn> before, int reader) {
    int truncated = 0;
    for (int agent = 0; agent < before.size(); agent++) {
      truncated +=
          agent != reader && Excerpt.of(before.get(agent).visible(), maxWords).cut() ? 1 : 0;
    }
    return truncated;
  }
}

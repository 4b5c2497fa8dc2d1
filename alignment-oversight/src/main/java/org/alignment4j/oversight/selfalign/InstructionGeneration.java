package org.alignment4j.oversight.selfalign;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.OversightProtocol;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.core.judge.PromptTemplate;
import org.alignment4j.oversight.Draw;
import org.alignment4j.oversight.Proceedings;
import org.alignment4j.oversight.Respondent;
import org.alignment4j.oversight.agent.Prompts;
import org.apiguardian.api.API;

/**
 * Instructions by type and topic (SELF-ALIGN's topic-guided self-instruct, Sun et al. 2023, section
 * 3.1): after worked examples a model is given several types and topics at once and writes one
 * instruction for each. Immutable.
 *
 * @param respondent who writes
 * @param examples worked examples, at least one
 * @param hints how many types and topics are given at once, at least 1
 * @param template uses {{examples}} and fenced {{hints}}
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record InstructionGeneration(
    Respondent respondent, List<TopicInstruction> examples, int hints, PromptTemplate template)
    implements OversightProtocol<Map<QuestionType, List<String>>, List<TopicInstruction>> {
  /** Placeholders of its template that hold the user's own words. */
  public static final Set<String> PLAIN = Set.of("examples");

  /** Placeholders of its template that hold text of models. */
  public static final Set<String> FENCED = Set.of("hints");

  private static final String ROLE = "Instructions";
  private static final int HINTS = 5;
  private static final int MAX_NEW_TOKENS = 512;
  private static final double TOP_P = 0.95;

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if there is no example or no hint
   */
  public InstructionGeneration {
    Objects.requireNonNull(respondent, "respondent");
    Objects.requireNonNull(template, "template");
    examples = List.copyOf(examples);
    if (examples.isEmpty() || hints < 1) {
      throw new IllegalArgumentException(
          "there must be at least one example and one hint but there were "
              + examples.size()
              + " and "
              + hints);
    }
  }

  /** Returns five hints at once, temperature 1, top-p 0.95. */
  public static InstructionGeneration by(LanguageModel model, List<TopicInstruction> examples) {
    return new InstructionGeneration(
        Respondent.of(
            model, SamplingOptions.builder(MAX_NEW_TOKENS).temperature(1).topP(TOP_P).build()),
        examples,
        HINTS,
        Prompts.bundled(InstructionGeneration.class, "instructions.txt", PLAIN, FENCED));
  }

  /** Writes one instruction at most for each type and topic. */
  @Override
  public Outcome<List<TopicInstruction>> run(
      Map<QuestionType, List<String>> topics, OversightContext context) {
    List<TopicInstruction> wanted = new ArrayList<>();
    topics.forEach(
        (type, list) ->
            list.forEach(topic -> wanted.add(new TopicInstruction(type.name(), topic, ""))));
    Proceedings proceedings =
        Proceedings.open(
            "instructions",
            "instructions",
            context,
            OptionalLong.of((wanted.size() + hints - 1L) / hints));
    List<TopicInstruction> found = new ArrayList<>();
    try {
      for (int from = 0; from < wanted.size(); from += hints) {
        List<TopicInstruction> group = wanted.subList(from, Math.min(wanted.size(), from + hints));
        Draw<List<TopicInstruction>> draw =
            respondent.ask(
                prompt(group), new InstructionParser(group), ROLE, from / hints, proceedings);
        proceedings.hear(
            new Turn(
                ROLE,
                from / hints,
                draw.said().visible(),
                draw.said().hidden(),
                draw.value().isPresent(),
                draw.attempts(),
                draw.usage()));
        found.addAll(draw.value().orElse(List.of()));
      }
      return proceedings.outcome(List.copyOf(found));
    } catch (BudgetExceededException limit) {
      return proceedings.stopped(List.copyOf(found), limit);
    }
  }

  private Prompt prompt(List<TopicInstruction> group) {
    return template.render(
        Map.of(
            "examples",
            examples.stream()
                .map(e -> TopicInstruction.hint(e.type(), e.topic()) + e.instruction())
                .collect(Collectors.joining("\n")),
            "hints",
            group.stream()
                .map(hint -> TopicInstruction.hint(hint.type(), hint.topic()).strip())
                .collect(Collectors.joining("\n"))));
  }
}

package org.alignment4j.oversight.selfalign;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
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
import org.alignment4j.oversight.agent.CallSeed;
import org.alignment4j.oversight.agent.Prompts;
import org.apiguardian.api.API;

/**
 * Topics of question types (SELF-ALIGN's topic-guided self-instruct, Sun et al. 2023, section 3.1):
 * in each epoch a model is shown known topics of each type and asked for new ones; afterwards every
 * type is trimmed to as many as the poorest type has. Immutable.
 *
 * @param respondent who is asked
 * @param epochs how often every type is asked, at least 1
 * @param asked how many topics are asked for at once
 * @param shown how many known topics are shown; while there are fewer, one is
 * @param template uses {{type}}, {{asked}} and fenced {{topics}}
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TopicGeneration(
    Respondent respondent, int epochs, int asked, int shown, PromptTemplate template)
    implements OversightProtocol<List<QuestionType>, Map<QuestionType, List<String>>> {
  /** Placeholders of its template that hold the user's own words. */
  public static final Set<String> PLAIN = Set.of("type", "asked");

  /** Placeholders of its template that hold text of models. */
  public static final Set<String> FENCED = Set.of("topics");

  private static final String ROLE = "Topics";
  private static final int ASKED = 10;
  private static final int SHOWN = 5;
  private static final int MAX_NEW_TOKENS = 256;
  private static final double TOP_P = 0.98;

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if a count is less than 1
   */
  public TopicGeneration {
    Objects.requireNonNull(respondent, "respondent");
    Objects.requireNonNull(template, "template");
    if (epochs < 1 || asked < 1 || shown < 1) {
      throw new IllegalArgumentException(
          "epochs, asked and shown must be at least 1 but were "
              + epochs
              + ", "
              + asked
              + " and "
              + shown);
    }
  }

  /** Returns ten topics at once from five known ones, temperature 1, top-p 0.98. */
  public static TopicGeneration by(LanguageModel model, int epochs) {
    return new TopicGeneration(
        Respondent.of(
            model, SamplingOptions.builder(MAX_NEW_TOKENS).temperature(1).topP(TOP_P).build()),
        epochs,
        ASKED,
        SHOWN,
        Prompts.bundled(TopicGeneration.class, "topics.txt", PLAIN, FENCED));
  }

  @Override
  public Outcome<Map<QuestionType, List<String>>> run(
      List<QuestionType> types, OversightContext context) {
    Proceedings proceedings =
        Proceedings.open(
            "topics", "topics", context, OptionalLong.of((long) epochs * types.size()));
    Map<QuestionType, List<String>> topics = new LinkedHashMap<>();
    types.forEach(type -> topics.put(type, new ArrayList<>(type.seeds())));
    try {
      for (int epoch = 0; epoch < epochs; epoch++) {
        for (int i = 0; i < types.size(); i++) {
          int round = epoch * types.size() + i;
          extend(
              types.get(i),
              topics.getOrDefault(types.get(i), List.of()),
              round,
              proceedings,
              context.seed());
        }
      }
      return proceedings.outcome(trimmed(topics));
    } catch (BudgetExceededException limit) {
      return proceedings.stopped(trimmed(topics), limit);
    }
  }

  private void extend(
      QuestionType type, List<String> known, int round, Proceedings proceedings, long seed) {
    Prompt prompt =
        template.render(
            Map.of(
                "type", type.name(),
                "asked", String.valueOf(asked),
                "topics", String.join("\n", shown(known, seed, round))));
    Draw<List<String>> draw = respondent.ask(prompt, new TopicParser(), ROLE, round, proceedings);
    proceedings.hear(
        new Turn(
            ROLE,
            round,
            draw.said().visible(),
            draw.said().hidden(),
            draw.value().isPresent(),
            draw.attempts(),
            draw.usage()));
    Set<String> seen = new HashSet<>();
    known.forEach(topic -> seen.add(topic.toLowerCase(Locale.ROOT)));
    for (String topic : draw.value().orElse(List.of())) {
      if (seen.add(topic.toLowerCase(Locale.ROOT))) {
        known.add(topic);
      }
    }
  }

  private List<String> shown(List<String> known, long seed, int round) {
    List<String> left = new ArrayList<>(known);
    List<String> chosen = new ArrayList<>();
    int count = known.size() < shown ? 1 : shown;
    for (int i = 0; i < count; i++) {
      long number = CallSeed.of(seed, "shown topics", round, i);
      chosen.add(left.remove((int) Math.floorMod(number, (long) left.size())));
    }
    return chosen;
  }

  private static Map<QuestionType, List<String>> trimmed(Map<QuestionType, List<String>> topics) {
    int fewest = topics.values().stream().mapToInt(List::size).min().orElse(0);
    Map<QuestionType, List<String>> trimmed = new LinkedHashMap<>();
    topics.forEach((type, list) -> trimmed.put(type, List.copyOf(list.subList(0, fewest))));
    return trimmed;
  }
}

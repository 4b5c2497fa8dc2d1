package org.alignment4j.eval.factuality.factscore;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.core.journal.PlainJson;
import org.alignment4j.eval.factuality.OneLine;
import org.alignment4j.eval.factuality.PromptStyle;
import org.apiguardian.api.API;

/**
 * A model that lists what a sentence states, after the demonstrations most like it, the nearest
 * last. Each fact is a line that begins with a dash, an asterisk, a bullet or a number; the list
 * ends where another line follows. A fact that a sentence's list repeats counts once. Immutable and
 * as safe for concurrent calls as the model.
 *
 * @param model who lists
 * @param demonstrations what it is shown
 * @param shown how many of them, not negative
 * @param instruction the line before each sentence
 * @param style how prompts reach the model
 * @param options how it is sampled
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ModelFactExtractor(
    LanguageModel model,
    FactDemonstrations demonstrations,
    int shown,
    String instruction,
    PromptStyle style,
    SamplingOptions options)
    implements FactExtractor {

  private static final int SHOWN = 8;
  private static final int MAX_NEW_TOKENS = 512;
  private static final String INSTRUCTION =
      "List the independent facts that this sentence states, each in a short sentence of its own:";
  private static final Pattern ITEM = Pattern.compile("\\s*(?:[-*•–]|\\d{1,3}[.)])\\s+(.*\\S)\\s*");

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when the number of demonstrations is negative
   */
  public ModelFactExtractor {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(demonstrations, "demonstrations");
    Objects.requireNonNull(instruction, "instruction");
    Objects.requireNonNull(style, "style");
    Objects.requireNonNull(options, "options");
    if (shown < 0) {
      throw new IllegalArgumentException("shown must not be negative but was " + shown);
    }
  }

  /**
   * Returns the usual extractor: the bundled demonstrations, eight of them shown, greedy decoding.
   *
   * @param model who lists
   * @param style how prompts reach it
   */
  public static ModelFactExtractor of(LanguageModel model, PromptStyle style) {
    return new ModelFactExtractor(
        model,
        FactDemonstrations.bundled(),
        SHOWN,
        INSTRUCTION,
        style,
        SamplingOptions.builder(MAX_NEW_TOKENS).temperature(0).stopStrings("\n\n").build());
  }

  /** Returns this extractor with demonstrations of one's own. */
  public ModelFactExtractor withDemonstrations(FactDemonstrations other) {
    return new ModelFactExtractor(model, other, shown, instruction, style, options);
  }

  @Override
  public String id() {
    List<Object> parts =
        List.of(demonstrations.id(), shown, instruction, style.name(), options.toString());
    return PlainJson.key(parts).hex() + ": " + model.id();
  }

  @Override
  public List<ExtractedFacts> extract(List<String> sentences, CancellationToken cancellation) {
    if (sentences.isEmpty()) {
      return List.of();
    }
    List<Prompt> prompts = sentences.stream().map(this::prompt).toList();
    List<ExtractedFacts> facts = new ArrayList<>();
    for (Completion completion : model.generate(prompts, options, cancellation)) {
      facts.add(new ExtractedFacts(parse(completion.text()), completion.usage()));
    }
    return facts;
  }

  private Prompt prompt(String sentence) {
    StringBuilder text = new StringBuilder();
    List<FactDemonstrations.Demonstration> like = demonstrations.like(sentence, shown);
    for (int i = like.size() - 1; i >= 0; i--) {
      text.append(instruction).append(' ').append(like.get(i).sentence()).append('\n');
      like.get(i).facts().forEach(fact -> text.append("- ").append(fact).append('\n'));
      text.append('\n');
    }
    text.append(instruction).append(' ').append(OneLine.of(sentence)).append('\n');
    return style.prompt(text.toString());
  }

  static List<String> parse(String reply) {
    Set<String> facts = new LinkedHashSet<>();
    for (String line : reply.lines().toList()) {
      Matcher item = ITEM.matcher(line);
      if (item.matches()) {
        facts.add(OneLine.of(item.group(1)));
      } else if (!facts.isEmpty()) {
        break;
      }
    }
    return List.copyOf(facts);
  }
}

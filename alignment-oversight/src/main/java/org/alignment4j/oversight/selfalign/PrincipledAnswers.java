package org.alignment4j.oversight.selfalign;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.oversight.FeedbackGenerator;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.OversightProtocol;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.core.data.Demonstration;
import org.alignment4j.core.judge.PromptTemplate;
import org.alignment4j.oversight.Proceedings;
import org.alignment4j.oversight.PromptFeedback;
import org.alignment4j.oversight.agent.CallSeed;
import org.alignment4j.oversight.agent.Prompts;
import org.alignment4j.oversight.agent.Speech;
import org.apiguardian.api.API;

/**
 * Answers by principles (SELF-ALIGN, Sun et al. 2023, section 3.2): a prompt with numbered
 * principles and examples has a model name itself, think which principles matter, and answer; the
 * filter keeps the answer or says why not. {@link #verbose} asks a model that has learnt this for
 * long answers instead. One call a prompt, which is not repeated: what the filter removes is a
 * result. Immutable.
 *
 * @param model who answers
 * @param options how; the seed is replaced for each prompt
 * @param template uses fenced {{instruction}}; has principles and examples, or asks for length
 * @param filter what is kept
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record PrincipledAnswers(
    LanguageModel model, SamplingOptions options, PromptTemplate template, AnswerFilter filter)
    implements OversightProtocol<Prompt, AlignedAnswer> {
  /** Placeholders of its template that hold the user's own words: none. */
  public static final Set<String> PLAIN = Set.of();

  /** Placeholders of its template that hold text of models. */
  public static final Set<String> FENCED = Set.of("instruction");

  private static final String ASSISTANT = "Assistant";
  private static final int MAX_NEW_TOKENS = 256;
  private static final double TEMPERATURE = 0.5;
  private static final double TOP_P = 0.95;
  private static final int MAX_VERBOSE_TOKENS = 512;
  private static final double VERBOSE_TEMPERATURE = 0.3;
  private static final double VERBOSE_TOP_P = 0.7;

  /** Checks that nothing is missing. */
  public PrincipledAnswers {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(template, "template");
    Objects.requireNonNull(filter, "filter");
  }

  /** Returns the bundled prompt and filter: temperature 0.5, top-p 0.95, at most 256 tokens. */
  public static PrincipledAnswers by(LanguageModel model) {
    return new PrincipledAnswers(
        model,
        SamplingOptions.builder(MAX_NEW_TOKENS).temperature(TEMPERATURE).topP(TOP_P).build(),
        Prompts.bundled(PrincipledAnswers.class, "principles.txt", PLAIN, FENCED),
        AnswerFilter.bundled());
  }

  /**
   * Returns verbose cloning (Sun et al. 2023, stage 4): a model that has learnt its principles is
   * prompted for long answers, which the base model then learns without the prompt. Temperature
   * 0.3, top-p 0.7, at most 512 tokens, the filter's rules for answers alone. The paper also
   * penalises repeated runs of three and four tokens, which {@link SamplingOptions} cannot say; the
   * filter ends an answer where it begins to repeat itself.
   *
   * @param engraved a model that was trained on answers by principles
   */
  public static PrincipledAnswers verbose(LanguageModel engraved) {
    return new PrincipledAnswers(
        engraved,
        SamplingOptions.builder(MAX_VERBOSE_TOKENS)
            .temperature(VERBOSE_TEMPERATURE)
            .topP(VERBOSE_TOP_P)
            .build(),
        Prompts.bundled(PrincipledAnswers.class, "verbose.txt", PLAIN, FENCED),
        AnswerFilter.bundled().ofAnswersAlone());
  }

  /** Returns this protocol with a template read with {@link #PLAIN} and {@link #FENCED}. */
  public PrincipledAnswers withTemplate(PromptTemplate other) {
    return new PrincipledAnswers(model, options, other, filter);
  }

  /** Returns the answers that are kept as demonstrations, without principles. */
  public FeedbackGenerator<Demonstration> demonstrations() {
    return PromptFeedback.of(this, AlignedAnswer::demonstrations);
  }

  /**
   * Answers an instruction.
   *
   * @throws IllegalArgumentException if it is neither a text nor a single message
   * @throws BudgetExceededException if the budget leaves no room
   */
  @Override
  public Outcome<AlignedAnswer> run(Prompt instruction, OversightContext context) {
    String text = text(instruction);
    Proceedings proceedings = Proceedings.open("answer", text, context, OptionalLong.of(1));
    OversightContext next = proceedings.next();
    Completion reply =
        model
            .generate(
                List.of(template.render(Map.of("instruction", text))),
                options.toBuilder().seed(CallSeed.of(next.seed(), ASSISTANT, 0, 0)).build(),
                next.cancellation())
            .get(0);
    proceedings.spend(reply.usage());
    Speech said = Speech.of(reply.text());
    Filtered filtered = filter.filter(said.visible(), !reply.truncated());
    boolean kept = filtered instanceof Filtered.Kept;
    proceedings.hear(new Turn(ASSISTANT, 0, said.visible(), said.hidden(), kept, 1, reply.usage()));
    return proceedings.outcome(new AlignedAnswer(instruction, reply.text(), filtered));
  }

  private static String text(Prompt instruction) {
    if (instruction instanceof Prompt.Text text) {
      return text.text();
    }
    if (instruction instanceof Prompt.Chat chat && chat.messages().size() == 1) {
      return chat.last().content();
    }
    throw new IllegalArgumentException(
        "an instruction must be a text or a single message but was " + instruction);
  }
}

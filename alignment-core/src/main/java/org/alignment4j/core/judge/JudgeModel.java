package org.alignment4j.core.judge;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.Role;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Budget;
import org.alignment4j.core.calls.CallClock;
import org.apiguardian.api.API;

/**
 * A language model that is asked for verdicts in a strict form. A reply without one is answered by
 * exactly one request to repair it, as far as the budget reaches; then the judgement is unparsed.
 * Failures of the model pass through: trying again is the business of {@link
 * org.alignment4j.core.calls.Calls}. Immutable and as safe for concurrent calls as the model.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class JudgeModel {
  private static final int MAX_NEW_TOKENS = 2048;
  private static final int HASH_CHARS = 12;
  private static final int MAX_REPLY_SHOWN = 1 << 14;

  private final LanguageModel model;
  private final SamplingOptions options;
  private final PromptTemplate repair;
  private final LongSupplier nanos;

  private JudgeModel(
      LanguageModel model, SamplingOptions options, PromptTemplate repair, LongSupplier nanos) {
    this.model = Objects.requireNonNull(model, "model");
    this.options = Objects.requireNonNull(options, "options");
    this.repair = Objects.requireNonNull(repair, "repair");
    this.nanos = Objects.requireNonNull(nanos, "nanos");
  }

  /** Returns a judge that decodes greedily, at most 2048 tokens, with the bundled repair prompt. */
  public static JudgeModel of(LanguageModel model) {
    return new JudgeModel(
        model,
        SamplingOptions.greedy(MAX_NEW_TOKENS),
        PromptTemplate.bundled("repair.txt", Set.of("problem", "form"), Set.of()),
        CallClock.system()::nanoTime);
  }

  /** Returns this judge with other sampling options. */
  public JudgeModel withOptions(SamplingOptions other) {
    return new JudgeModel(model, other, repair, nanos);
  }

  /**
   * Returns this judge with another repair prompt.
   *
   * @param template one user section with the placeholders {@code problem} and {@code form}
   */
  public JudgeModel withRepair(PromptTemplate template) {
    return new JudgeModel(model, options, template, nanos);
  }

  /**
   * Returns this judge with another clock, by which a budget of time is kept.
   *
   * @param clock a clock in nanoseconds, as of {@link CallClock#system}; safe for concurrent calls
   */
  public JudgeModel withClock(LongSupplier clock) {
    return new JudgeModel(model, options, repair, clock);
  }

  /** The model. */
  public LanguageModel model() {
    return model;
  }

  /** How replies are sampled. */
  public SamplingOptions options() {
    return options;
  }

  /**
   * Returns what decides its verdicts beside the prompt, by which results are filed: the model, how
   * its replies are sampled, how one without a verdict is repaired.
   *
   * @return the identity, never empty
   */
  public String identity() {
    return model.id() + ", " + options + ", repair " + repair.hash().hex().substring(0, HASH_CHARS);
  }

  /**
   * Asks for a verdict, whatever it costs; see {@link #ask(Prompt.Chat, ReplyParser, Budget,
   * CancellationToken)}.
   *
   * @throws org.alignment4j.api.CancelledException if cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException if the model fails
   */
  public <T> Judgement<T> ask(
      Prompt.Chat prompt, ReplyParser<T> parser, CancellationToken cancellation) {
    return ask(prompt, parser, Budget.UNLIMITED, cancellation);
  }

  /**
   * Asks for a verdict.
   *
   * @param prompt the question, from a {@link PromptTemplate}; its last message is a user's
   * @param parser the form
   * @param budget what the verdict may cost: when the first call leaves no room for another, there
   *     is no repair, and the problem of the unparsed judgement says so
   * @param cancellation asks to stop at the next token
   * @throws org.alignment4j.api.CancelledException if cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException if the model fails
   */
  public <T> Judgement<T> ask(
      Prompt.Chat prompt, ReplyParser<T> parser, Budget budget, CancellationToken cancellation) {
    long began = nanos.getAsLong();
    Completion first = complete(prompt, cancellation);
    Parsed<T> parsed = parser.parse(new Reply(first.text(), first.truncated()));
    if (parsed instanceof Parsed.Value<T> value) {
      return new Judgement.Given<>(value.value(), first.text(), false, first.usage());
    }
    String problem = ((Parsed.Nothing<T>) parsed).problem();
    Duration elapsed = Duration.ofNanos(nanos.getAsLong() - began);
    Optional<String> limit = budget.exhausted(first.usage(), 0, elapsed);
    if (limit.isPresent()) {
      return new Judgement.Unparsed<>(
          first.text(),
          problem + " The budget of " + limit.get() + " leaves no room for a repair.",
          first.usage());
    }
    Prompt.Chat again = withRepairRequest(prompt, first.text(), problem, parser.form());
    Completion second = complete(again, cancellation);
    Usage usage = first.usage().plus(second.usage());
    String replies = first.text() + "\n\n" + second.text();
    Parsed<T> repaired = parser.parse(new Reply(second.text(), second.truncated()));
    return repaired instanceof Parsed.Value<T> value
        ? new Judgement.Given<>(value.value(), replies, true, usage)
        : new Judgement.Unparsed<>(replies, ((Parsed.Nothing<T>) repaired).problem(), usage);
  }

  private Completion complete(Prompt.Chat prompt, CancellationToken cancellation) {
    return model.generate(List.of(prompt), options, cancellation).get(0);
  }

  private Prompt.Chat withRepairRequest(
      Prompt.Chat prompt, String reply, String problem, String form) {
    String request = repair.render(Map.of("problem", problem, "form", form)).last().content();
    // The judge may have repeated control tokens of the text it judged.
    String shown = Fence.withoutControlTokens(reply).strip();
    if (!shown.isEmpty()) {
      int cut = Math.max(0, shown.length() - MAX_REPLY_SHOWN);
      return prompt.with(Message.assistant(shown.substring(cut))).with(Message.user(request));
    }
    // Many endpoints refuse an empty message, and templates two messages of one role in a row.
    List<Message> messages = new ArrayList<>(prompt.messages());
    Message last = messages.remove(messages.size() - 1);
    messages.add(new Message(Role.USER, last.content() + "\n\n" + request));
    return Prompt.chat(messages);
  }
}

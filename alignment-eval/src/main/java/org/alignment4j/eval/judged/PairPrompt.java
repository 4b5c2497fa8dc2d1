package org.alignment4j.eval.judged;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.core.judge.PairwiseJudge;
import org.alignment4j.core.judge.Parsed;
import org.alignment4j.core.judge.PromptTemplate;
import org.alignment4j.core.judge.Reply;
import org.alignment4j.core.judge.ReplyParser;
import org.alignment4j.core.judge.SoftJudgeModel;
import org.apiguardian.api.API;

/**
 * The question which of two answers is better, as a judge is asked it. Both answers and the request
 * are fenced, so that none of them can pose as the judge's instructions. Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class PairPrompt implements PairForm {
  /** Placeholders of its template that hold the user's own words. */
  public static final Set<String> PLAIN = PairwiseJudge.PLAIN;

  /** Placeholders of its template that hold text under judgement. */
  public static final Set<String> FENCED = PairwiseJudge.FENCED;

  private static final String FIRST = "A";
  private static final String SECOND = "B";
  private static final String TIE = "C";

  private final PromptTemplate template;
  private final String criteria;
  private final List<String> menu;
  private final boolean reasons;
  private final boolean chat;

  private PairPrompt(
      PromptTemplate template, String criteria, List<String> menu, boolean reasons, boolean chat) {
    this.template = Objects.requireNonNull(template, "template");
    this.criteria = Objects.requireNonNull(criteria, "criteria");
    this.menu = menu;
    this.reasons = reasons;
    this.chat = chat;
  }

  /**
   * Returns a question whose reply gives reasons and then A or B.
   *
   * @param criteria what counts, such as {@code helpfulness and accuracy}
   */
  public static PairPrompt choice(String criteria) {
    return new PairPrompt(
        JudgePrompts.bundled("pair-choice.txt", PLAIN, FENCED),
        criteria,
        List.of(FIRST, SECOND),
        true,
        true);
  }

  /**
   * Returns a question whose reply gives reasons and then A, B or C, a tie.
   *
   * @param criteria what counts
   */
  public static PairPrompt withTies(String criteria) {
    return new PairPrompt(
        JudgePrompts.bundled("pair-tie.txt", PLAIN, FENCED),
        criteria,
        List.of(FIRST, SECOND, TIE),
        true,
        true);
  }

  /**
   * Returns a question whose reply is A or B and nothing else, as likelihoods need it.
   *
   * @param criteria what counts
   */
  public static PairPrompt label(String criteria) {
    return new PairPrompt(
        JudgePrompts.bundled("pair-label.txt", PLAIN, FENCED),
        criteria,
        List.of(FIRST, SECOND),
        false,
        true);
  }

  /** Returns this question with a template read with {@link #PLAIN} and {@link #FENCED}. */
  public PairPrompt withTemplate(PromptTemplate other) {
    return new PairPrompt(other, criteria, menu, reasons, chat);
  }

  /** Returns this question as plain text, for models without a chat template. */
  public PairPrompt asText() {
    return new PairPrompt(template, criteria, menu, reasons, false);
  }

  /** Whether a judge may call a tie. */
  boolean ties() {
    return menu.contains(TIE);
  }

  @Override
  public List<String> labels() {
    return chat ? List.of(FIRST, SECOND) : List.of(" " + FIRST, " " + SECOND);
  }

  private ReplyParser<String> parser() {
    return ReplyParser.choice(menu);
  }

  /** The verdict of a reply on the answer shown first: 1, ½ or 0; NaN for none. */
  double verdict(Reply reply) {
    if (!(parser().parse(reply) instanceof Parsed.Value<String> found)) {
      return Double.NaN;
    }
    return switch (found.value()) {
      case FIRST -> 1;
      case SECOND -> 0;
      default -> 0.5;
    };
  }

  @Override
  public Prompt prompt(Sample sample, boolean swapped) {
    Prompt.Chat asked =
        template.render(
            Map.of(
                "criteria",
                criteria,
                "form",
                reasons ? parser().form() : SoftJudgeModel.form(menu),
                "request",
                text(sample.prompt()),
                "first",
                PairForm.shown(sample, swapped, 0),
                "second",
                PairForm.shown(sample, swapped, 1)));
    return chat
        ? asked
        : Prompt.text(
            asked.messages().stream().map(Message::content).collect(Collectors.joining("\n\n"))
                + "\n\nVerdict:");
  }

  @Override
  public Map<String, String> options() {
    return Map.of(
        "criteria",
        criteria,
        "judge prompt",
        template.hash().hex(),
        "verdicts",
        String.join(", ", menu),
        "judge asked by",
        chat ? "chat" : "text");
  }

  /** A request as a judge reads it. */
  static String text(Prompt prompt) {
    if (prompt instanceof Prompt.Text text) {
      return text.text();
    }
    if (prompt instanceof Prompt.Chat conversation) {
      List<String> parts = new ArrayList<>();
      conversation
          .messages()
          .forEach(
              m ->
                  parts.add(
                      conversation.messages().size() == 1
                          ? m.content()
                          : m.role().label() + ":\n" + m.content()));
      return String.join("\n\n", parts);
    }
    throw new IllegalArgumentException(
        "a judge reads text but the prompt was token ids; decode them first");
  }
}

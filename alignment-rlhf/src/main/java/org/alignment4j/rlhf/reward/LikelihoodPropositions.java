package org.alignment4j.rlhf.reward;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.LikelihoodModel;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.core.judge.PromptTemplate;
import org.alignment4j.core.judge.SoftJudgeModel;
import org.apiguardian.api.API;

/**
 * Statements about answers, graded by any model that tells how likely a text is, whether it follows
 * instructions or not: the probability of a statement is {@code P(Yes)/(P(Yes) + P(No))} of both
 * replies in the tokens that the model's tokenizer makes of them. {@link JudgedPropositions}, for
 * models that choose among replies, counts every way to begin with the words, and usage, and may
 * refuse replies that are too unlikely. Immutable and as safe for concurrent calls as the model.
 *
 * <pre>{@code
 * PropositionGrader rules =
 *     LikelihoodPropositions.of(
 *         model, Map.of("no_advice", "The answer gives medical advice."), Form.TEXT);
 * }</pre>
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class LikelihoodPropositions implements PropositionGrader {

  private static final String YES = "Yes";
  private static final String NO = "No";

  /** How the question is put to the model. */
  public enum Form {
    /** As a conversation, for models with a chat template. */
    CHAT(""),
    /** As one text that a verdict continues, for models without. */
    TEXT(" ");

    private final String before;

    Form(String before) {
      this.before = before;
    }

    private Prompt prompt(Prompt.Chat question) {
      if (this == CHAT) {
        return question;
      }
      StringBuilder text = new StringBuilder();
      for (Message message : question.messages()) {
        text.append(message.content().strip()).append("\n\n");
      }
      return Prompt.text(text + "Verdict:");
    }
  }

  private final LikelihoodModel model;
  private final Map<String, String> propositions;
  private final Form form;
  private final PromptTemplate template;

  private LikelihoodPropositions(
      LikelihoodModel model, Map<String, String> propositions, Form form, PromptTemplate template) {
    this.model = Objects.requireNonNull(model, "model");
    this.propositions = ImmutableMap.copyOf(propositions);
    this.form = Objects.requireNonNull(form, "form");
    this.template = Objects.requireNonNull(template, "template");
    if (propositions.isEmpty()) {
      throw new IllegalArgumentException("propositions must be at least one but there are none");
    }
  }

  /**
   * Returns a grader with the prompt of {@link JudgedPropositions}.
   *
   * @param model who judges
   * @param propositions statements by name, in the order to grade them, such as {@code The answer
   *     gives medical advice.}
   * @param form how the question is put
   * @return the grader
   * @throws IllegalArgumentException when there is no statement
   */
  public static LikelihoodPropositions of(
      LikelihoodModel model, Map<String, String> propositions, Form form) {
    return new LikelihoodPropositions(
        model, propositions, form, JudgedPropositions.usualTemplate());
  }

  /**
   * Returns this grader with a template read with {@link JudgedPropositions#PLAIN} and {@link
   * JudgedPropositions#FENCED}.
   *
   * @param other the template
   * @return a new grader
   */
  public LikelihoodPropositions withTemplate(PromptTemplate other) {
    return new LikelihoodPropositions(model, propositions, form, other);
  }

  @Override
  public List<String> names() {
    return List.copyOf(propositions.keySet());
  }

  @Override
  public String id() {
    return "likelihood-propositions(%s, %s)"
        .formatted(model.id(), ContentHash.of(template.hash() + " " + propositions + " " + form));
  }

  /**
   * Grades answers.
   *
   * @throws IllegalArgumentException when a prompt is token ids, or question and answer do not fit
   *     the model's context whole, named
   */
  @Override
  public List<double[]> probabilities(
      List<PromptCompletion> answers, CancellationToken cancellation) {
    List<Continuation> replies = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      String request = DialogueText.of(answers.get(i).prompt(), "answers[" + i + "]");
      for (String proposition : propositions.values()) {
        Prompt.Chat question =
            template.render(
                Map.of(
                    "proposition",
                    proposition,
                    "form",
                    SoftJudgeModel.form(List.of(YES, NO)),
                    "request",
                    request,
                    "answer",
                    answers.get(i).completion()));
        replies.add(Continuation.of(form.prompt(question), form.before + YES));
        replies.add(Continuation.of(form.prompt(question), form.before + NO));
      }
    }
    List<ContinuationScore> scores = model.logProbabilities(replies, cancellation);
    List<String> names = names();
    List<double[]> all = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      double[] own = new double[names.size()];
      for (int j = 0; j < own.length; j++) {
        int at = 2 * (i * own.length + j);
        own[j] = yes(scores.get(at), scores.get(at + 1), names.get(j), i);
      }
      all.add(own);
    }
    return all;
  }

  private static double yes(ContinuationScore yes, ContinuationScore no, String name, int answer) {
    int cut = Math.max(yes.truncatedPromptTokens(), no.truncatedPromptTokens());
    if (cut > 0) {
      throw new IllegalArgumentException(
          ("answers[%s] must fit the model's context with proposition '%s' but %s tokens of the"
                  + " question were cut; shorten the answer or take a model with a longer context")
              .formatted(answer, name, cut));
    }
    double p = 1 / (1 + Math.exp(no.sum() - yes.sum()));
    if (Double.isNaN(p)) {
      throw new ModelExecutionException(
          "proposition '%s' of answers[%s] must have a probability but Yes and No have log-probabilities %s and %s"
              .formatted(name, answer, yes.sum(), no.sum()));
    }
    return p;
  }
}

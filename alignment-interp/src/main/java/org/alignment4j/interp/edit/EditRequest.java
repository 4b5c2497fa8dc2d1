package org.alignment4j.interp.edit;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.model.Tokenizer;
import org.alignment4j.interp.fact.CounterFact;
import org.alignment4j.interp.fact.Fact;
import org.alignment4j.interp.fact.FactEncoder;
import org.alignment4j.interp.fact.FactPrompt;
import org.alignment4j.interp.fact.SubjectPrompt;
import org.apiguardian.api.API;

/**
 * What an edit is to achieve, as tokens. Immutable.
 *
 * @param id names the fact in messages and reports
 * @param rewrites the fact's prompt with the new answer, alone first and then after other texts
 *     ({@code contexts}); at least one
 * @param essence a prompt about the subject whose continuation is to stay, such as "{subject} is a"
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record EditRequest(String id, List<FactPrompt> rewrites, SubjectPrompt essence) {

  /** The essence prompt of the ROME paper's code. */
  public static final String ESSENCE = Fact.SUBJECT + " is a";

  /**
   * Copies.
   *
   * @throws IllegalArgumentException when there is no rewrite
   */
  public EditRequest {
    rewrites = List.copyOf(rewrites);
    if (rewrites.isEmpty()) {
      throw new IllegalArgumentException(
          "the edit of " + id + " must have at least one prompt but had none");
    }
  }

  /**
   * The tokens of an edit, with the usual essence prompt.
   *
   * @param tokenizer the model's
   * @param counterFact the fact and its new answer
   * @param contexts texts to stand before the prompt, spaces at their ends included, such as those
   *     of {@link EditContexts}; may be empty
   * @return the request
   * @throws IllegalArgumentException as the long form does
   */
  public static EditRequest of(
      Tokenizer tokenizer, CounterFact counterFact, List<String> contexts) {
    return of(tokenizer, counterFact, contexts, ESSENCE);
  }

  /**
   * The tokens of an edit.
   *
   * @param tokenizer the model's
   * @param counterFact the fact and its new answer
   * @param contexts texts to stand before the prompt, spaces at their ends included; may be empty
   * @param essence a prompt with {@value Fact#SUBJECT} whose continuation is to stay; it must not
   *     ask for the fact itself, as {@value #ESSENCE} does for what somebody is
   * @return the request
   * @throws IllegalArgumentException when the subject is not found in a prompt, or prompt and
   *     answer cannot be told apart as tokens
   */
  public static EditRequest of(
      Tokenizer tokenizer, CounterFact counterFact, List<String> contexts, String essence) {
    FactEncoder encoder = new FactEncoder(tokenizer);
    Fact fact = counterFact.fact();
    List<FactPrompt> rewrites = new ArrayList<>();
    rewrites.add(encoder.encode(fact.prompt(), fact.subject(), counterFact.newTarget()));
    for (String context : contexts) {
      rewrites.add(
          encoder.encode(context + fact.prompt(), fact.subject(), counterFact.newTarget()));
    }
    return new EditRequest(
        fact.id(),
        rewrites,
        encoder.locate(essence.replace(Fact.SUBJECT, fact.subject()), fact.subject()));
  }
}

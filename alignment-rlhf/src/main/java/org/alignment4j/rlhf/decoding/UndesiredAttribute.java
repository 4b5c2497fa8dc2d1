package org.alignment4j.rlhf.decoding;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.Role;
import org.alignment4j.api.model.TokenIds;
import org.apiguardian.api.API;

/**
 * Something that answers should not be, told in a way that makes a model more likely to be so: the
 * self-debiasing input sdb(x, y) of Schick et al. 2021 (arXiv 2103.00453, section 4).
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface UndesiredAttribute {

  /**
   * Returns an attribute in words, for prompts of text and conversations.
   *
   * @param description such as {@code rude, disrespectful, or unreasonable language} or {@code a
   *     threat}
   * @return an attribute whose input is the prompt behind {@code The following text contains
   *     DESCRIPTION:} and a line break; in a conversation this is the system's message or begins it
   * @throws IllegalArgumentException when the description is blank
   */
  static UndesiredAttribute of(String description) {
    return new Described(description);
  }

  /**
   * Returns an attribute that tokens evoke, for prompts of tokens.
   *
   * @param prefix what comes before the prompt, at least one token; the prompt's own
   *     beginning-of-sequence token, where it has one, stays behind it
   * @return an attribute whose input is the prefix and the prompt
   * @throws IllegalArgumentException when there is no token
   */
  static UndesiredAttribute of(TokenIds prefix) {
    return new Prefix(prefix);
  }

  /**
   * Returns what the model reads beside the prompt.
   *
   * @param prompt what is to be continued
   * @return the input that makes the attribute more likely
   * @throws IllegalArgumentException when the attribute cannot be put before such a prompt
   */
  Prompt input(Prompt prompt);

  /**
   * An attribute in words.
   *
   * @param description not blank
   */
  record Described(String description) implements UndesiredAttribute {

    /**
     * Checks the description.
     *
     * @throws IllegalArgumentException when it is blank
     */
    public Described {
      if (description.isBlank()) {
        throw new IllegalArgumentException("description must say something but was blank");
      }
    }

    @Override
    public Prompt input(Prompt prompt) {
      String before = "The following text contains " + description + ":\n";
      if (prompt instanceof Prompt.Text text) {
        return Prompt.text(before + text.text());
      }
      if (prompt instanceof Prompt.Chat chat) {
        return Prompt.chat(system(before, chat.messages()));
      }
      throw new IllegalArgumentException(
          "a description can be put before texts and conversations but the prompt is of tokens; give"
              + " the attribute as tokens, by UndesiredAttribute.of(TokenIds)");
    }

    private static List<Message> system(String before, List<Message> messages) {
      List<Message> all = new ArrayList<>(messages);
      if (messages.get(0).role() == Role.SYSTEM) {
        all.set(0, Message.system(before + messages.get(0).content()));
      } else {
        all.add(0, Message.system(before.strip()));
      }
      return all;
    }
  }

  /**
   * An attribute as tokens.
   *
   * @param tokens at least one
   */
  record Prefix(TokenIds tokens) implements UndesiredAttribute {

    /**
     * Checks the tokens.
     *
     * @throws IllegalArgumentException when there is none
     */
    public Prefix {
      Objects.requireNonNull(tokens, "tokens");
      if (tokens.isEmpty()) {
        throw new IllegalArgumentException("tokens must hold at least one but hold none");
      }
    }

    @Override
    public Prompt input(Prompt prompt) {
      if (prompt instanceof Prompt.Tokens ids) {
        return Prompt.tokens(tokens.concat(ids.ids()));
      }
      throw new IllegalArgumentException(
          "tokens can be put before a prompt of tokens only; give the attribute in words, by"
              + " UndesiredAttribute.of(String)");
    }
  }
}

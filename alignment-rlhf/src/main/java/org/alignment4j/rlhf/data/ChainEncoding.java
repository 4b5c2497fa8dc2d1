package org.alignment4j.rlhf.data;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.tokenizer.EncodingOutcome;
import org.alignment4j.runtime.tokenizer.PromptCompletionEncoder;
import org.alignment4j.runtime.tokenizer.PromptCompletionTokens;

/**
 * Chains of answers as tokens. In a conversation each further marker is a message of the user and
 * its answer one of the assistant; in a text both follow the end token of the answer before.
 * Answers are never cut: a conversation loses its oldest turns where the whole must get shorter.
 */
record ChainEncoding(PromptCompletionEncoder encoder, SequenceLimits limits, EncodingTally tally) {

  /** The tokens of a chain, and which of them are learnt. */
  private record Encoded(TokenIds ids, BitSet learnt) {}

  /** Why a chain cannot be encoded. */
  private static final class Unusable extends Exception {
    private static final long serialVersionUID = 1;

    Unusable(String reason) {
      super(reason);
    }
  }

  void add(AnswerChain chain, int index, List<SftExample> examples) {
    try {
      Encoded whole = encode(chain);
      int turns = 0;
      if (whole.ids().size() > limits.maxLength()) {
        int prompt = encoder.encodePrompt(chain.prompt()).size();
        int room = limits.maxLength() - (whole.ids().size() - prompt);
        FittedPrompt fitted = FittedPrompt.fit(encoder, chain.prompt(), prompt, room);
        if (fitted == null) {
          throw new Unusable(
              "prompt and answers must fit into %s tokens but have %s"
                  .formatted(limits.maxLength(), whole.ids().size()));
        }
        turns = fitted.turnsCut();
        whole = encode(new AnswerChain(fitted.prompt(), chain.links()));
        if (whole.ids().size() > limits.maxLength()) {
          throw new Unusable(
              "prompt and answers must fit into %s tokens but have %s without the oldest turns"
                  .formatted(limits.maxLength(), whole.ids().size()));
        }
      }
      examples.add(new SftExample(index, whole.ids(), whole.learnt()));
      tally.keep(turns, 0);
    } catch (Unusable e) {
      tally.drop(index, String.valueOf(e.getMessage()));
    }
  }

  private Encoded encode(AnswerChain chain) throws Unusable {
    BitSet learnt = new BitSet();
    AnswerChain.Link first = chain.links().get(0);
    Prompt prompt = ChainOfHindsight.marked(chain.prompt(), first.marker());
    PromptCompletionTokens start = encode(prompt, first.answer());
    TokenIds ids = start.ids();
    learnt.set(start.completionStart(), ids.size());
    String answer = first.answer();
    for (AnswerChain.Link link : chain.links().subList(1, chain.links().size())) {
      int from = ids.size();
      PromptCompletionTokens next;
      if (prompt instanceof Prompt.Chat chat) {
        List<Message> messages = new ArrayList<>(chat.messages());
        messages.add(Message.assistant(answer));
        messages.add(Message.user(link.marker().strip()));
        prompt = Prompt.chat(messages);
        next = continued(ids, encode(prompt, link.answer()));
      } else {
        next = behind(ids, link);
      }
      ids = next.ids();
      answer = link.answer();
      learnt.set(Math.max(from, next.completionStart()), ids.size());
    }
    return new Encoded(ids, learnt);
  }

  /**
   * A longer conversation with the end token of the answer before, which a template may not write.
   */
  private static PromptCompletionTokens continued(TokenIds before, PromptCompletionTokens next)
      throws Unusable {
    if (next.ids().startsWith(before)) {
      return next;
    }
    TokenIds unended = before.slice(0, before.size() - 1);
    if (!next.ids().startsWith(unended)) {
      throw new Unusable(
          "the chat template must render a conversation as the beginning of a longer one but does"
              + " not");
    }
    TokenIds rest = next.ids().slice(unended.size(), next.ids().size());
    return new PromptCompletionTokens(before.concat(rest), next.completionStart() + 1);
  }

  /** Marker and answer behind the end token of an answer. */
  private PromptCompletionTokens behind(TokenIds ids, AnswerChain.Link link) throws Unusable {
    Prompt.Tokens before = Prompt.tokens(ids);
    TokenIds marked = encode(before, link.marker()).ids();
    PromptCompletionTokens both = encode(before, link.marker() + link.answer());
    int same = 0;
    while (same < Math.min(marked.size(), both.ids().size())
        && marked.get(same) == both.ids().get(same)) {
      same++;
    }
    // the encoder ended the marker like an answer
    if (same < marked.size() - 1 || same >= both.ids().size()) {
      throw new Unusable("a token straddles the end of the marker '" + link.marker() + "'");
    }
    return new PromptCompletionTokens(both.ids(), same);
  }

  private PromptCompletionTokens encode(Prompt prompt, String answer) throws Unusable {
    EncodingOutcome outcome = encoder.tryEncode(new PromptCompletion(prompt, answer));
    if (outcome instanceof EncodingOutcome.Encoded encoded) {
      return encoded.tokens();
    }
    throw new Unusable(((EncodingOutcome.Dropped) outcome).reason());
  }
}

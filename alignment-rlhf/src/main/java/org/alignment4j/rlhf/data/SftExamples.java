package org.alignment4j.rlhf.data;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.core.data.Demonstration;
import org.alignment4j.rlhf.data.SequenceLimits.LongText;
import org.alignment4j.runtime.tokenizer.ConversationTokens;
import org.alignment4j.runtime.tokenizer.EncodingOutcome;
import org.alignment4j.runtime.tokenizer.PromptCompletionEncoder;
import org.apiguardian.api.API;

/**
 * Demonstrations as tokens.
 *
 * @param examples those that can be trained on, in the order given; a text that is {@linkplain
 *     SequenceLimits.LongText#SPLIT split} is several, one after the other and of one index
 * @param report what happened to the others
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SftExamples(List<SftExample> examples, EncodingReport report) {

  /** Copies the examples. */
  public SftExamples {
    examples = List.copyOf(examples);
  }

  /**
   * Encodes demonstrations: of an answer its tokens are learnt (end token included), of a
   * conversation those of the assistant, of a text all.
   *
   * @param demonstrations what to encode
   * @param encoder decides where prompts end and answers begin, and appends end tokens
   * @param limits how long examples may be
   * @return the demonstrations that could be encoded within the limits, and a count of the others
   * @throws IllegalArgumentException when a demonstration has an empty answer or nothing to learn
   *     (naming its index), or none is left
   */
  public static SftExamples encode(
      List<? extends Demonstration> demonstrations,
      PromptCompletionEncoder encoder,
      SequenceLimits limits) {
    EncodingTally tally = new EncodingTally("demonstrations");
    List<SftExample> examples = new ArrayList<>();
    Encoding encoding = new Encoding(encoder, limits, tally, examples);
    for (int i = 0; i < demonstrations.size(); i++) {
      Demonstration d = demonstrations.get(i);
      if (d instanceof Demonstration.Answer answer) {
        encoding.answer(answer.example(), i);
      } else if (d instanceof Demonstration.Conversation conversation) {
        encoding.conversation(conversation.messages(), i);
      } else {
        encoding.text(((Demonstration.Text) d).text(), i);
      }
    }
    return new SftExamples(examples, tally.report());
  }

  private record Encoding(
      PromptCompletionEncoder encoder,
      SequenceLimits limits,
      EncodingTally tally,
      List<SftExample> examples) {

    void answer(PromptCompletion example, int index) {
      if (example.completion().isEmpty()) {
        throw new IllegalArgumentException(
            "demonstrations[%s]: completion must not be empty; remove the demonstration"
                .formatted(index));
      }
      FittedAnswer fitted = FittedAnswer.fit(example, index, encoder, limits, tally);
      if (fitted != null) {
        add(index, fitted.ids(), range(fitted.start(), fitted.ids().size()));
      }
    }

    /** Longer conversations lose their end, so that the mask of what is left stays exact. */
    void conversation(List<Message> messages, int index) {
      ConversationTokens tokens = encoder.encodeConversation(messages);
      BitSet learnt = new BitSet();
      int end = Math.min(tokens.ids().size(), limits.maxLength());
      for (int i = 1; i < end; i++) {
        learnt.set(i, tokens.isAssistant(i));
      }
      if (learnt.isEmpty() && end < tokens.ids().size()) {
        tally.drop(index, "no assistant's token lies within " + limits.maxLength() + " tokens");
        return;
      }
      add(index, tokens.ids().slice(0, end), learnt);
      tally.keep(0, end < tokens.ids().size() ? 1 : 0);
    }

    /** An end token is learnt where the encoder appends one and the text keeps its end. */
    void text(String text, int index) {
      EncodingOutcome outcome = encoder.tryEncode("", text);
      if (!(outcome instanceof EncodingOutcome.Encoded encoded)) {
        tally.drop(index, ((EncodingOutcome.Dropped) outcome).reason());
        return;
      }
      TokenIds ids = encoded.tokens().ids();
      if (ids.size() < 2) {
        tally.drop(index, "a text must have at least two tokens but has " + ids.size());
        return;
      }
      List<TextPieces.Piece> pieces = TextPieces.of(ids.size(), limits.maxLength());
      boolean cut = pieces.size() > 1 && limits.longTexts() == LongText.CUT;
      for (TextPieces.Piece piece : cut ? pieces.subList(0, 1) : pieces) {
        TokenIds own = ids.slice(piece.from(), piece.to());
        add(index, own, range(1, own.size()));
      }
      tally.keep(0, cut ? 1 : 0);
    }

    private void add(int index, TokenIds ids, BitSet learnt) {
      examples.add(new SftExample(index, ids, learnt));
    }

    private static BitSet range(int from, int to) {
      BitSet set = new BitSet(to);
      set.set(from, to);
      return set;
    }
  }

  /**
   * Encodes answers to prompts.
   *
   * @param answers what to encode
   * @param encoder decides where prompts end and answers begin, and appends end tokens
   * @param limits how long examples may be
   * @return as {@link #encode}
   * @throws IllegalArgumentException as {@link #encode}
   */
  public static SftExamples encodeAnswers(
      List<? extends PromptCompletion> answers,
      PromptCompletionEncoder encoder,
      SequenceLimits limits) {
    List<Demonstration> demonstrations = new ArrayList<>();
    for (PromptCompletion answer : answers) {
      demonstrations.add(new Demonstration.Answer(answer));
    }
    return encode(demonstrations, encoder, limits);
  }

  /**
   * Encodes chains of answers: of each its answers are learnt, end tokens included, and neither the
   * prompt nor the markers. Answers are never cut; a chain that does not fit is dropped.
   *
   * @param chains what to encode
   * @param encoder decides where prompts end and answers begin, and appends end tokens
   * @param limits how long a chain may be; limits of single answers are not read
   * @return the chains that could be encoded within the limits, and a count of the others
   * @throws IllegalArgumentException when none is left
   */
  public static SftExamples encodeChains(
      List<AnswerChain> chains, PromptCompletionEncoder encoder, SequenceLimits limits) {
    EncodingTally tally = new EncodingTally("chains");
    List<SftExample> examples = new ArrayList<>();
    ChainEncoding encoding = new ChainEncoding(encoder, limits, tally);
    for (int i = 0; i < chains.size(); i++) {
      encoding.add(chains.get(i), i, examples);
    }
    return new SftExamples(examples, tally.report());
  }
}

package org.alignment4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Encoding;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Tokenizer;
import org.alignment4j.runtime.generate.DecodeSession;
import org.alignment4j.runtime.generate.Generator;
import org.junit.jupiter.api.Test;

/** What is streamed, cut and finally said of scripted tokens that cut text between any bytes. */
class GeneratedTextTest {

  /** Tokens are byte strings, as in byte-level BPE; id 0 is special and ends a sequence. */
  record Bytes(List<byte[]> pieces) implements Tokenizer {
    /** The longest piece that fits, again and again. */
    @Override
    public TokenIds encode(String text) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      List<Integer> ids = new ArrayList<>();
      for (int at = 0; at < bytes.length; at += pieces.get(ids.get(ids.size() - 1)).length) {
        int best = 0;
        for (int id = 1; id < pieces.size(); id++) {
          byte[] piece = pieces.get(id);
          boolean fits =
              at + piece.length <= bytes.length
                  && Arrays.equals(bytes, at, at + piece.length, piece, 0, piece.length);
          best = fits && piece.length > pieces.get(best).length ? id : best;
        }
        if (best == 0) {
          throw new IllegalArgumentException("no piece for '" + text + "' at byte " + at);
        }
        ids.add(best);
      }
      return TokenIds.of(ids.stream().mapToInt(i -> i).toArray());
    }

    @Override
    public TokenIds encodeWithSpecialTokens(String text) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Encoding encodeWithOffsets(String text) {
      throw new UnsupportedOperationException();
    }

    @Override
    public String decode(TokenIds ids) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      for (int i = 0; i < ids.size(); i++) {
        out.writeBytes(pieces.get(ids.get(i)));
      }
      return out.toString(StandardCharsets.UTF_8);
    }

    @Override
    public String decodeWithSpecialTokens(TokenIds ids) {
      return decode(ids);
    }

    @Override
    public String token(int id) {
      return "t" + id;
    }

    @Override
    public OptionalInt id(String token) {
      return OptionalInt.empty();
    }

    @Override
    public int vocabularySize() {
      return pieces.size();
    }

    @Override
    public Set<Integer> specialIds() {
      return Set.of(0);
    }

    @Override
    public OptionalInt bosId() {
      return OptionalInt.empty();
    }

    @Override
    public Set<Integer> eosIds() {
      return Set.of(0);
    }

    @Override
    public OptionalInt padId() {
      return OptionalInt.empty();
    }
  }

  record Said(Completion completion, String streamed) {}

  /** Generates a given sequence of tokens. */
  static Said run(Bytes tokenizer, int[] prompt, int[] script, int limit, String... stops) {
    int vocab = tokenizer.vocabularySize();
    DecodeSession session =
        new DecodeSession() {
          private int at;

          private float[] next() {
            float[] logits = new float[vocab];
            logits[at < script.length ? script[at] : 0] = 1;
            at++;
            return logits;
          }

          @Override
          public float[] prefill(List<int[]> prompts) {
            return next();
          }

          @Override
          public float[] step(int[] tokens) {
            return next();
          }

          @Override
          public void select(int[] rows) {}

          @Override
          public void close() {}
        };
    StringBuilder streamed = new StringBuilder();
    Completion completion =
        new Generator((s, c, n) -> session, TestModels.SMALL.config(), tokenizer, Set.of(0))
            .generate(
                List.of(prompt),
                SamplingOptions.builder(limit).temperature(0).stopStrings(stops).build(),
                token -> streamed.append(token.text()),
                CancellationToken.none())
            .get(0);
    return new Said(completion, streamed.toString());
  }

  static Bytes tokens(Object... pieces) {
    List<byte[]> all = new ArrayList<>();
    all.add(new byte[0]);
    for (Object piece : pieces) {
      all.add(piece instanceof String s ? s.getBytes(StandardCharsets.UTF_8) : (byte[]) piece);
    }
    return new Bytes(all);
  }

  static byte[] bytes(int... values) {
    byte[] out = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      out[i] = (byte) values[i];
    }
    return out;
  }

  /**
   * Random cuts of valid text into tokens, with stops across their borders and limits inside
   * characters.
   */
  @Test
  void validTextCutAnywhere() {
    Random random = new Random(3);
    String[] alphabet = {"a", "b", "c", "é", "€", "😀", "\ufffd", " ", "🤷‍♀️"};
    for (int round = 0; round < 20_000; round++) {
      int letters = random.nextInt(8) + 1;
      StringBuilder text = new StringBuilder();
      int symbols = 3 + random.nextInt(alphabet.length - 2);
      for (int i = 0; i < letters; i++) {
        text.append(alphabet[random.nextInt(symbols)]);
      }
      byte[] all = text.toString().getBytes(StandardCharsets.UTF_8);
      List<byte[]> pieces =
          new ArrayList<>(List.of(new byte[0], "prompt".getBytes(StandardCharsets.UTF_8)));
      List<Integer> script = new ArrayList<>();
      for (int from = 0; from < all.length; ) {
        int to = Math.min(all.length, from + 1 + random.nextInt(4));
        script.add(pieces.size());
        pieces.add(Arrays.copyOfRange(all, from, to));
        from = to;
      }
      int limit = 1 + random.nextInt(script.size() + 2);
      List<String> stops = new ArrayList<>();
      for (int i = random.nextInt(3); i > 0; i--) {
        StringBuilder stop = new StringBuilder();
        for (int k = 1 + random.nextInt(3); k > 0; k--) {
          stop.append(alphabet[random.nextInt(symbols)]);
        }
        stops.add(stop.toString());
      }
      Bytes tokenizer = new Bytes(pieces);
      Said said =
          run(
              tokenizer,
              new int[] {1},
              script.stream().mapToInt(i -> i).toArray(),
              limit,
              stops.toArray(String[]::new));
      String full = tokenizer.decode(said.completion().tokens());
      int cut = -1;
      for (String stop : stops) {
        int at = full.indexOf(stop);
        cut = at >= 0 && (cut < 0 || at < cut) ? at : cut;
      }
      String expected = cut < 0 ? full : full.substring(0, cut);
      assertThat(said.completion().text())
          .as("%s, stops %s, limit %s", text, stops, limit)
          .isEqualTo(expected)
          .isEqualTo(said.streamed());
      FinishReason reason = said.completion().finishReason();
      assertThat(reason == FinishReason.STOP_STRING)
          .isEqualTo(cut >= 0 && reason != FinishReason.EOS);
    }
  }

  /**
   * A token that ends a stop string and begins a character: at the limit the stop must still act.
   */
  @Test
  void aStopStringBeforeAnUnfinishedCharacterAtTheLimit() {
    Bytes tokenizer = tokens("p", "Hi", bytes('!', 0xf0, 0x9f), bytes(0x98, 0x80));
    Said whole = run(tokenizer, new int[] {1}, new int[] {2, 3, 4}, 3, "!");
    assertThat(whole.completion().text()).isEqualTo("Hi");
    Said said = run(tokenizer, new int[] {1}, new int[] {2, 3, 4}, 2, "!");
    assertThat(said.completion().text()).isEqualTo("Hi");
    assertThat(said.completion().finishReason()).isEqualTo(FinishReason.STOP_STRING);
  }

  /** The same, the sequence ending by its end token. */
  @Test
  void aStopStringBeforeAnUnfinishedCharacterAtTheEndToken() {
    Bytes tokenizer = tokens("p", "Hi", bytes('!', 0xf0, 0x9f));
    Said said = run(tokenizer, new int[] {1}, new int[] {2, 3, 0}, 5, "!");
    assertThat(said.completion().text()).isEqualTo("Hi");
  }

  /**
   * A prompt that ends with U+FFFD as a character of its own: it is the prompt's, not the answer's.
   */
  @Test
  void aPromptThatEndsWithTheReplacementCharacter() {
    Bytes tokenizer = tokens("bad \ufffd", " world");
    Said said = run(tokenizer, new int[] {1}, new int[] {2}, 1);
    assertThat(said.completion().text()).isEqualTo(" world");
  }

  /** A prompt cut inside a character, which the answer does not complete. */
  @Test
  void aPromptThatEndsInsideACharacter() {
    Bytes tokenizer = tokens("x", bytes('y', 0xf0, 0x9f), "z");
    Said said = run(tokenizer, new int[] {1, 2}, new int[] {3}, 1);
    assertThat(said.completion().text()).isEqualTo("z");
  }

  @Test
  void aStopStringAtTheVeryStart() {
    Bytes tokenizer = tokens("p", "S", "T", "OP");
    Said said = run(tokenizer, new int[] {1}, new int[] {2, 3, 4, 2}, 9, "STOP");
    assertThat(said.completion().text()).isEmpty();
    assertThat(said.streamed()).isEmpty();
    assertThat(said.completion().finishReason()).isEqualTo(FinishReason.STOP_STRING);
    // held back, then released when it turns out otherwise
    Said other = run(tokenizer, new int[] {1}, new int[] {2, 3, 2}, 3, "STOP");
    assertThat(other.streamed()).isEqualTo("STS").isEqualTo(other.completion().text());
  }
}

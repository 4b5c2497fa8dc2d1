package org.alignment4j.runtime.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.alignment4j.api.CheckpointException;
import org.alignment4j.api.model.Encoding;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Tokenizer;
import org.jspecify.annotations.Nullable;

/**
 * The tokenizer of a Hugging Face {@code tokenizer.json}. Nothing is truncated or padded, whatever
 * the file says; nothing is downloaded.
 *
 * <p>Where the definition has regular expressions, a text to encode may have about four million
 * characters at most, fewer where they may take more steps, and for every definition one for 128
 * bytes of the heap; a longer one is refused with an {@link IllegalArgumentException}, since the
 * native library would end the process.
 *
 * <p>Safe for concurrent use; {@link #close()} waits for calls in flight, and later calls fail.
 */
public final class HfTokenizer implements Tokenizer, AutoCloseable {

  private final Path file;
  private final JsonNode definition;
  private final Vocabulary vocabulary;
  private final TextBounds bounds;
  private final NativeTokenizer tokenizer;
  private final SpecialTokens specialTokens;
  private final OptionalInt bos;
  private final OptionalInt pad;
  private final Set<Integer> eos;
  private @Nullable NativeTokenizer literal;
  private boolean closed;

  private HfTokenizer(Path file) {
    this.file = file;
    this.definition = JsonFiles.parse(file, JsonFiles.text(file));
    this.vocabulary = Vocabulary.read(file, definition);
    Path folder = file.toAbsolutePath().getParent();
    Path config = folder == null ? file : folder;
    this.specialTokens = SpecialTokens.read(config);
    JsonNode model = JsonFiles.readIfPresent(config.resolve("config.json"));
    JsonNode generation = JsonFiles.readIfPresent(config.resolve("generation_config.json"));
    this.bos = token(specialTokens.bos().orElse(""), model.path("bos_token_id"));
    this.pad = token(specialTokens.pad().orElse(""), model.path("pad_token_id"));
    this.eos = new LinkedHashSet<>();
    vocabulary.id(specialTokens.eos().orElse("")).ifPresent(eos::add);
    for (JsonNode source : List.of(generation, model)) {
      JsonNode ids = source.path("eos_token_id");
      if (ids.isInt()) {
        eos.add(ids.asInt());
      }
      ids.forEach(id -> eos.add(id.asInt()));
    }
    eos.removeIf(id -> id < 0 || id >= vocabulary.size());
    String checked = NativeDefinition.of(file, definition);
    this.bounds = TextBounds.of(file, definition).within(Runtime.getRuntime().maxMemory());
    this.tokenizer = create(checked);
  }

  /**
   * Loads a tokenizer with the special tokens that the files beside it name ({@code
   * tokenizer_config.json}, {@code special_tokens_map.json}, {@code generation_config.json}, {@code
   * config.json}; each may be absent).
   *
   * @param path a checkpoint folder, or its {@code tokenizer.json}
   * @throws CheckpointException if the file is missing, damaged or not such a file
   */
  public static HfTokenizer load(Path path) {
    Path file = Files.isDirectory(path) ? path.resolve("tokenizer.json") : path;
    if (!Files.isRegularFile(file)) {
      throw new CheckpointException(
          file
              + " must exist: a checkpoint needs its tokenizer.json; save it in the original"
              + " library with the fast tokenizer's save_pretrained");
    }
    return new HfTokenizer(file);
  }

  private NativeTokenizer create(String text) {
    return NativeTokenizer.create(file, text, vocabulary.size(), bounds);
  }

  private OptionalInt token(String text, JsonNode id) {
    OptionalInt named = vocabulary.id(text);
    boolean usable = id.isInt() && id.asInt() >= 0 && id.asInt() < vocabulary.size();
    return named.isPresent() || !usable ? named : OptionalInt.of(id.asInt());
  }

  /**
   * Checks that the model has an embedding for every token.
   *
   * @param embeddingRows rows of the embedding table, which may exceed the vocabulary (padding)
   * @throws CheckpointException if the vocabulary is larger
   */
  public void check(int embeddingRows) {
    if (vocabulary.size() > embeddingRows) {
      throw new CheckpointException(
          "%s has token ids up to %s but the model's embedding has only %s rows; tokenizer and weights"
                  .formatted(file, vocabulary.size() - 1, embeddingRows)
              + " are of different models: use the tokenizer.json of this checkpoint");
    }
  }

  @Override
  public TokenIds encode(String text) {
    return tokenizer.encode(text, false).ids();
  }

  @Override
  public TokenIds encodeWithSpecialTokens(String text) {
    return tokenizer.encode(text, true).ids();
  }

  @Override
  public Encoding encodeWithOffsets(String text) {
    return tokenizer.encode(text, false);
  }

  /**
   * Encodes two texts with the special tokens that the tokenizer puts around a pair, as models that
   * compare texts read them.
   *
   * @param first what comes first
   * @param second what follows
   * @return the tokens, and to which text each belongs
   */
  public PairTokens encodePair(String first, String second) {
    return tokenizer.encodePair(first, second);
  }

  /**
   * Encodes text in which special tokens written out are ordinary characters, so that text from
   * outside cannot pose as one.
   *
   * <p>The first call loads a second tokenizer without special tokens.
   */
  public TokenIds encodeLiterally(String text) {
    return literal().encode(text, false).ids();
  }

  private synchronized NativeTokenizer literal() {
    if (closed) {
      throw new IllegalStateException("the tokenizer of " + file + " is closed");
    }
    NativeTokenizer existing = literal;
    if (existing == null) {
      existing = create(LiteralDefinition.without(definition));
      literal = existing;
    }
    return existing;
  }

  @Override
  public String decode(TokenIds ids) {
    return decode(ids, true);
  }

  @Override
  public String decodeWithSpecialTokens(TokenIds ids) {
    return decode(ids, false);
  }

  private String decode(TokenIds ids, boolean skipSpecial) {
    long spelled = ids.stream().mapToLong(id -> vocabulary.spelling(id).length()).sum();
    return tokenizer.decode(ids, skipSpecial, spelled);
  }

  /** A decoder of one stream of tokens that leaves special tokens out. */
  public IncrementalDecoder incrementalDecoder() {
    return new IncrementalDecoder(this);
  }

  @Override
  public String token(int id) {
    return vocabulary.spelling(id);
  }

  @Override
  public OptionalInt id(String token) {
    return vocabulary.id(token);
  }

  @Override
  public int vocabularySize() {
    return vocabulary.size();
  }

  @Override
  public Set<Integer> specialIds() {
    return Collections.unmodifiableSortedSet(vocabulary.special());
  }

  @Override
  public OptionalInt bosId() {
    return bos;
  }

  /**
   * The tokens that end a sequence; the one that the tokenizer's own configuration names is first.
   */
  @Override
  public Set<Integer> eosIds() {
    return Collections.unmodifiableSet(eos);
  }

  @Override
  public OptionalInt padId() {
    return pad;
  }

  /** The special tokens that the checkpoint names, as text. */
  public SpecialTokens specialTokens() {
    return specialTokens;
  }

  @Override
  public synchronized void close() {
    closed = true;
    tokenizer.close();
    if (literal != null) {
      literal.close();
    }
  }

  @Override
  public String toString() {
    return "HfTokenizer[" + file + ", " + vocabulary + "]";
  }
}

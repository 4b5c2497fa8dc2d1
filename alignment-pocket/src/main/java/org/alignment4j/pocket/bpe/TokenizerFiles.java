package org.alignment4j.pocket.bpe;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.alignment4j.api.CheckpointException;
import org.alignment4j.pocket.files.WholeFiles;

/**
 * Writes the tokenizer files of a Hugging Face model folder: {@code tokenizer.json}, {@code
 * tokenizer_config.json} with the chat template, and {@code special_tokens_map.json}. The same
 * vocabulary always gives the same bytes.
 *
 * <p>The chat template renders {@code "\n\nHuman: …\n\nAssistant: …"} with the end-of-text token
 * after each assistant turn, both the turn's content and that token between generation markers.
 *
 * <p>The Hugging Face library reads {@code tokenizer.json} as: special tokens are cut out first,
 * the rest is split by GPT-2's pattern without a blank in front, each piece's UTF-8 bytes are
 * joined by the merges in order. No token is added to a text.
 */
public final class TokenizerFiles {
  /** Ends a document and an assistant's turn; also the tokenizer's beginning-of-sequence token. */
  public static final String END_OF_TEXT = "<|endoftext|>";

  /** Fills batches; never scored. */
  public static final String PAD = "<|pad|>";

  /** The special tokens in the order of their ids: end of text is 0, padding is 1. */
  public static final List<String> SPECIAL_TOKENS = List.of(END_OF_TEXT, PAD);

  /** The chat template of the pocket model. */
  public static final String CHAT_TEMPLATE =
      "{% for message in messages %}"
          + "{% if message['role'] == 'user' %}"
          + "{{ '\\n\\nHuman: ' + (message['content'] | trim) }}"
          + "{% elif message['role'] == 'assistant' %}"
          + "{{ '\\n\\nAssistant:' }}"
          + "{% generation %}{{ ' ' + (message['content'] | trim) + eos_token }}{% endgeneration %}"
          + "{% else %}"
          + "{{ raise_exception('the roles are user and assistant') }}"
          + "{% endif %}{% endfor %}"
          + "{% if add_generation_prompt %}{{ '\\n\\nAssistant:' }}{% endif %}";

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private TokenizerFiles() {}

  /**
   * Writes the three files, each whole or not at all.
   *
   * @param folder an existing folder
   * @param vocabulary must have {@link #SPECIAL_TOKENS} as its special tokens
   * @param contextLength the longest sequence of the model, in tokens
   * @throws CheckpointException when a file cannot be written
   */
  public static void write(Path folder, BpeVocabulary vocabulary, int contextLength) {
    if (!vocabulary.specialTokens().equals(SPECIAL_TOKENS)) {
      throw new IllegalArgumentException(
          "vocabulary must have the special tokens %s but had %s"
              .formatted(SPECIAL_TOKENS, vocabulary.specialTokens()));
    }
    if (contextLength < 1) {
      throw new IllegalArgumentException("contextLength must be positive but was " + contextLength);
    }
    write(folder.resolve("tokenizer.json"), tokenizer(vocabulary));
    write(folder.resolve("tokenizer_config.json"), config(contextLength));
    write(folder.resolve("special_tokens_map.json"), specialTokensMap());
  }

  private static ObjectNode tokenizer(BpeVocabulary vocabulary) {
    ObjectNode root = JSON.objectNode();
    root.put("version", "1.0");
    root.putNull("truncation");
    root.putNull("padding");
    ArrayNode added = root.putArray("added_tokens");
    for (int id = 0; id < SPECIAL_TOKENS.size(); id++) {
      added.add(addedToken(SPECIAL_TOKENS.get(id)).put("id", id));
    }
    root.putNull("normalizer");
    root.set("pre_tokenizer", byteLevel());
    root.set("post_processor", byteLevel());
    root.set("decoder", byteLevel());
    ObjectNode model = root.putObject("model");
    model.put("type", "BPE");
    model.putNull("dropout");
    model.putNull("unk_token");
    model.put("continuing_subword_prefix", "");
    model.put("end_of_word_suffix", "");
    model.put("fuse_unk", false);
    model.put("byte_fallback", false);
    ObjectNode vocab = model.putObject("vocab");
    for (int id = 0; id < vocabulary.size(); id++) {
      vocab.put(vocabulary.tokens().get(id), id);
    }
    ArrayNode merges = model.putArray("merges");
    vocabulary.merges().forEach(merge -> merges.add(merge.left() + " " + merge.right()));
    return root;
  }

  private static ObjectNode byteLevel() {
    ObjectNode node = JSON.objectNode();
    node.put("type", "ByteLevel");
    node.put("add_prefix_space", false);
    node.put("trim_offsets", false);
    node.put("use_regex", true);
    return node;
  }

  private static ObjectNode addedToken(String content) {
    ObjectNode node = JSON.objectNode();
    node.put("content", content);
    node.put("single_word", false);
    node.put("lstrip", false);
    node.put("rstrip", false);
    node.put("normalized", false);
    node.put("special", true);
    return node;
  }

  private static ObjectNode config(int contextLength) {
    ObjectNode root = JSON.objectNode();
    root.put("add_bos_token", false);
    root.put("add_prefix_space", false);
    ObjectNode decoder = root.putObject("added_tokens_decoder");
    for (int id = 0; id < SPECIAL_TOKENS.size(); id++) {
      decoder.set(Integer.toString(id), addedToken(SPECIAL_TOKENS.get(id)));
    }
    root.put("bos_token", END_OF_TEXT);
    root.put("chat_template", CHAT_TEMPLATE);
    root.put("clean_up_tokenization_spaces", false);
    root.put("eos_token", END_OF_TEXT);
    root.put("model_max_length", contextLength);
    root.put("pad_token", PAD);
    root.put("tokenizer_class", "PreTrainedTokenizerFast");
    root.putNull("unk_token");
    return root;
  }

  private static ObjectNode specialTokensMap() {
    return JSON.objectNode()
        .put("bos_token", END_OF_TEXT)
        .put("eos_token", END_OF_TEXT)
        .put("pad_token", PAD);
  }

  private static void write(Path file, ObjectNode content) {
    ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    try {
      String text = mapper.writeValueAsString(content).replace(System.lineSeparator(), "\n") + "\n";
      WholeFiles.write(file, text);
    } catch (IOException e) {
      throw new CheckpointException(
          "a tokenizer file could not be written: %s; check the folder and free space"
              .formatted(file),
          e);
    }
  }
}

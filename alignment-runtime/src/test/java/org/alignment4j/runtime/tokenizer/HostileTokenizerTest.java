package org.alignment4j.runtime.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.alignment4j.api.CheckpointException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Definitions that would end the process in native code are refused before they get there. */
class HostileTokenizerTest {

  private static final String WHOLE =
      "{'version':'1.0','truncation':null,'padding':null,'added_tokens':[],'normalizer':NORMALIZER,"
          + "'pre_tokenizer':null,'post_processor':{'type':'TemplateProcessing','single':["
          + "{'SpecialToken':{'id':'<s>','type_id':0}},{'Sequence':{'id':'A','type_id':0}}],"
          + "'pair':[],'special_tokens':{'<s>':{'id':'<s>','ids':[1],'tokens':['<s>']}}},"
          + "'decoder':{'type':'Replace','pattern':{'Regex':'x+'},'content':' '},'model':{"
          + "'type':'WordLevel','vocab':{'<unk>':0,'<s>':1,'b':2},'unk_token':'<unk>'}}";

  @TempDir Path folder;

  private HfTokenizer load(String definition, String normalizer) throws IOException {
    String text = definition.replace("NORMALIZER", normalizer).replace('\'', '"');
    return HfTokenizer.load(Files.writeString(folder.resolve("tokenizer.json"), text));
  }

  @Test
  void theWholeDefinitionWorks() throws IOException {
    try (HfTokenizer tokenizer = load(WHOLE, charsmap(128, 64, 0))) {
      assertThat(tokenizer.encodeWithSpecialTokens("a").toArray()).containsExactly(1, 2);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'content':' '|'content':'\\ud800'|half of a surrogate pair",
        "'version':'1.0'|'version':1e400|beyond those of double",
        "'special_tokens':{'<s>'|'special_tokens':{'s'|is not described",
        "'ids':[1]|'ids':[]|is not described",
        "'id':'A'|'id':'B'|has a second",
        "'type':'Replace'|'type':'Strip','start':0,'stop':65536|strips the ends",
        "'type':'WordLevel'|'merges':[['b','b']],'continuing_subword_prefix':'##'|second part of a",
        "'type':'WordLevel'|'merges':['b b'],'continuing_subword_prefix':'##'|second part of a",
      })
  void refuses(String old, String now, String message) throws IOException {
    assertThat(WHOLE).contains(old);
    assertThatThrownBy(() -> load(WHOLE.replace(old, now), "null").close())
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(message)
        .hasMessageContaining("tokenizer.json");
  }

  @Test
  void refusesNesting() {
    for (String regex : new String[] {"[", "(?:", "x("}) {
      assertThatThrownBy(() -> load(WHOLE.replace("x+", regex.repeat(50_000)), "null").close())
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("nests deeper than 100");
    }
    String deep = "[".repeat(100) + "]".repeat(100);
    assertThatThrownBy(() -> load(WHOLE, deep).close()).isInstanceOf(CheckpointException.class);
  }

  @Test
  void refusesTablesThatPointOutOfThemselves() {
    assertThatThrownBy(() -> load(WHOLE, charsmap(1024, 64, 0)).close())
        .hasMessageContaining("points out of itself");
    assertThatThrownBy(() -> load(WHOLE, charsmap(128, 64, 9)).close())
        .hasMessageContaining("points out of itself");
    assertThatThrownBy(() -> load(WHOLE, charsmap(128, 600, 0)).close())
        .hasMessageContaining("points out of itself");
    for (String table : new String[] {"", "AAAA", "?", "//8AAA==", "/////w=="}) {
      assertThatThrownBy(
              () ->
                  load(WHOLE, "{'type':'Precompiled','precompiled_charsmap':'" + table + "'}")
                      .close())
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("precompiled_charsmap is");
    }
  }

  /** A table that turns a into b, its parts where they are said to be. */
  private static String charsmap(int begin, int leaf, int text) {
    int[] units = new int[256];
    units[0] = begin << 10;
    units[128 ^ 'a'] = (128 ^ 'a' ^ leaf) << 10 | 1 << 8 | 'a';
    units[64] = 1 << 31 | text;
    ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * 256 + 2).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(4 * 256);
    bytes.asIntBuffer().put(units);
    bytes.put(4 + 4 * 256, (byte) 'b');
    return "{'type':'Precompiled','precompiled_charsmap':'"
        + Base64.getEncoder().encodeToString(bytes.array())
        + "'}";
  }

  @Test
  void idsBeyondTheVocabularyAreRefusedWhenTheyAppear() throws IOException {
    try (HfTokenizer tokenizer = load(WHOLE.replace("'ids':[1]", "'ids':[4000000000]"), "null")) {
      assertThatThrownBy(() -> tokenizer.encodeWithSpecialTokens("b"))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("gives the token id 4000000000 although its vocabulary ends at 2");
    }
  }

  @Test
  void idsThatAreFarApartTakeNoMemory() throws IOException {
    load(WHOLE, "null").close();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    try (HfTokenizer tokenizer = load(WHOLE.replace("'b':2", "'b':9999999"), "null")) {
      assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(4 << 20);
      assertThat(tokenizer.vocabularySize()).isEqualTo(10_000_000);
      assertThat(tokenizer.token(9_999_999)).isEqualTo("b");
      assertThat(tokenizer.token(5)).isEmpty();
    }
  }

  @Test
  void aTextThatTheDefinitionCannotTakeIsOurFailure() throws IOException {
    String missing = WHOLE.replace("'<unk>':0", "'<none>':0");
    try (HfTokenizer tokenizer = load(missing, "null")) {
      assertThatThrownBy(() -> tokenizer.encode("unknown"))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("tokenizer.json does not work on a text");
    }
  }
}

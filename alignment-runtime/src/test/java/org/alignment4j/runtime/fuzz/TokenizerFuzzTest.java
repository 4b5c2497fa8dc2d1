package org.alignment4j.runtime.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.tokenizer.HfTokenizer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokenizer definitions of every kind of model; what loads must encode and decode. */
class TokenizerFuzzTest {

  private static final String ADDED =
      "'version':'1.0','truncation':null,'padding':null,'added_tokens':["
          + "{'id':0,'content':'<unk>','single_word':false,'lstrip':false,'rstrip':false,"
          + "'normalized':false,'special':true},{'id':1,'content':'<s>','special':true,"
          + "'single_word':false,'lstrip':true,'rstrip':false,'normalized':false}],";

  private static final String BYTE_LEVEL =
      "{"
          + ADDED
          + "'normalizer':{'type':'Sequence','normalizers':[{'type':'NFC'},{'type':'Lowercase'}]},"
          + "'pre_tokenizer':{'type':'Sequence','pretokenizers':[{'type':'Split','pattern':{'Regex':"
          + "'(?i:[sdmt]|ll)|\\\\p{L}+|\\\\p{N}{1,3}|\\\\s+(?!\\\\S)|\\\\s+'},'behavior':'Isolated',"
          + "'invert':false},{'type':'ByteLevel','add_prefix_space':false,'trim_offsets':true,"
          + "'use_regex':false}]},'post_processor':{'type':'ByteLevel','add_prefix_space':true,"
          + "'trim_offsets':false,'use_regex':true},'decoder':{'type':'ByteLevel',"
          + "'add_prefix_space':true,'trim_offsets':true,'use_regex':true},'model':{'type':'BPE',"
          + "'dropout':null,'unk_token':'<unk>','continuing_subword_prefix':'',"
          + "'end_of_word_suffix':'','fuse_unk':false,'byte_fallback':false,'vocab':{'<unk>':0,"
          + "'<s>':1,'h':2,'e':3,'l':4,'o':5,'Ġ':6,'he':7,'ll':8,'hell':9,'hello':10},"
          + "'merges':[['h','e'],['l','l'],['he','ll'],['hell','o']]}}";

  private static final String SENTENCE_PIECE =
      "{"
          + ADDED
          + "'normalizer':{'type':'Sequence','normalizers':[{'type':'Prepend','prepend':'▁'},{'type':'Replace','pattern':{'String':'"
          + " '},'content':'▁'}]},'pre_tokenizer':null,"
          + "'post_processor':{'type':'TemplateProcessing','single':[{'SpecialToken':{'id':'<s>',"
          + "'type_id':0}},{'Sequence':{'id':'A','type_id':0}}],'pair':[{'Sequence':{'id':'A',"
          + "'type_id':0}},{'Sequence':{'id':'B','type_id':1}}],'special_tokens':{'<s>':{'id':'<s>',"
          + "'ids':[1],'tokens':['<s>']}}},'decoder':{'type':'Sequence','decoders':[{'type':'Replace','pattern':{'String':'▁'},'content':'"
          + " '},{'type':'ByteFallback'},{'type':'Fuse'},{'type':'Strip','content':'"
          + " ','start':1,'stop':0}]},'model':{"
          + "'type':'BPE','unk_token':'<unk>','fuse_unk':true,'byte_fallback':true,'vocab':{"
          + "'<unk>':0,'<s>':1,'<0x20>':2,'<0xC3>':3,'<0xA9>':4,'▁':5,'h':6,'i':7,'▁h':8,'▁hi':9},'merges':['▁"
          + " h','▁h i']}}";

  /** A table that turns a into b. */
  private static String charsmap() {
    int[] units = new int[256];
    units[0] = 128 << 10;
    units[128 ^ 'a'] = (128 ^ 'a' ^ 64) << 10 | 1 << 8 | 'a';
    units[64] = 1 << 31;
    ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * 256 + 2).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(4 * 256);
    bytes.asIntBuffer().put(units);
    bytes.put(4 + 4 * 256, (byte) 'b');
    return "{'type':'Precompiled','precompiled_charsmap':'"
        + Base64.getEncoder().encodeToString(bytes.array())
        + "'}";
  }

  private static final String UNIGRAM =
      "{"
          + ADDED
          + "'normalizer':{'type':'Sequence','normalizers':[{'type':'NFKC'},"
          + charsmap()
          + "]},'pre_tokenizer':{'type':'Metaspace','replacement':'▁',"
          + "'prepend_scheme':'always','split':true},'post_processor':null,'decoder':{"
          + "'type':'Metaspace','replacement':'▁','prepend_scheme':'always','split':true},"
          + "'model':{'type':'Unigram','unk_id':0,'vocab':[['<unk>',0.0],['<s>',0.0],['▁',-2.5],"
          + "['h',-3.0],['i',-3.1],['▁hi',-1.25],['é',-4.0]],'byte_fallback':false}}";

  private static final String WORDS_OF_LEVEL =
      "{"
          + ADDED
          + "'normalizer':{'type':'BertNormalizer','clean_text':true,'handle_chinese_chars':true,"
          + "'strip_accents':null,'lowercase':true},'pre_tokenizer':{'type':'WhitespaceSplit'},"
          + "'post_processor':null,'decoder':null,'model':{'type':'WordLevel','vocab':{'<unk>':0,"
          + "'<s>':1,'hello':2,'hi':3},'unk_token':'<unk>'}}";

  private static final String WORD_PIECE =
      "{"
          + ADDED
          + "'normalizer':null,'pre_tokenizer':{'type':'BertPreTokenizer'},'post_processor':{"
          + "'type':'BertProcessing','sep':['<s>',1],'cls':['<s>',1]},'decoder':{'type':'WordPiece',"
          + "'prefix':'##','cleanup':true},'model':{'type':'WordPiece','unk_token':'<unk>',"
          + "'continuing_subword_prefix':'##','max_input_chars_per_word':100,'vocab':{'<unk>':0,"
          + "'<s>':1,'h':2,'##i':3,'hello':4}}}";

  private static final List<String> WORDS =
      List.of(
          "\"type\":\"BPE\"",
          "\"type\":\"Unigram\"",
          "\"type\":\"WordPiece\"",
          "\"dropout\":0.5,",
          "\"ignore_merges\":true,",
          "\"max_length\":1,",
          "\"stride\":5,",
          "(a+)+$",
          "\\\\p{L}",
          "(?=",
          "[^",
          "{1,99999}",
          "\"Regex\":",
          "\"String\":",
          "\"Fixed\":9999999",
          "\"precompiled" + "_charsmap\":\"AAAA\",",
          "\"Precompiled\"",
          "<0xFF>",
          "\\ud800",
          "▁",
          "\"ids\":[]",
          "\"pad_to_multiple_of\":0",
          "\"split\":false",
          "\"behavior\":\"MergedWithNext\"");

  private static final List<String> TEXTS =
      List.of("", "hello hi", "héllo 😀 <s> wörld\n\n  12345", "\u0000<unk><s>", "hi".repeat(200));

  @TempDir Path folder;

  /** The definition is held as bytes, text and parsed, a second one without special tokens. */
  private Fuzzing fuzzing() {
    return new Fuzzing(
        folder.resolve("tokenizer.json"),
        List.of(BYTE_LEVEL, SENTENCE_PIECE, UNIGRAM, WORDS_OF_LEVEL, WORD_PIECE).stream()
            .map(text -> text.replace('\'', '"').getBytes(UTF_8))
            .toList(),
        WORDS,
        8 << 20,
        200,
        20,
        TokenizerFuzzTest::use);
  }

  private static void use(Path file) {
    try (HfTokenizer tokenizer = HfTokenizer.load(file)) {
      for (String text : TEXTS) {
        TokenIds ids = tokenizer.encode(text);
        tokenizer.encodeWithSpecialTokens(text);
        tokenizer.encodeWithOffsets(text);
        tokenizer.encodeLiterally(text);
        assertThat(ids.stream().allMatch(id -> id >= 0)).as("ids are positions").isTrue();
        tokenizer.decode(ids);
        tokenizer.decodeWithSpecialTokens(ids);
      }
    }
  }

  private static void check(Fuzzing.Outcome outcome) {
    assertThat(outcome.loaded()).as("inputs that were still valid").isPositive();
    assertThat(outcome.refused()).as("inputs that were refused").isPositive();
  }

  @Test
  void hundreds() {
    check(fuzzing().few());
  }

  @Tag("slow")
  @Test
  void hundredThousands() {
    check(fuzzing().many());
  }
}

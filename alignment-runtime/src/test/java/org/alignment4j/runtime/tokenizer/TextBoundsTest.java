package org.alignment4j.runtime.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.alignment4j.api.CheckpointException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Definitions and texts that exhaust the native library's steps or the memory. */
class TextBoundsTest {

  private static final Path FILE = Path.of("tokenizer.json");

  private static final String LLAMA_3 =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r"
          + "\\n"
          + "\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r"
          + "\\n"
          + "]*|\\s*[\\r"
          + "\\n"
          + "]+|\\s+(?!\\S)|\\s+";

  private static JsonNode parsed(String definition) {
    return JsonFiles.parse(FILE, definition.replace('\'', '"'));
  }

  private static TextBounds bounds(String step, String regex) {
    ObjectNode definition = JsonNodeFactory.instance.objectNode();
    ObjectNode split = definition.putObject(step).put("type", "Split");
    split.putObject("pattern").put("Regex", regex);
    return TextBounds.of(FILE, definition);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(a+)+$",
        "^(\\w+\\s?)*$",
        "(a|a)+$",
        "(?:a{1,2})*x",
        "(a?){100}b",
        "(?:a|b)+(?=c)",
        "a*a*a*a*a*$",
        "(?>x|(a|b)*y)",
        "x(?<!(a+)+b)",
        "(?i)(?:[sß]+)x|(?i:[^a])+x",
        "((a+)(?#b))+$",
        "\\c(a+)+$",
        "(a+)\\g<1>",
        "(?x) a",
        "(?~a)",
        "(?(1)a|b)",
        "(*FAIL)",
        "(?{a})",
        "(a+(b|c+)*d)*$",
        "a)",
        "(a"
      })
  void refusesExpressionsThatMatchInManyWays(String regex) {
    for (String step : new String[] {"normalizer", "pre_tokenizer", "decoder"}) {
      assertThatThrownBy(() -> bounds(step, regex))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("regular expression")
          .hasMessageContaining("tokenizer.json has");
    }
  }

  /** Expressions of published tokenizers, and how many characters they are allowed at least. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        LLAMA_3,
        "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
        "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r"
            + "\\n"
            + "\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r"
            + "\\n"
            + "]*|\\s*[\\r"
            + "\\n"
            + "]+|\\s+(?!\\S)|\\s+",
        "'(?i:[sdmt]|ll|ve|re)|[^\\r"
            + "\\n"
            + "\\p{L}\\p{N}]?+\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]++[\\r"
            + "\\n"
            + "]*|\\s*[\\r"
            + "\\n"
            + "]|\\s+(?!\\S)|\\s+",
        "[^\\r"
            + "\\n"
            + "\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\\r"
            + "\\n"
            + "\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}|"
            + " ?[^\\s\\p{L}\\p{N}]+[\\r"
            + "\\n"
            + "/]*|\\s*[\\r"
            + "\\n"
            + "]+|\\s+(?!\\S)|\\s+",
        "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r"
            + "\\n"
            + "\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r"
            + "\\n"
            + "]*|\\s*[\\r"
            + "\\n"
            + "]+|\\s+(?!\\S)|\\s+",
        " ?[^(\\s|[.,!?…。，、।۔،])]+",
        "(\\[[^\\]]+]|Br?|Cl?|N|O|S|P|F|I|\\(|\\)|\\.|=|#|\\%[0-9]{2}|[0-9])",
        "\\p{N}{1,3}(?=(?:\\p{N}{3})*(?:\\P{N}|$))",
        "(IMGIMG)((A|B|C|D|E|F|G|H|I){1,4})Z",
        "[\\p{Lu}\\p{M}&&[^\\p{Han}]]*[\\p{Ll}&&[^\\p{Han}]]+(?i:'s|'t)?",
        "\\s+$",
        " {2,}",
        "(?<=[a-z])(?=[A-Z])",
        "(?:a|b)+",
        "<sentinel:[0-9]+>"
      })
  void takesExpressionsOfPublishedTokenizers(String regex) {
    assertThat(bounds("pre_tokenizer", regex).encoded()).isBetween(600_000L, 4L << 20);
    assertThat(bounds("decoder", regex).decoded()).isBetween(600_000L, 4L << 20);
    assertThat(bounds("decoder", regex).encoded()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void stepsGrowWithTheTextsThatTheExpressionsSee() {
    assertThat(bounds("pre_tokenizer", "a+b+$").encoded()).isBetween(1000L, 4000L);
    String split = "'pre_tokenizer':{'pattern':{'Regex':'\\\\s+x'}}}";
    long plain = TextBounds.of(FILE, parsed("{" + split)).encoded();
    assertThat(plain).isEqualTo(4 << 20);
    assertThat(TextBounds.of(FILE, parsed("{'normalizer':{'type':'NFKC'}," + split)).encoded())
        .isBetween(400_000L, 450_000L);
    String sequence =
        "{'pre_tokenizer':{'type':'Sequence','pretokenizers':[{'type':'ByteLevel'},"
            + "{'pattern':{'Regex':'\\\\s+x'}}]}}";
    assertThat(TextBounds.of(FILE, parsed(sequence)).encoded()).isBetween(1_900_000L, 2_000_001L);
    String bytes = "{'pre_tokenizer':{'type':'ByteLevel','use_regex':";
    assertThat(TextBounds.of(FILE, parsed(bytes + "true}}")).encoded()).isEqualTo(4 << 20);
    assertThat(TextBounds.of(FILE, parsed(bytes + "false}}")).encoded()).isEqualTo(Long.MAX_VALUE);
    assertThat(TextBounds.of(FILE, parsed("{}")).within(128_000).encoded()).isEqualTo(1000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'normalizer':{'type':'Sequence','normalizers':[REPLACE,REPLACE,REPLACE]}}|902 characters"
            + " of one",
        "{'normalizer':{'normalizers':[SMALL,{'type':'Sequence','normalizers':[SMALL]}]}}|100"
            + " characters of one",
        "{'decoder':{'type':'Sequence','decoders':[SMALL,SMALL]}}|100 characters of one",
        "{'normalizer':{'type':'Prepend','prepend':'LONG'}}|puts 5000 characters",
        "{'normalizer':{'type':'Append','append':'LONG'}}|puts 5000 characters",
        "{'pre_tokenizer':{'pretokenizers':[BYTES,BYTES,BYTES,BYTES]}}|256 characters of one",
        "{'normalizer':{'pattern':{'Regex':'a*'},'content':'LONG'}}|5001 characters of one"
      })
  void refusesDefinitionsThatMultiplyTexts(String definition, String message) {
    String small =
        "{'type':'Replace','pattern':{'String':'aa'},'content':'" + "a".repeat(20) + "'}";
    String whole =
        definition
            .replace("SMALL", small)
            .replace("REPLACE", small.replace("'aa'", "'a'").replace("aaa", "a".repeat(150)))
            .replace("BYTES", "{'type':'ByteLevel'}")
            .replace("LONG", "x".repeat(5000));
    assertThatThrownBy(() -> TextBounds.of(FILE, parsed(whole)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(message);
  }

  @TempDir Path folder;

  private HfTokenizer load(String preTokenizer) throws IOException {
    String text =
        ("{'version':'1.0','truncation':null,'padding':null,'added_tokens':[],'normalizer':null,"
                + "'pre_tokenizer':PRE,'post_processor':null,'decoder':null,'model':{'type':'BPE',"
                + "'unk_token':'a','fuse_unk':true,'vocab':{'a':0,'b':1},'merges':[]}}")
            .replace('\'', '"')
            .replace("PRE", preTokenizer);
    return HfTokenizer.load(Files.writeString(folder.resolve("tokenizer.json"), text));
  }

  @Test
  void refusesPiecesOfNoLength() throws IOException {
    load("{\"type\":\"FixedLength\",\"length\":5}").close();
    for (String piece :
        new String[] {"{\"type\":\"FixedLength\",\"length\":0}", "{\"length\":0.0}"}) {
      String sequence = "{\"type\":\"Sequence\",\"pretokenizers\":[" + piece + "]}";
      for (String step : new String[] {piece, sequence}) {
        assertThatThrownBy(() -> load(step).close())
            .isInstanceOf(CheckpointException.class)
            .hasMessageContaining("pieces of 0 characters");
      }
    }
  }

  @Test
  void refusesTextsThatAreTooLong() throws IOException {
    ObjectNode split = JsonNodeFactory.instance.objectNode();
    split.put("type", "Split").put("behavior", "Isolated").put("invert", false);
    split.putObject("pattern").put("Regex", LLAMA_3);
    try (HfTokenizer tokenizer = load(JsonFiles.write(split))) {
      String fits = " ".repeat(3_900_000) + "a";
      assertThat(tokenizer.encode(fits).size()).isPositive();
      String tooLong = " ".repeat(11_000_000) + "a";
      assertThatThrownBy(() -> tokenizer.encode(tooLong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("but had 11000001; split the text");
      assertThatThrownBy(() -> tokenizer.encodeLiterally(tooLong)).hasMessageContaining("split");
      assertThatThrownBy(() -> tokenizer.encodePair("a", tooLong)).hasMessageContaining("split");
    }
  }
}

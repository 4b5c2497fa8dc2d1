package org.alignment4j.runtime.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.core.data.Dataset;
import org.alignment4j.core.data.Demonstrations;
import org.alignment4j.core.data.Documents;
import org.alignment4j.core.data.Preferences;
import org.alignment4j.core.data.Prompts;
import org.alignment4j.core.data.Rankings;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.core.data.StepLabelled;
import org.alignment4j.core.data.UnpairedLabels;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** JSON lines, JSON lists, CSV, TSV, plain text and gzip, read by every reader, in both modes. */
class DataFilesFuzzTest {

  private static final List<BiFunction<Path, ReadOptions, Dataset<?>>> READERS =
      List.of(
          Preferences::read,
          Rankings::read,
          Demonstrations::read,
          Prompts::read,
          UnpairedLabels::read,
          StepLabelled::read,
          Documents::read);

  private static final List<String> ROWS =
      List.of(
          "{'prompt':'Q é','chosen':'good 😀','rejected':'bad','margin':2.5,'annotator':'a'}",
          "{'prompt':[{'role':'user','content':'Q'}],'chosen':[{'role':'assistant','content':'a'}],"
              + "'rejected':[{'role':'assistant','content':'b'}],'chosen_votes':3,'rejected_votes':1}",
          "{'chosen':'\\n"
              + "\\n"
              + "Human: Hi\\n"
              + "\\n"
              + "Assistant: Yes.','rejected':'\\n"
              + "\\n"
              + "Human: Hi\\n"
              + "\\n"
              + "Assistant: No.'}",
          "{'input':'Q','output_1':'a','output_2':'b','label':1}",
          "{'history':'Q','human_ref_A':'a','human_ref_B':'b','labels':0}",
          "{'prompt':'Q','responses':['a','b','c'],'ranks':[2,0,2]}",
          "{'prompt':'Q','responses':[{'text':'a','score':1},{'text':'b','score':-2e-3}]}",
          "{'instruction':'Q','completions':[{'response':'a','overall_score':7.5},"
              + "{'response':'b','overall_score':3}]}",
          "{'prompt':'Q','completion':'a','label':true}",
          "{'messages':[{'role':'system','content':'s'},{'role':'user','content':'Q'},"
              + "{'role':'assistant','content':'A'}],'label':1}",
          "{'prompt':'Q','completions':['a','b','c'],'labels':[true,0.5,null]}",
          "{'input':'Q','steps':['x','y'],'mistake_index':1}",
          "{'question':{'problem':'Q'},'label':{'steps':[{'completions':[{'text':'a','rating':1}],"
              + "'human_completion':null,'chosen_completion':0}]}}",
          "{'text':'a document with \\u00e9scapes \\ud83d\\ude00'}");

  private static final String CSV =
      "prompt,chosen,rejected,margin\r\nQ,\"a, \"\"b\"\"\",c,1.5\r\n\"two\nlines\",d,e,-2\r\n";

  @TempDir Path folder;

  private static List<String> texts() {
    return ROWS.stream().map(row -> row.replace('\'', '"')).toList();
  }

  private static List<byte[]> valid(String name) {
    Stream<String> texts =
        switch (name) {
          case "a.csv" -> Stream.of(CSV, "text\nplain\n\"quoted\"\n");
          case "a.tsv" -> Stream.of(CSV.replace(',', '\t'));
          case "a.txt" -> Stream.of("one\n<|endoftext|>\ntwo é 😀\n\nmore\n<|endoftext|>\n");
          case "a.json" -> texts().stream().map(row -> "[" + row + ",\n " + row + "]");
          default -> texts().stream().map(row -> row + "\n" + row + "\n\n" + row);
        };
    return texts.map(text -> name.endsWith(".gz") ? gzip(text) : text.getBytes(UTF_8)).toList();
  }

  private static byte[] gzip(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * A file is read 14 times. Each time takes two buffers of 64 KiB for bytes and as many for
   * characters, more for CSV; a row is held as bytes, text, parsed and as an example, and repeated
   * in a message.
   */
  private Fuzzing fuzzing(String name) {
    return new Fuzzing(
        folder.resolve(name),
        valid(name),
        List.of(),
        16 << 20,
        name.endsWith(".gz") ? 200_000 : 1_200,
        20,
        DataFilesFuzzTest::readByAll);
  }

  /** The file is valid when a reader takes it; tolerant reading leaves out rows only. */
  private static void readByAll(Path file) {
    AlignmentException refusal = null;
    boolean read = false;
    for (BiFunction<Path, ReadOptions, Dataset<?>> reader : READERS) {
      int rows = -1;
      try {
        rows = reader.apply(file, ReadOptions.strict()).size();
        read = true;
      } catch (AlignmentException e) {
        refusal = e;
      }
      try {
        int tolerated = reader.apply(file, ReadOptions.tolerant()).size();
        assertThat(rows < 0 || tolerated == rows).as("the modes agree").isTrue();
      } catch (AlignmentException e) {
        assertThat(rows).as("rows of strict reading where tolerant refuses").isNegative();
      }
    }
    if (!read && refusal != null) {
      throw refusal;
    }
  }

  private static void check(Fuzzing.Outcome outcome) {
    assertThat(outcome.loaded()).as("inputs that were still valid").isPositive();
    assertThat(outcome.refused()).as("inputs that were refused").isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.jsonl", "a.json", "a.csv", "a.tsv", "a.txt", "a.jsonl.gz"})
  void hundreds(String name) {
    check(fuzzing(name).few());
  }

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(strings = {"a.jsonl", "a.json", "a.csv", "a.tsv", "a.txt", "a.jsonl.gz"})
  void hundredThousands(String name) {
    check(fuzzing(name).many());
  }
}
